"""A first look that sends most items away: the most that the score could be, from one pass.

Of a feed's entries nearly all are no news, and what they name shows it before a sentence is
parted. Here a term counts wherever it stands, be it that a longer one shields it, and whatever is
named stands together: so nothing is sent away that `relevance` would let in.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache

from bot.classify.evidence import (
    MOST_ACTED,
    PLAIN,
    SPOKEN,
    STRONG,
    acts,
    families,
    features_at,
    signs,
    terms_of,
)
from bot.classify.passages import READ
from bot.classify.relevance import chance_of, weights
from bot.classify.terms import Matcher, tidy
from bot.classify.topics import topics

_SLACK = 1e-9
"""More than sums of weights can differ by the order in which they are added."""


def hopeless(title: str, text: str, threshold: float) -> bool:
    """Whether the score of a text is surely below a threshold (0..1); False says nothing."""
    head, body = (_named(tidy(part[:READ])) for part in (title, text))
    total = _alone("title", head) + _alone("lead", body) + _alone("rest", body)
    return chance_of(weights()["bias"] + total + _overall(head, body) + _SLACK) < threshold


def _named(text: str) -> frozenset[str]:
    """Return all concepts of evidence that any sentence of a text may name."""
    found = _terms().suspects(text)
    return found.union(PLAIN[concept] for concept in PLAIN.keys() & found)


@cache
def _terms() -> Matcher:
    """Return what finds the evidence that speaks for news, and the families of goods."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for concept, sign in signs().items():
        if sign > 0:
            found[concept] += terms_of(concept)
    for slug, heading in topics().items():
        for family in families([slug]):
            found[family] += heading.terms
    return Matcher(found)


@lru_cache(maxsize=8_192)  # texts that name the same are many
def _alone(place: str, concepts: frozenset[str]) -> float:
    """Return the most that concepts of one place can add to the score by themselves."""
    return sum(max(0.0, weights().get(name, 0.0)) for name in features_at(place, concepts))


@lru_cache(maxsize=8_192)
def _overall(head: frozenset[str], body: frozenset[str]) -> float:
    """Return the most that the text as a whole can add."""
    return sum(_most(frozenset(each)) for each in _choices(head, body))


def _most(names: frozenset[str]) -> float:
    """Return the highest weight of features of which a text has one."""
    return max(weights().get(f"all:{name}", 0.0) for name in names)


def _choices(head: frozenset[str], body: frozenset[str]) -> Iterator[list[str]]:
    """Yield sets of features, of each of which the text has one; "" stands for none."""
    named = head | body
    yield from (["", f"strong-{n}"] for n in range(1, len(named & {*STRONG}) + 1))
    yield ["silent"] if named.isdisjoint(SPOKEN) else ["", "silent"]
    yield [f"acted-{n}" for n in range(MOST_ACTED + 1 if acts(head) or acts(body) else 1)]
