"""What to do with a delivery whose turn has come: call the platform, or settle it without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot import digest, outbox, timetable
from bot.dispatch import holding
from bot.dispatch.lanes import Lanes
from bot.model import Changes, Chat, Delivery, Kind, State, StoryId, Subscription
from bot.outbox import Rules
from bot.pace import Call, Method
from bot.ports import Platform, Store

_SOON = timedelta(seconds=1)
_AFTER = timedelta(seconds=5)  # between looks whether a digest has arrived
_EDITED = timedelta(seconds=30)  # the same for an edit, which nobody waits for

_THREADED = frozenset({Kind.ALERT, Kind.UPDATE, Kind.EDIT})


class Chance(Protocol):
    """A source of chance."""

    def random(self) -> float:
        """Return a number in [0, 1)."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A call to make for a delivery; `under` is the receipt of the alert that it belongs to."""

    call: Call
    delivery: Delivery
    under: str = ""


@dataclass(frozen=True, slots=True)
class Settle:
    """What is decided without a call."""

    delivery: Delivery
    changes: Changes


@dataclass(frozen=True, slots=True)
class Forget:
    """Somebody else settled or removed it."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Wait:
    """It is as it should be, and taken before its time."""

    delivery: Delivery
    until: datetime


Step = Contact | Settle | Forget | Wait


@dataclass(frozen=True, slots=True)
class Desk:
    """What a step is decided with."""

    store: Store
    platforms: Mapping[str, Platform]
    lanes: Lanes
    rules: Rules
    chance: Chance

    def lag(self, delivery: Delivery) -> timedelta | None:
        """Return how late a look-up may be, None where a delivery cannot be looked up."""
        platform = self.platforms.get(delivery.chat.partition(":")[0])
        return None if platform is None or delivery.kind is Kind.EDIT else platform.pace.lookup

    def wishes(self, delivery: Delivery) -> Sequence[Subscription]:
        """Return the subscriptions of its chat, where it is owed to any."""
        return self.store.subscriptions(delivery.chat) if delivery.wishes else ()


def step_of(taken: Delivery, desk: Desk, now: datetime) -> Step:
    """Decide on a delivery that was taken from its lane, as the store holds it now."""
    delivery = desk.store.delivery(taken.id)
    if delivery is None or delivery.state in outbox.ENDS or delivery.chat != taken.chat:
        return Forget(taken)
    chat = desk.store.chat(delivery.chat)
    if chat is None or not chat.active:
        return _end(outbox.cancel(delivery, "the chat is closed to us or was forgotten"))
    if delivery.state is State.SENDING:  # in flight no more, or its lane were busy
        return _end(outbox.ambiguous(delivery, "settling it failed", now, desk.lag(delivery)))
    if delivery.state is State.AMBIGUOUS:
        return _resolve(delivery, chat, desk, now)
    return _pending(delivery, chat, desk, now)


def _pending(delivery: Delivery, chat: Chat, desk: Desk, now: datetime) -> Step:
    wishes = desk.wishes(delivery)
    if why := timetable.unwanted(delivery, chat, wishes):
        return _end(outbox.cancel(delivery, why))
    if changed := _overtaken(delivery, chat, desk, wishes, now):
        return changed
    if held := timetable.hold(delivery, chat, wishes, now):
        after = outbox.hold(delivery, held.until, held.why)
        return Wait(delivery, held.until) if after == delivery else _end(after)
    if delivery.late or outbox.is_spent(delivery, now, desk.rules):
        return _too_late(delivery, chat, desk, now)
    return _call(delivery, chat, desk, now)


def _overtaken(
    delivery: Delivery, chat: Chat, desk: Desk, wishes: Sequence[Subscription], now: datetime
) -> Step | None:
    changed = holding.overtaken(delivery, chat, desk, wishes, now)
    if changed and delivery.kind is Kind.EDIT and desk.lanes.is_busy(chat.id):
        return Wait(delivery, now + _SOON)  # what is in flight may yet move the chat's rows
    return _end(*changed) if changed else None


def _end(*deliveries: Delivery) -> Settle:
    return Settle(deliveries[0], Changes(deliveries=deliveries))


def _resolve(delivery: Delivery, chat: Chat, desk: Desk, now: datetime) -> Step:
    if desk.lag(delivery) is not None:
        return Contact(Call(chat, Method.FIND), delivery, _under(delivery, desk))
    return _end(repeated(delivery, chat, desk, now))


def repeated(delivery: Delivery, chat: Chat, desk: Desk, now: datetime) -> Delivery:
    """Return an ambiguous delivery that nothing more can be learnt about."""
    chance = desk.chance.random()
    return outbox.repeat(delivery, now, chance, allowed=chat.repeat, rules=desk.rules)


def _too_late(delivery: Delivery, chat: Chat, desk: Desk, now: datetime) -> Step:
    if delivery.kind in outbox.LONE:
        return _end(outbox.rejected(delivery, f"the {delivery.kind} could not be sent for days"))
    if delivery.kind is Kind.EDIT:
        return _end(outbox.expire(delivery, "too late to matter"))
    stored = (desk.store.delivery(d.id) for d in desk.lanes.of(chat.id))
    waiting = [d for d in stored if d and d.chat == chat.id]
    told = holding.complete([d for d in waiting if _joins(d, chat, desk, now)], waiting)
    if delivery not in told:
        return Wait(delivery, now + _AFTER)  # its alert is on its way
    expired, digests = digest.gathered(told, chat, desk.store.story, now, "told in a digest")
    return Settle(delivery, Changes(deliveries=(*expired, *digests)))


def _joins(delivery: Delivery, chat: Chat, desk: Desk, now: datetime) -> bool:
    if delivery.state is not State.PENDING or delivery.kind in outbox.LONE:
        return False
    due = delivery.late and delivery.not_before <= now + digest.QUIET
    if not due and not outbox.is_spent(delivery, now, desk.rules):
        return False
    wishes = desk.wishes(delivery)
    held = timetable.hold(delivery, chat, wishes, now)
    return held is None and not timetable.unwanted(delivery, chat, wishes)


def _call(delivery: Delivery, chat: Chat, desk: Desk, now: datetime) -> Step:
    if delivery.first_try is None and (first := holding.follows(delivery, desk)):
        if delivery.kind is Kind.EDIT or outbox.is_planned(delivery):  # it is in nobody's way
            after = _EDITED if delivery.kind is Kind.EDIT else _AFTER
            return Wait(delivery, max(first.not_before, now + after))
        return _end(outbox.postpone(delivery, now, _AFTER))
    under = _under(delivery, desk)
    if delivery.kind is not Kind.EDIT:
        return Contact(Call(chat), holding.current(delivery, chat, desk), under)
    if not under or _is_superseded(delivery, desk):
        why = "a newer edit follows" if under else "its alert never arrived by itself"
        return _end(outbox.cancel(delivery, why))
    return Contact(Call(chat, Method.EDIT), delivery, under)


def _is_superseded(edit: Delivery, desk: Desk) -> bool:
    """Whether a newer edit of the same alert was made, or is to be."""
    told = desk.store.told(edit.chat, edit.story) if edit.story else ()
    newer = (d.state for d in told if d.kind is Kind.EDIT and d.revision > edit.revision)
    return any(state is State.SENT or state not in outbox.ENDS for state in newer)


def _under(delivery: Delivery, desk: Desk) -> str:
    """Return the receipt of what a delivery is told below, "" where it stands alone."""
    about = delivery.below if delivery.kind is Kind.ALERT else delivery.story
    return _receipt(delivery, about, desk) if delivery.kind in _THREADED else ""


def _receipt(delivery: Delivery, story: StoryId | None, desk: Desk) -> str:
    """Return the name of the alert that a chat has of a story, "" where it has none."""
    if story is None:
        return ""
    told = desk.store.told(delivery.chat, story)
    sent = (d for d in told if d.kind is Kind.ALERT and d.state is State.SENT)
    return next((d.receipt for d in sent), "")
