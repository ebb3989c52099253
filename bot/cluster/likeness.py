"""Whether an item tells a story's event: what forbids it, and how much speaks for it.

A veto settles it. Otherwise what agrees is weighed against time, which tells events apart better
than anything else: most reports come within three days. The weights are those of a logistic
regression, rounded (docs/quality.md says on what); above `ENOUGH` two are one event.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cluster.marks import VAGUE
from bot.cluster.profile import Profile, by_series
from bot.cluster.wording import likeness

ENOUGH = 0.0
BASE = -1.3
OPPOSITE = "the opposite direction"
_REVERSE = {"dir:restrict": "dir:ease", "dir:ease": "dir:restrict"}
_WEIGHTS: Mapping[str, float] = {
    "document": 3.0,
    "issuer": 2.0,
    "no issuer": 0.9,
    "goods": 2.0,
    "other goods": -1.9,
    "no goods": 0.2,
    "aim": 0.3,
    "other aim": -0.3,
    "company": 1.5,
    "other company": -2.0,
    "action": 1.3,
    "direction": 0.9,
    "countries": 1.5,
    "number": 1.2,
    "other number": -0.8,
    "wording": 1.8,
    "gap": -1.85,
    "copy": 3.0,
}
_COPY = 0.3
"""Wording above this is more than one event's usual likeness: it may be a copy, however late."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What of an item is compared: its marks, its words, and when it was published or seen."""

    marks: frozenset[str]
    words: frozenset[str]
    when: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """How well an item fits a story: a score (natural log of the odds), and what agreed."""

    score: float
    agreed: tuple[str, ...]
    wording: float


def veto(sight: Sight, held: Profile) -> str:
    """Return why an item cannot be of this story, or "" where nothing forbids it."""
    if _parted(_kind(sight, "issuer:"), held.issuers):
        return "another country acts"
    if _other_number(sight, held):
        return "another announcement number"
    if _parted(_kind(sight, "round:"), held.rounds):
        return "another package"
    if opposite(sight, held):
        return OPPOSITE
    return ""


def _kind(sight: Sight, kind: str) -> frozenset[str]:
    return frozenset(mark for mark in sight.marks if mark.startswith(kind))


def _parted(stated: frozenset[str], held: Iterable[frozenset[str]]) -> bool:
    """Whether any report states something else of what an item states."""
    return bool(stated) and any(stated.isdisjoint(other) for other in held)


def _other_number(sight: Sight, held: Profile) -> bool:
    return any(
        _parted(numbers, held.documents.get(series, ()))
        for series, numbers in by_series(_kind(sight, "doc:")).items()
    )


def opposite(sight: Sight, held: Profile) -> bool:
    """Whether an item tells the other way from what most of a story's reports tell."""
    return _REVERSE.get(held.direction, "") in sight.marks


def same_matter(sight: Sight, held: Profile) -> bool:
    """Whether an item names a story's document, or its actor together with its goods or company."""
    named = sight.marks.intersection(held.shares)
    if any(mark.startswith("doc:") for mark in named):
        return True
    goods = any(mark.startswith(("topic:", "co:")) and mark not in VAGUE for mark in named)
    return goods and any(mark.startswith("issuer:") for mark in named)


def match(sight: Sight, held: Profile) -> Match:
    """Return how well an item fits a story that nothing forbids."""
    wording = max((likeness(sight.words, words) for words in held.words), default=0.0)
    found = {**_agreement(sight, held), "wording": wording}
    gap = math.log1p(abs((sight.when - held.first).total_seconds()) / 86_400)
    found["gap"] = gap
    found["copy"] = gap * max(0.0, wording - _COPY)
    score = BASE + sum(_WEIGHTS[name] * value for name, value in found.items())
    agreed = tuple(
        name
        for name in ("document", "issuer", "goods", "company", "action", "number")
        if found.get(name, 0) > 0
    )
    return Match(score, agreed, wording)


def _agreement(sight: Sight, held: Profile) -> dict[str, float]:
    """Return how far each kind of fact agrees, 0..1, and which clearly do not."""
    found: dict[str, float] = {}
    found |= _goods(sight, held)
    found |= _either(sight, held, "aim:", ("aim", "other aim", ""))
    found |= _either(sight, held, "co:", ("company", "other company", ""))
    found |= _either(sight, held, "num:", ("number", "other number", ""))
    found |= _either(sight, held, "issuer:", ("issuer", "", "no issuer"))
    found["document"] = float(any(mark in held.shares for mark in _kind(sight, "doc:")))
    found["action"] = _share(sight, held, "act:")
    found["direction"] = _share(sight, held, "dir:")
    found["countries"] = _cosine(sight, held, "cc:")
    return found


def _share(sight: Sight, held: Profile, kind: str) -> float:
    return max((held.shares.get(mark, 0.0) for mark in _kind(sight, kind)), default=0.0)


def _either(sight: Sight, held: Profile, kind: str, names: Sequence[str]) -> dict[str, float]:
    """Return one of three: some of a kind is shared, both state some but none, one states none."""
    same, other, none = names
    ours = _kind(sight, kind)
    theirs = any(mark.startswith(kind) for mark in held.shares)
    if not ours or not theirs:
        return {none: 1.0} if none else {}
    if any(mark in held.shares for mark in ours):
        return {same: 1.0}
    return {other: 1.0} if other else {}


def _goods(sight: Sight, held: Profile) -> dict[str, float]:
    ours = _kind(sight, "topic:") - VAGUE
    theirs = {m: s for m, s in held.shares.items() if m.startswith("topic:") and m not in VAGUE}
    if not ours or not theirs:
        return {"no goods": 1.0}
    shared = sum(theirs.get(mark, 0.0) for mark in ours)
    alike = shared / (sum(theirs.values()) + len(ours) - shared)
    return {"goods": alike} if shared else {"other goods": 1.0}


def _cosine(sight: Sight, held: Profile, kind: str) -> float:
    ours = _kind(sight, kind)
    theirs = sum(share for mark, share in held.shares.items() if mark.startswith(kind))
    shared = sum(held.shares.get(mark, 0.0) for mark in ours)
    return shared / math.sqrt(len(ours) * theirs) if shared else 0.0
