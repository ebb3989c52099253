"""Values as JSON documents: only what every reader, chat and later version can take is let in.

A default is left out of a dataclass's document, so that a document stays small and a field that a
later version adds needs no migration (a default that changes does: see `bot/store/schema.py`).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from bot.errors import StoreError

LONGEST = 256 * 1024  # bytes of a document
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_Text = Callable[[str], str]
_AS_IS = frozenset({str, bool, int, type(None), datetime, date, timedelta})  # all that most hold


def encode(value: object) -> bytes:
    """Return a dataclass or mapping as a JSON object; lone surrogates are replaced.

    Raises StoreError for what is no such object: NaN, keys that are no strings, types that JSON
    does not have, or more than LONGEST bytes.
    """
    try:
        data = _written(value)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise StoreError(f"A {type(value).__name__} cannot be stored: {error}.") from error
    if len(data) > LONGEST:
        raise StoreError(
            f"A {type(value).__name__} of {len(data)} bytes cannot be stored; {LONGEST} may be."
        )
    return data


def decode(data: bytes) -> dict[str, Any]:
    """Return a document anew; nobody can change the store through it."""
    return _decode(data)


def _written(value: object) -> bytes:
    try:
        return _encode(_plain(value, str))
    except UnicodeEncodeError:
        return _encode(_plain(value, _mended))


def _mended(text: str) -> str:
    """Replace lone surrogates, which no chat service would take either."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(value: Any, text: _Text) -> Any:
    if text is str and value.__class__ in _AS_IS:
        return value
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | date() | timedelta():
            return value
        case str():
            return text(value)
        case float():
            return _finite(value)
        case _:
            return _made_of(value, text)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number that JSON has")
    return value


def _lean(value: Any, text: _Text) -> dict[str, Any]:
    names, defaults, read = _shape(value.__class__)
    held = zip(names, read(value), defaults, strict=True)
    return {name: _plain(each, text) for name, each, default in held if each != default}


@cache
def _shape(kind: Any) -> tuple[tuple[str, ...], tuple[Any, ...], Callable[[Any], tuple[Any, ...]]]:
    """Return the names of a dataclass's fields, their defaults, and what reads all of them."""
    names = tuple(field.name for field in fields(kind))
    read = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
    return names, tuple(map(_default, fields(kind))), read


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _made_of(value: Any, text: _Text) -> Any:
    match value:
        case _ if is_dataclass(value):
            return _lean(value, text)
        case Mapping():
            return {_name(name, text): _plain(each, text) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each, text) for each in value]
        case set() | frozenset():  # sorted: equal values make equal documents
            return sorted(_plain(each, text) for each in value)
        case _:
            raise TypeError(f"{type(value).__name__} is no type that JSON has")


def _name(name: object, text: _Text) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the key {name!r} is no string")
    return text(name)
