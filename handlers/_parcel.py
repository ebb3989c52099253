"""The text block that carries a chat's subscriptions and settings to another platform. Pure.

    exportwire:1 +zone=Asia/Tokyo; rare-earth; gallium -price +delivery=daily; :end

Entries stand between semicolons, so that a block survives being pasted on one line or on several.
Behind an entry stand its settings, those of the chat behind the first word. A setting that a later
version adds to `Chat` or `Subscription` is carried as soon as it is there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from bot import schedules
from bot.clean import clean
from bot.errors import UsageError
from bot.language import tr
from bot.model import Chat, Subscription

LONGEST = 6_000  # characters of a block that is taken
PART = 2_400  # characters of the entries of a block that is written: one message anywhere
WIDTH = 800  # characters of one line
_HEAD, _END = "exportwire:", ":end"
_VERSION = "1"
_PLACE = frozenset(
    {"id", "platform", "account", "room", "thread", "title", "active", "paused", "muted"}
)
_ORIGIN = frozenset({"chat", "query", "created", "by"})
_SETTING = re.compile(r"\s\+([a-z_]+)=(\S*)")
_BARE = re.compile(r'[^\s;"\\]+')
_ESCAPED = {" ": "\\u0020", ";": "\\u003b"}
Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A wish as a block names it: words as typed, and its settings."""

    words: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a block holds; `strange` are settings that were not understood, as written."""

    settings: Settings
    entries: tuple[Entry, ...]
    strange: tuple[str, ...] = ()


def parts(chat: Chat, wishes: Iterable[Subscription]) -> list[tuple[str, ...]]:
    """Return as many blocks as are needed, each as lines; each can be taken by itself."""
    head = f"{_HEAD}{_VERSION}{_written(chat, _PLACE)};"
    entries = [f"{wish.query}{_written(wish, _ORIGIN)};" for wish in wishes]
    packed = _packed(entries, PART) or [[]]
    return [tuple(map(" ".join, _packed([head, *some, _END], WIDTH))) for some in packed]


def _packed(texts: Iterable[str], longest: int) -> list[list[str]]:
    """Return texts in order, in groups that are not longer than `longest` if they need not be."""
    groups: list[list[str]] = []
    room = 0
    for text in texts:
        room -= len(text) + 1
        if room < 0 or not groups:
            groups.append([])
            room = longest - len(text) - 1
        groups[-1].append(text)
    return groups


def _written(value: Chat | Subscription, fixed: frozenset[str]) -> str:
    """Return the settings of a value that are not the usual ones."""
    kept = ((f.name, getattr(value, f.name)) for f in fields(value) if f.name not in fixed)
    usual = {f.name: f.default for f in fields(value) if f.default is not MISSING}
    return "".join(f" +{name}={_text(told)}" for name, told in kept if told != usual.get(name))


def _text(told: object) -> str:
    """Return a setting as text without blanks and semicolons."""
    if isinstance(told, str) and _BARE.fullmatch(told):
        return str(told)
    encoded = msgspec.json.encode(told).decode()
    return "".join(_ESCAPED.get(letter, letter) for letter in encoded)


def read(text: str) -> Parcel:
    """Return what a block holds, whatever stands before and behind it. Raises UsageError."""
    if len(text) > LONGEST:
        raise UsageError(
            tr(
                "That is too long: a block of /export has at most {most} characters. "
                "Nothing was imported.",
                most=LONGEST,
            )
        )
    head, *entries = (clean(part, LONGEST) for part in _inside(text).split(";"))
    _version, settings, strange = _setting_apart(head, Chat, _PLACE)
    read_ = [_setting_apart(entry, Subscription, _ORIGIN) for entry in entries if entry]
    return Parcel(
        settings,
        tuple(Entry(words, told) for words, told, _ in read_),
        (*strange, *(name for _, _, odd in read_ for name in odd)),
    )


def _inside(text: str) -> str:
    """Return what stands between the marks, the version first."""
    _, begun, rest = text.partition(_HEAD)
    if not begun:
        raise UsageError(
            tr(
                "That is not a block of /export: it begins with exportwire:1 and ends with :end. "
                "Type /export in the other chat and paste its whole answer behind /import."
            )
        )
    inside, ended, _ = rest.partition(_END)
    if not ended:
        raise UsageError(
            tr("That block was cut: its :end is missing. Nothing was imported; paste it whole.")
        )
    if not re.match(rf"{_VERSION}(?!\d)", inside):
        raise UsageError(
            tr("That block was written by another version of the bot. Nothing was imported.")
        )
    return inside


def _setting_apart(
    text: str, kind: type[Chat | Subscription], fixed: frozenset[str]
) -> tuple[str, Settings, tuple[str, ...]]:
    """Return the words of an entry, its settings, and those that mean nothing here."""
    found: dict[str, Any] = {}
    strange: list[str] = []
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name not in fixed}
    for name, written in _SETTING.findall(text):
        try:
            found[name] = _value(name, written, hints[name])
        except (KeyError, msgspec.DecodeError, ZoneInfoNotFoundError, ValueError, UsageError):
            strange.append(f"{name}={written}")
    return _SETTING.sub("", text).strip(), found, tuple(strange)


def _value(name: str, written: str, hint: Any) -> Any:
    bare = hint is str and not written.startswith('"')
    value = written if bare else msgspec.json.decode(written, type=hint)
    if name == "zone":
        ZoneInfo(value)
    if name == "delivery":
        return schedules.schedule(value)
    return schedules.quiet_hours(value, "UTC") if name == "quiet" else value


def shown(settings: Settings) -> Iterator[str]:
    """Yield settings as a person reads them."""
    yield from (f"{name} {_text(value)}" for name, value in settings.items())
