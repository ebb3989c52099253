"""What a query is asked of: the words of an item or story, and its facts."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

_WORD = re.compile(r"\w+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")  # Kana and Han: no spaces


def wide(text: str) -> bool:
    """Return whether `text` has characters of a script that puts no spaces between words."""
    return bool(_WIDE.search(text))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a query is asked of: the words of an item or story, and its facts.

    `text` is `plain()` text with a space at both ends; `facts` maps a field to its values.
    It was first seen `age` ago, at `seen`, whose day counts in UTC.
    """

    text: str
    words: frozenset[str]
    facts: dict[str, frozenset[str]] = field(default_factory=dict)
    age: timedelta = timedelta(0)
    seen: datetime | None = None


def plain(text: str) -> str:
    """Return `text` as matching sees it: folded, punctuation gone, one space between words."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


_line = lru_cache(maxsize=4_096)(plain)  # a story's titles are asked with each of its reports


def subject(
    text: str,
    facts: dict[str, frozenset[str]],
    age: timedelta = timedelta(0),
    seen: datetime | None = None,
) -> Subject:
    """Return what queries can be asked of, from running text and facts."""
    folded = " ".join(filter(None, map(_line, text.split("\n"))))
    return Subject(f" {folded} ", frozenset(folded.split(" ")), facts, age, seen)
