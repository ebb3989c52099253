"""What an error of Telegram's means for a delivery: the whole knowledge of its failures.

Order matters: in python-telegram-bot `BadRequest` and `TimedOut` are kinds of `NetworkError`.
"""

from datetime import timedelta

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
_BODY = ". Parsing the server response"  # what follows is whatever a broken proxy sent
_REDACT = Redact()


class MarkupError(RejectedError):
    """The markup was refused; the text alone may still be taken."""


class UnchangedError(RejectedError):
    """An edit that changes nothing."""


def meaning(error: Exception) -> SendError:
    """Return what `error` means. The text never holds the token, which the library's may."""
    match error:
        case tg.RetryAfter():
            return _told(error.retry_after)
        case tg.ChatMigrated():
            return ChatMovedError("the group became a supergroup", str(error.new_chat_id))
        case tg.BadRequest():
            return _bad_request(told(error))
        case tg.InvalidToken() | tg.Forbidden() | tg.Conflict():
            return _shut(error)
        case tg.NetworkError():
            return _network(error)
        case _:
            return AmbiguousError(f"unexpected {type(error).__name__} from Telegram")


def _shut(error: tg.TelegramError) -> SendError:
    if isinstance(error, tg.InvalidToken):
        return AccountError(REFUSED)
    if isinstance(error, tg.Forbidden):
        return ChatGoneError("the bot was blocked or removed")
    return TryLaterError("another process uses this token: stop it", scope="account")


def told(error: tg.TelegramError) -> str:
    """Return the service's own words, bounded, without secrets."""
    return _REDACT.text(clean(error.message.partition(_BODY)[0], 200))


def _told(wait: "int | timedelta") -> SendError:
    span = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
    text = f"Telegram asks to wait {span.total_seconds():.0f} s"
    return TryLaterError(text, span, told=True)


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
    if error.message.startswith("Too Many Requests"):  # without saying for how long
        return TryLaterError("Telegram is busy", scope="account")
    return AmbiguousError(f"no answer from Telegram ({cause if error.__cause__ else told(error)})")
