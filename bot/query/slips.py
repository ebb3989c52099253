"""Words that nobody means: topics spelled nearly right."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from bot.classify.topics import suggest, topic_for

ALIKE = 0.8  # from which a word is taken for a slip
_QUOTED = re.compile(r'["“„].*?["”]')
_SIGNS = frozenset({"and", "or", "not"})


def slip(typed: str) -> tuple[str, str] | None:
    """Return the first word of a query that is nearly a topic's name, and that topic, or None.

    Quoted words are meant as they are; so are words that must not be there, where a slip costs
    nothing.
    """
    for word in _words(typed):
        near = next((str(t) for t in suggest(word) if _alike(word, t)), None)
        if near and topic_for(word) is None:
            return word, near
    return None


def _words(typed: str) -> Iterator[str]:
    words = _QUOTED.sub(" ", typed).replace("(", " ").replace(")", " ").casefold().split()
    plain = [w for w in words if w not in _SIGNS and w[0] != "-" and ":" not in w and "*" not in w]
    yield from plain
    yield from (f"{first}-{second}" for first, second in pairwise(plain))


def _alike(word: str, topic: str) -> bool:
    """Whether one is a slip of the other: hardly anybody mistypes the first letter."""
    return word[0] == topic[0] and SequenceMatcher(None, word, topic).ratio() >= ALIKE
