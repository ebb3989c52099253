"""Values as JSON documents: only what every reader, chat and later version can take is let in.

A default is left out of a dataclass's document, so that a document stays small and a field that a
later version adds needs no migration (a default that changes does: see `bot/store/schema.py`).
"""

import math
from collections.abc import Callable, Iterable, Mapping
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
    plain = value if isinstance(value, msgspec.Struct) else _plain(value)
    try:
        return _encode(plain)
    except UnicodeEncodeError:
        return _encode(_mended(msgspec.to_builtins(plain)))


def _mended(plain: Any) -> Any:
    """Replace lone surrogates, which no chat service would take either."""
    match plain:
        case str():
            return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {_mended(name): _mended(each) for name, each in plain.items()}
        case list() | tuple():
            return [_mended(each) for each in plain]
        case _:
            return plain


def _plain(value: Any) -> Any:
    kind = value.__class__
    return value if kind in _AS_IS else _way(kind)(value)


@cache
def _way(kind: type) -> Callable[[Any], Any]:
    """Return what makes a type's values plain: most values are of few types."""
    if is_dataclass(kind):
        return _lean
    for kinds, way in _WAYS.items():
        if issubclass(kind, kinds):
            return way
    raise TypeError(f"{kind.__name__} is no type that JSON has")


def _lean(value: Any) -> dict[str, Any]:
    names, defaults, read = _shape(value.__class__)
    held = zip(names, read(value), defaults, strict=True)
    return {
        name: each if each.__class__ in _AS_IS else _plain(each)
        for name, each, default in held
        if each != default
    }


@cache
def _shape(kind: Any) -> tuple[tuple[str, ...], tuple[Any, ...], Callable[[Any], tuple[Any, ...]]]:
    """Return the names of a dataclass's fields, their defaults, and what reads all of them."""
    names = tuple(field.name for field in fields(kind))
    read = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
    return names, tuple(map(_default, fields(kind))), read


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number that JSON has")
    return value


def _named(value: Mapping[object, Any]) -> dict[str, Any]:
    return {_name(name): _plain(each) for name, each in value.items()}


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"the key {name!r} is no string")
    return str(name)


def _listed(value: Iterable[Any]) -> list[Any]:
    return [*map(_plain, value)]


def _sorted(value: Iterable[Any]) -> list[Any]:
    return sorted(_listed(value))  # equal values make equal documents


_WAYS: Mapping[type, Callable[[Any], Any]] = {
    Enum: attrgetter("value"),
    str: str,
    float: _finite,
    Mapping: _named,
    list: _listed,
    tuple: _listed,
    set: _sorted,
    frozenset: _sorted,
}
