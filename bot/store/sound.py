"""Whether a value from outside is one that the bot could have written: it is to live with it."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta

from msgspec import Struct

from bot.errors import UsageError
from bot.model import Chat, ChatId, Row, Story, Subscription
from bot.query import parse

_YEARS = range(1900, 9001)  # further out, adding hours would fail
_HASTE = timedelta(minutes=1)


def check(value: object) -> None:
    """Raise UsageError, in words, for a value that would break who reads it."""
    for when in _times(value):
        if when.tzinfo is None or when.year not in _YEARS:
            raise UsageError(
                f"{when.isoformat()} is no time with its zone, such as 2026-01-31T08:00Z"
            )
    match value:
        case Chat():
            _check_id(value.id, value.platform, value.account, value.room)
        case Subscription():
            _check_id(value.chat)
            parse(value.query)
        case Row() if value.every < _HASTE:
            raise UsageError(f"{value.name} may not be asked more often than once a minute")
        case Story() if not value.reports:
            raise UsageError("a story needs a report")


def _check_id(chat: ChatId, *named: str) -> None:
    parts = tuple(chat.split(":"))
    if len(parts) < 3 or not parts[0] or not parts[2] or parts[: len(named)] != named:
        raise UsageError(f'"{chat}" is no chat as "platform:account:room"')


def _times(value: object) -> Iterator[datetime]:
    if isinstance(value, datetime):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _times(getattr(value, field.name))
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _times(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _times(each)
