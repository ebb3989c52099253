"""What the options of a catalogue row may say, and how one of them is read."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Protocol

from bot.model import Page, Parsed, Request, Row

Check = Callable[[object], object]
"""Returns the option's value; raises ValueError with words that complete "KEY must be ..."."""
Options = Mapping[str, Check]


class SourceKind(Protocol):
    """A `bot.ports.Kind` that says which options its rows have, and which they need."""

    options: ClassVar[Options]
    needed: ClassVar[frozenset[str]]

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Return what one poll asks for. Raises ShapeError for a row it cannot serve."""

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return what `page` holds. Raises ShapeError where it is not this kind's shape."""


def text(value: object) -> str:
    """Accept a text that is not empty."""
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError('a text such as "value"')


def flag(value: object) -> bool:
    """Accept true or false."""
    if isinstance(value, bool):
        return value
    raise ValueError("true or false")


def count(value: object) -> int:
    """Accept a whole number above zero."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise ValueError("a whole number above 0")


def texts(value: object) -> tuple[str, ...]:
    """Accept a list of texts."""
    if isinstance(value, list) and value and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    raise ValueError('a list of texts such as ["value"]')


def counts(value: object) -> tuple[int, ...]:
    """Accept a list of whole numbers above zero."""
    if isinstance(value, list) and value:
        return tuple(count(one) for one in value)
    raise ValueError("a list of whole numbers such as [1, 13]")


def selector(value: object) -> str:
    """Accept a CSS selector."""
    import soupsieve  # noqa: PLC0415  # 0.1 s that most workers never need

    try:
        soupsieve.compile(text(value))
    except soupsieve.SelectorSyntaxError as error:
        raise ValueError('a CSS selector such as "ul.news > li"') from error
    return text(value)


def pattern(value: object) -> str:
    """Accept a regular expression with the groups year, month and day."""
    try:
        groups = re.compile(text(value)).groups
    except re.error as error:
        raise ValueError("a regular expression") from error
    if groups != len(("year", "month", "day")):
        raise ValueError("a regular expression with three groups: year, month, day")
    return text(value)


def one_of(*values: str) -> Check:
    """Return a check that accepts one of `values`."""

    def check(value: object) -> str:
        if isinstance(value, str) and value in values:
            return value
        raise ValueError(" or ".join(f'"{one}"' for one in values))

    return check


def said(row: Row, key: str, default: str = "") -> str:
    """Return a row's option that is a text."""
    value = row.options.get(key, default)
    return value if isinstance(value, str) else default
