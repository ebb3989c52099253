"""How much speaks for an item telling a story's event.

What agrees is weighed against time, which tells events apart better than anything else: most
reports come within three days. The weights were learned (`bench/quality/weights.py`;
docs/stories.md says from what) and rounded; from `ENOUGH` on two are one event. What forbids it
stands in `vetoes.py`.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import timedelta

from msgspec import Struct

from bot.cluster.profile import Profile, Sight
from bot.cluster.vetoes import listed, opposite, shared
from bot.cluster.wording import total

ENOUGH = 0.0
BASE = -2.85
WEIGHTS: Mapping[str, float] = {
    "document": 3.9,
    "issuer": 1.35,
    "other issuer": -1.75,
    "both ways": 1.45,
    "other countries": -1.2,
    "goods": 1.45,
    "other goods": -5.15,
    "other product": -3.95,
    "other company": -4,
    "new company": -1.45,
    "new subject": -3.15,
    "target soon": 1,
    "number": 2.5,
    "action": 1.85,
    "direction": 0.45,
    "opposite": -3.65,
    "words": 7.8,
    "rare words": 1.05,
    "other language": 5,
    "languages": 0.95,
    "same day": 2.2,
    "other day": -3.75,
    "recalled": 3.2,
    "other past": -0.9,
    "newer": -2.9,
    "due": 4.6,
    "early": -2.75,
    "days later": -0.75,
    "late": -3.0,
    "late document": 2.7,
    "late statement": -1.45,
    "tellers": 1.4,
    "rivals": -1.7,
    "same publisher": -3,
}
"""What each adds to the log odds; of days, words, tellers and rivals the logarithm counts."""
_LOOSE = 0.4
"""How much other goods count where a list names companies, of which each report picks its own, and
where one text names no more than a family of goods."""
_DAY = timedelta(days=1)
_FOLLOWS = timedelta(hours=36)
"""After that a report either looks back at an event or tells of another."""
_MANY = 8
"""More reports make a story no likelier: it would draw all that is told of its actor and goods."""
_EARLY = math.log1p(3)
_DAYS_LATER = math.log1p(4)
_NEAR_IN_TIME = 45
"""Days within which two stories of one matter are rivals for a report."""
_SAID = {
    "document": "document",
    "issuer": "country that acts",
    "goods": "goods",
    "target": "country aimed at",
    "product": "product",
    "company": "company",
    "number": "number",
    "action": "measure",
    "direction": "direction",
}
"""What is named to people, in this order, where it agrees."""
_EITHER = (
    ("issuer", "issuer", "other issuer"),
    ("aim", "target", ""),
    ("land", "", "other countries"),
    ("co", "company", "other company"),
    ("word", "product", "other product"),
    ("num", "number", ""),
    ("day", "same day", "other day"),
)
"""Kinds of marks: what to call one that is shared, and none that is where both state some."""


class Match(Struct, frozen=True):
    """How well an item fits a story: a score (log odds), and what agreed, in a trader's words."""

    score: float
    agreed: tuple[str, ...]


def best(sight: Sight, stories: Sequence[Profile]) -> tuple[Match, Profile] | None:
    """Return the story that an item fits best, of those that nothing forbids; None of none.

    Stories of the same matter are rivals: the more there are, the more must speak for one.
    """
    found = [(match(sight, held, rivals), held) for held, rivals in among(sight, stories)]
    return max(found, key=lambda pair: pair[0].score, default=None)


def among(sight: Sight, stories: Sequence[Profile]) -> list[tuple[Profile, int]]:
    """Return each story with how many rivals it has."""
    akin = [_same_matter(sight, held) for held in stories]
    return [(held, sum(akin) - one) for held, one in zip(stories, akin, strict=True)]


def _same_matter(sight: Sight, held: Profile) -> bool:
    """Whether the same country may act on the same goods, in the same weeks."""
    near = abs((sight.when - held.first).days) <= _NEAR_IN_TIME
    kind = "goods" if sight.told("goods") and held.told("goods") else "topic"
    apart = sight.told("issuer") and held.told("issuer") and not shared(sight, held, "issuer")
    return near and not apart and shared(sight, held, kind)


def found_in(sight: Sight, held: Profile, rivals: int = 0) -> dict[str, float]:
    """Return what speaks for and against a match, each as far as it is found (mostly 0..1)."""
    found = _facts(sight, held) | _words(sight, held)
    found |= _time(sight, held, found) | _days(sight, held)
    found["tellers"] = math.log(min(len(held.story.reports), _MANY))
    found["rivals"] = math.log1p(rivals)
    return found


def match(sight: Sight, held: Profile, rivals: int = 0) -> Match:
    """Return how well an item fits a story that nothing forbids, beside so many rivals."""
    found = found_in(sight, held, rivals)
    score = BASE + sum(value * WEIGHTS.get(name, 0.0) for name, value in found.items())
    agreed = tuple(said for name, said in _SAID.items() if found.get(name, 0.0) > 0)
    return Match(score, agreed)


def _time(sight: Sight, held: Profile, found: Mapping[str, float]) -> dict[str, float]:
    """Return how far apart in time the two are; `late` is what goes beyond three days."""
    gap = math.log1p(abs((sight.when - held.first).total_seconds()) / 86_400)
    late = max(0.0, gap - _EARLY)
    return {
        "early": min(gap, _EARLY),
        "days later": float(gap > _DAYS_LATER),
        "late": late,
        "late document": late * found["document"],
        "late statement": min(gap, _EARLY) * ("act:statement" in sight.marks),
    }


def _days(sight: Sight, held: Profile) -> dict[str, float]:
    """Return whether a later report names the day of the story, or the day is come that it told.

    Who looks back at something else names another day.
    """
    today, first = sight.when.date(), held.first.date()
    later = abs(sight.when - held.first) >= _FOLLOWS
    recalled = any(abs((day - first).days) <= 1 for day in sight.past)
    due = later and any(f"day:{today + step * _DAY}" in held.told("day") for step in (-1, 0, 1))
    return {
        "target soon": float(not later and shared(sight, held, "aim")),
        "recalled": float(later and recalled),
        "other past": float(not recalled and any((today - day).days > 1 for day in sight.past)),
        "newer": math.log1p(_newer(sight, held)),
        "due": float(due),
    }


def _newer(sight: Sight, held: Profile) -> int:
    """Return how many days after the story all lies that a report tells of, 0 where not all does.

    The day after is the story's still: news leaks the evening before, and it is another day
    elsewhere. So is a day that the story named for its beginning or end.
    """
    told = [day for day in sight.days if f"day:{day}" not in held.told("day")]
    return max(0, (min(told) - held.first.date()).days - 1) if told else 0


def _words(sight: Sight, held: Profile) -> dict[str, float]:
    known = total(sight.words & held.every_word)
    most = known
    if len(held.words) > 1:
        most = max(total(sight.words & words) for words in held.words)
    return {
        "words": known / sight.weight if sight.weight else 0.0,
        "rare words": math.log1p(most),
        "other language": float(sight.lang not in held.langs),
        "languages": float(len(held.langs) > 1),
        "same publisher": float(sight.publisher in held.publishers),
    }


def _facts(sight: Sight, held: Profile) -> dict[str, float]:
    """Return how far each kind of fact agrees, 0..1, and which clearly do not."""
    found = _goods(sight, held)
    for kind, agreeing, apart in _EITHER:
        if sight.told(kind) and held.told(kind):
            found[agreeing if shared(sight, held, kind) else apart] = 1.0
    found["new company"] = float(bool(sight.told("co")) and not held.told("co"))
    found["new subject"] = float(_new_subject(sight, held))
    found["document"] = float(shared(sight, held, "doc"))
    found["both ways"] = found.get("other issuer", 0.0) * _both_named(sight, held)
    found["action"] = _share(sight, held, "act")
    found["direction"] = _share(sight, held, "dir")
    found["opposite"] = float(opposite(sight, held))
    return found


def _new_subject(sight: Sight, held: Profile) -> bool:
    """Whether an item's title names companies, and no report of the story any of them."""
    named = {mark.replace("about:", "co:") for mark in sight.told("about")}
    return bool(named) and named.isdisjoint(held.told("co"))


def _both_named(sight: Sight, held: Profile) -> bool:
    """Whether each text names the actor of the other: one of them may be misread."""
    return all(
        any(f"land:{mark[-2:].casefold()}" in lands for mark in actors)
        for actors, lands in (
            (sight.told("issuer"), held.told("land")),
            (held.told("issuer"), sight.told("land")),
        )
    )


def _share(sight: Sight, held: Profile, kind: str) -> float:
    theirs = held.told(kind)
    return max((theirs.get(mark, 0.0) for mark in sight.told(kind)), default=0.0)


def _goods(sight: Sight, held: Profile) -> dict[str, float]:
    kind = "goods" if sight.told("goods") and held.told("goods") else "topic"
    ours, theirs = sight.told(kind), held.told(kind)
    if not ours or not theirs:
        return {}
    both = sum(theirs.get(mark, 0.0) for mark in ours)
    if both:
        return {"goods": both / (sum(theirs.values()) + len(ours) - both)}
    loose = kind == "topic" or listed(sight, held)
    return {"other goods": _LOOSE if loose else 1.0}
