"""What a query waits for in a text: marks, its words and facts such as "topic:gallium"."""

from collections.abc import Callable, Iterable, Iterator

from bot.query.asked import Subject, wide
from bot.query.nodes import Field, Join, Not, Phrase, Query, Word

ANYTHING = "*"  # the mark that every story has: for queries that only say what must not be there
_STEM = 3
Count = Callable[[str], int]


def mark_of(query: Query) -> str:
    """Return the mark that settles a query by itself, or ""."""
    match query:
        case Word(text, False) if not wide(text):
            return text
        case Field(name, value) if name != "since":
            return f"{name}:{value}"
        case _:
            return ""


def conjunction(query: Query) -> bool:
    """Whether a query holds as soon as all the marks that it needs are there."""
    return isinstance(query, Join) and query.how == "and" and all(map(mark_of, query.parts))


def needed(query: Query) -> frozenset[str]:
    """Return marks that every match has, all of them; not more than are seen at a glance."""
    match query:
        case Phrase(text) if not wide(text):
            return frozenset(text.split(" "))
        case Join("and", parts):
            return frozenset[str]().union(*map(needed, parts))
        case _:
            return frozenset(filter(None, [mark_of(query)]))


def anchors(query: Query, count: Count) -> frozenset[str]:
    """Return marks of which every match has at least one: few, and such as few wait for.

    `count` says how many wait for a mark already.
    """
    match query:
        case Word(text, prefix):
            return frozenset({_wide(text) or (f"p:{text[:_STEM]}" if prefix else text)})
        case Phrase(text):
            return frozenset({_wide(text) or min(text.split(" "), key=count)})
        case Field("since", _) | Not(_):
            return frozenset({ANYTHING})
        case Field(name, value):
            return frozenset({f"{name}:{value}"})
        case Join("and", parts):
            return min((anchors(p, count) for p in parts), key=lambda found: _cost(found, count))
        case Join(_, parts):
            return frozenset[str]().union(*(anchors(part, count) for part in parts))


def _cost(found: frozenset[str], count: Count) -> tuple[bool, bool, int]:
    """Order anchors by how many texts have them: words and topics are rarer than other facts."""
    common = any(":" in mark and not mark.startswith(_RARE) for mark in found)
    return ANYTHING in found, common, sum(count(mark) + 1 for mark in found)


_RARE = ("topic:", "c:", "p:", "company:", "ticker:")


def _wide(text: str) -> str:
    """Return a mark of the first word in a script without spaces, or ""."""
    return next((f"c:{word[:2]}" for word in text.split(" ") if wide(word)), "")


def conceivable(query: Query, has: Callable[[str], bool]) -> bool:
    """Whether a query may hold for what has these marks and maybe others; False is sure."""
    match query:
        case Word(text, prefix):
            return has(_wide(text) or (f"p:{text[:_STEM]}" if prefix else text))
        case Phrase(text):
            return has(_wide(text)) if wide(text) else all(map(has, text.split(" ")))
        case Field(name, value) if name != "since":
            return has(f"{name}:{value}")
        case Join("and", parts):
            return all(conceivable(part, has) for part in parts)
        case Join(_, parts):
            return any(conceivable(part, has) for part in parts)
        case _:
            return True


def marks_of(asked: Subject) -> frozenset[str]:
    """Return every mark that a query could wait for in `asked`; a plural has its singular, too."""
    words = asked.words
    return words.union(
        (ANYTHING,),
        (word[:-1] for word in words if word.endswith("s")),
        (f"p:{stem}" for stem in {word[:_STEM] for word in words}),
        (f"{name}:{value}" for name, values in asked.facts.items() for value in values),
        () if asked.text.isascii() else _pairs(words),
    )


def _pairs(words: Iterable[str]) -> Iterator[str]:
    for word in filter(wide, words):
        yield from (f"c:{word[at : at + 2]}" for at in range(len(word)))
        yield from (f"c:{character}" for character in set(word))
