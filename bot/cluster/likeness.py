"""Whether an item tells a story's event: what forbids it, and how much speaks for it.

A veto settles it. Otherwise what agrees is weighed against time, which tells events apart better
than anything else: most reports come within three days. The weights are those of a logistic
regression, rounded (docs/stories.md says on what); above `ENOUGH` two are one event.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.cluster.profile import Profile, Sight, by_series
from bot.cluster.wording import contained, likeness

ENOUGH = 0.0
_REVERSE = {"dir:restrict": "dir:ease", "dir:ease": "dir:restrict"}
_BASE = -1.5
_WEIGHTS: Mapping[str, float] = {
    "document": 2.5,
    "issuer": 0.35,
    "no issuer": -0.35,
    "goods": 1.3,
    "dual use": 0.9,
    "no goods": 0.2,
    "other goods": -4.0,
    "other target": -0.3,
    "other company": -1.5,
    "other rule": -1.5,
    "other product": -1.5,
    "number": 0.7,
    "other number": -0.5,
    "action": 1.7,
    "direction": 1.4,
    "wording": 2.2,
    "words": 1.1,
    "title": 1.6,
    "other language": 0.5,
    "early": -1.7,
    "late": -3.4,
    "late document": 2.2,
    "late once": 2.2,
    "tellers": 0.35,
}
"""What each agreement, 0..1, adds to the log odds; of days and of tellers the logarithm counts."""
_ONCE = frozenset({"act:ban", "act:new-control", "act:quota", "act:lift"})
_LISTING = frozenset({"act:entity-listing", "act:delisting"})
_LIFTING = frozenset({"act:suspension", "act:lift", "act:delisting"})
_LISTED = 0.4
"""How much other goods count where a list names companies: each report picks its own of them."""
_EARLY = math.log1p(3)
_SAME_DAYS = timedelta(days=2)
"""Announcements of so few days may be told together; a later one that cites them is another."""
_SAID = (
    "document",
    "issuer",
    "goods",
    "target",
    "product",
    "company",
    "number",
    "action",
    "direction",
)
"""What is named to people, in this order, where it agrees."""
_EITHER = (
    ("issuer", "issuer", "", "no issuer"),
    ("aim", "target", "other target", ""),
    ("co", "company", "other company", ""),
    ("word", "product", "other product", ""),
    ("rule", "rule", "other rule", ""),
    ("num", "number", "other number", ""),
)
"""Kinds of marks: what to call one that is shared, none that is, and a side that is silent."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well an item fits a story: a score (log odds), what agreed, and the wording, 0..1."""

    score: float
    agreed: tuple[str, ...]
    wording: float


def veto(sight: Sight, held: Profile) -> str:
    """Return why an item cannot be of this story, or "" where nothing forbids it."""
    parted = {
        "another country acts": _parted(sight.told("issuer"), held.issuers),
        "other countries": _apart(sight, held, "land"),
        "another announcement number": _other_number(sight, held),
        "another package": _parted(sight.told("round"), held.rounds),
        "another list": _parted(sight.told("list"), held.lists),
        "another number of names": _listed(sight, held) and _apart(sight, held, "num"),
        "the opposite direction": _opposite(sight, held),
        "another kind of measure": _other_measure(sight, held),
    }
    return next((reason for reason, holds in parted.items() if holds), "")


def _other_measure(sight: Sight, held: Profile) -> bool:
    """Whether one grants licences under a control and the other suspends the control itself."""
    ours, theirs = sight.told("act"), frozenset(held.told("act"))
    pair = {"act:licence-approval", "act:suspension"}
    return bool(ours and theirs) and ours <= pair and theirs <= pair and ours.isdisjoint(theirs)


def _parted(stated: frozenset[str], held: Iterable[frozenset[str]]) -> bool:
    """Whether any report states something else of what an item states."""
    return bool(stated) and any(stated.isdisjoint(other) for other in held)


def _apart(sight: Sight, held: Profile, kind: str) -> bool:
    """Whether an item and a story both state some of a kind, and share none of it."""
    return _either(sight, held, kind) == 1


def _other_number(sight: Sight, held: Profile) -> bool:
    """Whether an item is about another number, be it that it cites this story's as well."""
    afterwards = sight.when - held.first > _SAME_DAYS
    return any(
        _parted(numbers, held.documents.get(series, ()))
        or (afterwards and _later(numbers, held.documents.get(series, ())))
        for series, numbers in by_series(sight.told("doc")).items()
    )


def _later(stated: frozenset[str], held: Iterable[frozenset[str]]) -> bool:
    """Whether the highest number that an item states is above all that a story's reports do."""
    known = max((_number(mark) for each in held for mark in each), default=0)
    return 0 < known < max(map(_number, stated))


def _number(document: str) -> int:
    """Return the last part of a document number, as a number; 0 where it is none."""
    last = document.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def _opposite(sight: Sight, held: Profile) -> bool:
    """Whether an item tells the other way from what most of a story's reports tell."""
    return _REVERSE.get(held.direction, "") in sight.marks


def undoes(sight: Sight, held: Profile) -> bool:
    """Whether an item tells the end of an earlier story: the other way, in the same matter.

    The matter is the same where the document is; or the actor together with goods or a company,
    where one of the two lifts or pauses something (an approval undoes no ban).
    """
    if not _opposite(sight, held) or held.first > sight.when:
        return False
    if _shared(sight, held, "doc"):
        return True
    lifting = not _LIFTING.isdisjoint(sight.told("act") | held.told("act").keys())
    matter = any(_shared(sight, held, kind) for kind in ("goods", "word", "co", "firm"))
    return lifting and matter and _shared(sight, held, "issuer")


def _shared(sight: Sight, held: Profile, kind: str) -> bool:
    return not sight.told(kind).isdisjoint(held.told(kind))


def match(sight: Sight, held: Profile) -> Match:
    """Return how well an item fits a story that nothing forbids."""
    found = _facts(sight, held) | _words(sight, held)
    found |= _time(sight, held, found)
    found["tellers"] = math.log(len(held.story.reports))
    score = _BASE + sum(value * found.get(name, 0.0) for name, value in _WEIGHTS.items())
    agreed = tuple(name for name in _SAID if found.get(name, 0.0) > 0)
    return Match(score, agreed, found["wording"])


def _time(sight: Sight, held: Profile, found: Mapping[str, float]) -> dict[str, float]:
    """Return how far apart in time the two are; `late` is what goes beyond three days.

    Later, what happens once (a ban, a new control) is rather a late report of it than another.
    """
    gap = math.log1p(abs((sight.when - held.first).total_seconds()) / 86_400)
    late = max(0.0, gap - _EARLY)
    once = 0.0 if sight.told("act").isdisjoint(_ONCE) else found["action"]
    return {
        "early": min(gap, _EARLY),
        "late": late,
        "late once": late * once,
        "late document": late * found["document"],
    }


def _words(sight: Sight, held: Profile) -> dict[str, float]:
    return {
        "wording": max((likeness(sight.words, words) for words in held.words), default=0.0),
        "words": contained(sight.words, held.every_word),
        "title": contained(sight.title, held.every_word),
        "other language": float(sight.lang not in held.langs),
    }


def _facts(sight: Sight, held: Profile) -> dict[str, float]:
    """Return how far each kind of fact agrees, 0..1, and which clearly do not."""
    found = dict(_goods(sight, held))
    for kind, *names in _EITHER:
        if name := names[_either(sight, held, kind)]:
            found[name] = 1.0
    found["document"] = float(_shared(sight, held, "doc"))
    found["action"] = _share(sight, held, "act")
    found["direction"] = _share(sight, held, "dir")
    return found


def _share(sight: Sight, held: Profile, kind: str) -> float:
    theirs = held.told(kind)
    return max((theirs.get(mark, 0.0) for mark in sight.told(kind)), default=0.0)


def _either(sight: Sight, held: Profile, kind: str) -> int:
    """Return 0 where a mark of the kind is shared, 1 where none is, 2 where a side is silent."""
    ours, theirs = sight.told(kind), held.told(kind)
    if not ours or not theirs:
        return 2
    return int(ours.isdisjoint(theirs))


def _goods(sight: Sight, held: Profile) -> Iterable[tuple[str, float]]:
    ours, theirs = sight.told("goods"), held.told("goods")
    if not ours or not theirs:
        ours, theirs = sight.told("topic"), held.told("topic")
    if not ours or not theirs:
        return [("dual use" if "topic:dual-use" in _common(sight, held) else "no goods", 1.0)]
    shared = sum(theirs.get(mark, 0.0) for mark in ours)
    alike = shared / (sum(theirs.values()) + len(ours) - shared)
    if shared:
        return [("goods", alike)]
    return [("other goods", _LISTED if _listed(sight, held) else 1.0)]


def _listed(sight: Sight, held: Profile) -> bool:
    """Whether both tell of names put on a list or taken off it."""
    return not _LISTING.isdisjoint(sight.told("act") & held.told("act").keys())


def _common(sight: Sight, held: Profile) -> frozenset[str]:
    return sight.told("vague") & held.told("vague").keys()
