"""What an error of Telegram's means for a delivery: the whole knowledge of its failures.

Order matters: in python-telegram-bot `BadRequest` and `TimedOut` are kinds of `NetworkError`.
"""

from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from telegram import error as tg

from bot.clean import clean
from bot.errors import (
    AccountError,
    AmbiguousError,
    ChatGoneError,
    ChatMovedError,
    RejectedError,
    SendError,
    TryLaterError,
)
from bot.log import Redact
from bot.platforms.telegram.client import HasteError

REFUSED = (
    "Telegram refuses the token: check TELEGRAM_TOKEN (and TELEGRAM_API_URL, where it is set), "
    "then start again"
)
_GONE = (
    "chat not found",
    "bot was kicked",
    "bot is not a member",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "peer_id_invalid",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
    "group is deactivated",
    "group chat was deleted",
    "user is deactivated",
    "chat_write_forbidden",
    "chat_restricted",
)
_MARKUP = ("parse entities", "unsupported start tag", "entity_", "find end of the entity")
_UNSENT = frozenset(
    {
        "ConnectError",
        "ConnectTimeout",
        "PoolTimeout",
        "ProxyError",
        "UnsupportedProtocol",
        "InvalidURL",
        "RuntimeError",  # the client was closed
    }
)  # by name, because only the library below us speaks HTTP
_REDACT = Redact()
T = TypeVar("T")


class MarkupError(RejectedError):
    """The markup was refused; the text alone may still be taken."""


class UnchangedError(RejectedError):
    """An edit that changes nothing."""


async def asked(request: Awaitable[T]) -> T:
    """Return what Telegram answers to a request. Raises SendError, and nothing else."""
    try:
        return await request
    except Exception as error:  # noqa: BLE001  # an answer of a wrong shape fails anywhere
        raise meaning(error) from None  # its text may hold the token


def meaning(error: Exception) -> SendError:
    """Return what `error` means. The text never holds the token, which the library's may."""
    match error:
        case HasteError():
            return _waiting(error.wait)
        case tg.ChatMigrated():
            return ChatMovedError("the group became a supergroup", str(error.new_chat_id))
        case tg.BadRequest():
            return _bad_request(told(error))
        case tg.InvalidToken() | tg.Forbidden() | tg.Conflict():
            return _shut(error)
        case tg.NetworkError():
            return _network(error)
        case _:
            return AmbiguousError(f"an answer that makes no sense ({type(error).__name__})")


def _shut(error: tg.TelegramError) -> SendError:
    if isinstance(error, tg.InvalidToken):
        return AccountError(REFUSED)
    if isinstance(error, tg.Forbidden):
        return ChatGoneError("the bot was blocked or removed")
    return TryLaterError("another process uses this token: stop it", scope="account")


def told(error: tg.TelegramError) -> str:
    """Return the service's own words, bounded, without secrets."""
    return told_of(error.message)


def told_of(text: str) -> str:
    """Return words of the service, bounded, without secrets."""
    return _REDACT.text(clean(text, 200))


def _waiting(wait: float | None) -> SendError:
    if wait is None:
        return TryLaterError("Telegram is busy", scope="account")
    return TryLaterError(f"Telegram asks to wait {wait:.0f} s", timedelta(seconds=wait), told=True)


def _bad_request(text: str) -> SendError:
    words = text.casefold()
    if any(sign in words for sign in _GONE):
        return ChatGoneError(text)
    if "message is not modified" in words:
        return UnchangedError(text)
    return MarkupError(text) if any(sign in words for sign in _MARKUP) else RejectedError(text)


def _network(error: tg.NetworkError) -> SendError:
    cause = type(error.__cause__).__name__
    if cause in _UNSENT:
        return TryLaterError("Telegram cannot be reached", scope="account")
    return AmbiguousError(f"no answer from Telegram ({cause if error.__cause__ else told(error)})")
