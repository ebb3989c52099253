"""What a call came to: the platform's answer as the delivery's next state, and what must rest."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import outbox
from bot.dispatch import rekey
from bot.dispatch.accounts import Account
from bot.dispatch.steps import Contact, Desk, repeated
from bot.errors import (
    AccountError,
    AmbiguousError,
    ChatGoneError,
    ChatMovedError,
    RejectedError,
    SendError,
    TryLaterError,
)
from bot.model import Changes, Delivery, State
from bot.pace import Method, Paces

log = logging.getLogger("exportwire.dispatch")


@dataclass(frozen=True, slots=True)
class Clocks:
    """Now on the wall, and now on a clock that never goes back."""

    now: datetime
    steady: datetime


async def asked(contact: Contact, desk: Desk) -> str | None:
    """Make a call within the deadline; return its receipt. Raises SendError, and nothing else."""
    try:
        async with asyncio.timeout(desk.rules.deadline.total_seconds()):
            return await _call(contact, desk)
    except SendError:
        raise
    except TimeoutError as error:
        raise AmbiguousError("no answer within the deadline") from error
    except Exception as error:
        log.exception("a platform failed", extra={"chat": contact.delivery.chat})
        raise AmbiguousError(f"unexpected {type(error).__name__}") from error


async def _call(contact: Contact, desk: Desk) -> str | None:
    chat, delivery = contact.call.chat, contact.delivery
    platform = desk.platforms[chat.platform]
    match contact.call.method:
        case Method.FIND:
            return await platform.find(chat, delivery, reply_to=contact.under)
        case Method.EDIT:
            await platform.edit(chat, contact.under, delivery.message)
            return contact.under
        case Method.SEND:
            return await platform.send(chat, delivery, reply_to=contact.under)


def answered(contact: Contact, receipt: str | None, desk: Desk, at: Clocks) -> Changes:
    """Return what a proper answer makes of a delivery."""
    lag = desk.lag(contact.delivery)
    if receipt is None and lag is not None:
        after = outbox.not_found(contact.delivery, at.now, lag)
    else:
        after = outbox.sent(contact.delivery, receipt or "", at.now)
    return Changes(deliveries=(after,))


def failed(contact: Contact, error: SendError, desk: Desk, at: Clocks) -> Changes:
    """Return what a failure makes of a delivery, and of its chat."""
    delivery, chat = contact.delivery, contact.call.chat
    match error:
        case ChatGoneError():
            return rekey.closed(desk.store, chat, delivery, str(error))
        case ChatMovedError():
            back = _back(delivery, at.now, str(error))
            return rekey.moved(desk.store, chat, error.room, back, at.now)
        case _:
            after = _not_found_out if delivery.state is State.AMBIGUOUS else _not_sent
            return Changes(deliveries=(after(contact, error, desk, at.now),))


def _not_sent(contact: Contact, error: SendError, desk: Desk, now: datetime) -> Delivery:
    delivery = contact.delivery
    match error:
        case TryLaterError():
            return outbox.later(delivery, error, now, desk.chance.random(), desk.rules)
        case RejectedError():
            return outbox.rejected(delivery, str(error))
        case AccountError():
            return _back(delivery, now, str(error))
        case _:
            lag = desk.lag(delivery)
            after = outbox.ambiguous(delivery, str(error), now, lag)
            return after if lag is not None else repeated(after, contact.call.chat, desk, now)


def _not_found_out(contact: Contact, error: SendError, desk: Desk, now: datetime) -> Delivery:
    """Return a delivery whose look-up failed: ask later; where none is possible, do without."""
    delivery = contact.delivery
    hopeless = isinstance(error, RejectedError | AccountError)  # such as a right we do not have
    if hopeless or outbox.is_spent(delivery, now, desk.rules):
        return repeated(delivery, contact.call.chat, desk, now)
    named = error.wait if isinstance(error, TryLaterError) else None
    return outbox.postpone(delivery, now, named or timedelta(seconds=30))


def unsent(contact: Contact, now: datetime) -> Changes:
    """Return a delivery whose call never left as it was before."""
    return Changes(deliveries=(_back(contact.delivery, now, ""),))


def _back(delivery: Delivery, now: datetime, reason: str) -> Delivery:
    if delivery.state is State.AMBIGUOUS:
        return outbox.postpone(delivery, now, timedelta())
    return outbox.release(delivery, now, reason)


def rest(contact: Contact, error: SendError, account: Account, paces: Paces, at: Clocks) -> bool:
    """Let rest what a failure speaks of; return whether the account is newly shut out."""
    match error:
        case AccountError() if contact.call.method is not Method.FIND:
            return account.shut_out(at.steady)
        case TryLaterError() if error.told:
            wait = min(error.wait or timedelta(seconds=1), outbox.USUAL.longest_wait)
            paces.pause(contact.call, error.scope, at.steady + wait)
        case TryLaterError() | AmbiguousError():
            whole = isinstance(error, TryLaterError) and error.scope != "chat"
            account.failed(contact.call.room, at.steady, whole=whole)
        case _:
            account.answered()
    return False


def notice(contact: Contact, text: str, now: datetime) -> str:
    """Return what the operator reads of an account that is shut out."""
    name = ":".join(filter(None, contact.call.account))
    return f"{name} refuses us since {now:%H:%M} UTC: {text}. Nothing is lost; sending waits."
