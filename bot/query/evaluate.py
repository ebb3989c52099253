"""Decide whether a query holds: one walk over it, in linear time."""

from datetime import date, timedelta

from bot.query.asked import Subject, wide
from bot.query.nodes import Field, Join, Not, Phrase, Query, Word
from bot.query.spans import since


def matches(query: Query, asked: Subject) -> bool:
    """Decide whether `query` holds for `asked`."""
    match query:
        case Word(text, prefix):
            return _word(text, asked, prefix=prefix)
        case Phrase(text):
            return (text if wide(text) else f" {text} ") in asked.text
        case Field("since", value):
            return _recent(since(value), asked)
        case Field(name, value):
            return value in asked.facts.get(name, frozenset())
        case Not(part):
            return not matches(part, asked)
        case Join("and", parts):
            return all(matches(part, asked) for part in parts)
        case Join(_, parts):
            return any(matches(part, asked) for part in parts)


def _recent(begin: timedelta | date, asked: Subject) -> bool:
    if isinstance(begin, timedelta):
        return asked.age <= begin
    return asked.seen is not None and asked.seen.date() >= begin


def _word(text: str, asked: Subject, *, prefix: bool) -> bool:
    if prefix:
        return (text if wide(text) else f" {text}") in asked.text
    return text in asked.words or f"{text}s" in asked.words  # the plural is the same wish


def excludes_only(query: Query) -> bool:
    """Return whether a query only says what must not be there, and so holds for nearly all."""
    match query:
        case Not() | Field("since", _):
            return True
        case Join("and", parts):
            return all(map(excludes_only, parts))
        case Join(_, parts):
            return any(map(excludes_only, parts))
        case _:
            return False


def literal(query: Query) -> bool:
    """Return whether any part asks for words of the text, not for facts alone."""
    match query:
        case Word() | Phrase():
            return True
        case Not(part):
            return literal(part)
        case Join(_, parts):
            return any(map(literal, parts))
        case _:
            return False
