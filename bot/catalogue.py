"""The catalogue of sources: `[[source]]` tables as rows, every mistake in them told at once."""

import codecs
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.errors import SettingsError
from bot.model import Row, Tier
from sources import KINDS, option

_SPAN = re.compile(r"(\d{1,6}) ?(s|m|h|d)")
_SIZES = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))
_NEEDED = ("name", "kind", "url")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_HOURS = re.compile(r"([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d")
_NAME_LIMIT = 80
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
"""Headers that the fetcher alone decides on."""


def load(text: str, origin: str) -> tuple[Row, ...]:
    """Return the rows of a catalogue, in their order.

    `origin` names it in messages. Raises SettingsError with every mistake, by row and key.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{origin} is not TOML: {error}") from error
    tables = document.pop("source", [])
    mistakes = [f'"{key}" is not known; rows are [[source]] tables' for key in document]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(f"{origin}: write each source as a [[source]] table")
    rows = [_row(table, number, mistakes) for number, table in enumerate(tables, 1)]
    mistakes += _repeated(tables)
    if mistakes:
        raise SettingsError("\n".join((f"{origin} has mistakes:", *(f"  {m}" for m in mistakes))))
    return tuple(row for row in rows if row)


def span(value: object) -> timedelta:
    """Return a span such as "15m", "2h" or "1d". Raises ValueError."""
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if not found or not int(found[1]):
        raise ValueError('a span such as "15m", "2h" or "1d"')
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def written(row: Row) -> str:
    """Return a row as a `[[source]]` table, without the keys that say what is so anyway."""
    least = Row(name=row.name, kind=row.kind, url=row.url)
    keys = [
        name for name in _FIELDS if name in _NEEDED or getattr(row, name) != getattr(least, name)
    ]
    pairs = {name: getattr(row, name) for name in keys} | dict(row.options)
    lines = (f"{name} = {_toml(value)}" for name, value in pairs.items())
    return "\n".join(("[[source]]", *lines, ""))


def _toml(value: object) -> str:
    """Return a value as TOML. JSON's strings, numbers and booleans are TOML's, too."""
    match value:
        case timedelta():
            seconds = int(value.total_seconds())
            size, unit = next(pair for pair in _SIZES if seconds % pair[0] == 0)
            return f'"{seconds // size}{unit}"'
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case Mapping():
            return f"{{ {', '.join(f'{key} = {_toml(one)}' for key, one in value.items())} }}"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _row(table: Mapping[str, object], number: int, mistakes: list[str]) -> Row | None:
    """Return the row of a table, or None and what is wrong with it in `mistakes`."""
    name = table.get("name")
    who = name if isinstance(name, str) and name else f"source number {number}"
    found: list[str] = [f"{key} is missing" for key in _NEEDED if key not in table]
    kind = KINDS.get(str(table.get("kind", "")))
    if "kind" in table and kind is None:
        found.append(f"kind must be one of {', '.join(KINDS)}")
    options = kind.options if kind else {}
    found += [f"{key} is missing" for key in sorted(kind.needed - set(table))] if kind else []
    found += [f'"{key}" is not known' for key in table if kind and key not in {*_FIELDS, *options}]
    fields = _read({k: v for k, v in table.items() if k in _FIELDS}, _FIELDS, found)
    own = _read({k: v for k, v in table.items() if k in options}, options, found)
    mistakes += [f"{who}: {mistake}" for mistake in found]
    return None if found else Row(**fields, options=own)  # type: ignore[arg-type]  # each checked


def _read(
    table: Mapping[str, object], checks: Mapping[str, option.Check], found: list[str]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for key, value in table.items():
        try:
            values[key] = checks[key](value)
        except ValueError as error:
            found.append(f"{key} must be {error}")
    return values


def _repeated(tables: list[Mapping[str, object]]) -> list[str]:
    names = [str(table.get("name", "")) for table in tables]
    twice = {name for name in names if name and names.count(name) > 1}
    return [f"{name}: the name is used more than once" for name in sorted(twice)]


def _name(value: object) -> str:
    if isinstance(value, str) and 0 < len(value.strip()) <= _NAME_LIMIT and value.isprintable():
        return value.strip()
    raise ValueError(f"one line of at most {_NAME_LIMIT} characters")


def _url(value: object) -> str:
    """Accept an http(s) address. Its text is not repeated: it may hold a key."""
    try:
        parts = urlsplit(option.text(value))
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"\s", str(value)):
        raise ValueError("an address such as https://example.org/feed.xml")
    return str(value)


def _proxy(value: object) -> str:
    if urlsplit(option.text(value)).scheme in {"http", "https", "socks5", "socks5h"}:
        return str(value)
    raise ValueError("a proxy's address such as http://proxy.example:3128")


def _matching(pattern: str, example: str) -> option.Check:
    def check(value: object) -> str:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        raise ValueError(example)

    return check


def _zone(value: object) -> str:
    try:
        return ZoneInfo(option.text(value)).key
    except (ValueError, OSError, KeyError) as error:
        raise ValueError('an IANA zone such as "Asia/Shanghai"') from error


def _charsets(value: object) -> tuple[str, ...]:
    try:
        return tuple(codecs.lookup(name).name for name in option.texts(value))
    except (LookupError, ValueError) as error:
        raise ValueError('a list of charsets such as ["gb18030"]') from error


def _headers(value: object) -> Mapping[str, str]:
    """Accept names and values that stay inside one line of a request."""
    if not isinstance(value, dict):
        raise ValueError('a table such as { Referer = "https://example.org/" }')  # noqa: TRY004 - one kind
    for name, content in value.items():
        if not re.fullmatch(r"[\w-]+", name) or name.lower() in _OURS:
            raise ValueError(f'without the header "{name[:40]}", which is not a row\'s to set')
        if not isinstance(content, str) or not content.isprintable() or not content.isascii():
            raise ValueError(f'of plain texts; "{name[:40]}" is not one')
    return value


def _tier(value: object) -> Tier:
    try:
        return Tier(str(value))
    except ValueError as error:
        raise ValueError(f"one of {', '.join(Tier)}") from error


def _hosts(value: object) -> tuple[str, ...]:
    hosts = option.texts(value)
    if all(re.fullmatch(r"[a-z0-9.-]+", host) for host in hosts):
        return hosts
    raise ValueError('a list of hosts such as ["www.example.org"]')


def _maybe(check: Callable[[object], object]) -> option.Check:
    """Return a check that also accepts an empty text, for a key that says "none"."""
    return lambda value: value if value == "" else check(value)


_FIELDS: Mapping[str, option.Check] = {
    "name": _name,
    "kind": option.text,
    "url": _url,
    "label": _maybe(_name),
    "tier": _tier,
    "country": _maybe(_matching(r"[A-Z]{2}", 'two capitals such as "CN" or "EU"')),
    "lang": _maybe(_matching(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", 'a language such as "en" or "zh"')),
    "zone": _zone,
    "every": span,
    "hours": _maybe(_matching(_HOURS.pattern, 'hours such as "05:00-20:00"')),
    "cadence": span,
    "enabled": option.flag,
    "why_off": _maybe(option.text),
    "quote": option.flag,
    "full_text": option.flag,
    "hosts": _hosts,
    "charsets": _charsets,
    "headers": _headers,
    "proxy": _maybe(_proxy),
    "ca": _maybe(option.text),
    "spacing": span,
}
