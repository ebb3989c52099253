"""The figures: how what the bot said of a corpus compares with its labels."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.quality.rows import NEAR, Row, scored

Said = Mapping[str, Mapping[str, Any]]
"""By row id, what was said: relevant, topics, issuer, action, direction, story."""
VAGUE = frozenset({"other", "dual-use"})
"""Topics that no one is held to."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """`let_through` is the share of near misses and evergreen pages that were taken for news."""

    precision: float
    recall: float
    let_through: float

    @property
    def f1(self) -> float:
        return mean(self.precision, self.recall)


def mean(precision: float, recall: float) -> float:
    """Return the harmonic mean, F1."""
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


def share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def relevance(rows: Iterable[Row], relevant: Callable[[Row], bool]) -> Relevance:
    kept = [row for row in rows if scored(row)]
    hits = sum(row["relevant"] and relevant(row) for row in kept)
    near = [row for row in kept if row.get("kind") in NEAR]
    return Relevance(
        precision=share(hits, sum(map(relevant, kept))),
        recall=share(hits, sum(row["relevant"] for row in kept)),
        let_through=share(sum(map(relevant, near)), len(near)),
    )


def topics(rows: Sequence[Row], said: Said) -> float:
    """Return micro F1 over rows relevant in both, over the topics that the labels use."""
    both = _both(rows, said)
    used = {topic for row in rows for topic in row.get("topics") or ()} - VAGUE
    right = claimed = wanted = 0
    for row in both:
        gold, got = set(row["topics"]) & used, set(said[row["id"]]["topics"]) & used
        right, claimed, wanted = right + len(gold & got), claimed + len(got), wanted + len(gold)
    return mean(share(right, claimed), share(right, wanted))


def facts(rows: Sequence[Row], said: Said) -> dict[str, float]:
    """Return the share of right actions, directions and issuers, and of flipped directions."""
    both = _both(rows, said)
    pairs = [(row, said[row["id"]]) for row in both]
    clear = [
        (row["direction"], got["direction"])
        for row, got in pairs
        if row.get("direction") not in (None, "mixed")
    ]
    return {
        "action": share(sum(row.get("action") == got["action"] for row, got in pairs), len(pairs)),
        "direction": share(sum(gold == got for gold, got in clear), len(clear)),
        "flipped": share(
            sum({gold, got} == {"restrict", "ease"} for gold, got in clear), len(clear)
        ),
        "issuer": share(
            sum(listed(row.get("issuer")) == listed(got["issuer"]) for row, got in pairs),
            len(pairs),
        ),
    }


def stories(rows: Sequence[Row], placed: Mapping[str, str]) -> dict[str, float]:
    """Return B-cubed F1, alerts per story and false merges; a row not placed stands alone."""
    gold = {row["id"]: row["story"] for row in rows if row["relevant"] and row.get("story")}
    ours = {key: placed.get(key) or f"alone {key}" for key in gold}
    true, made = _groups(gold), _groups(ours)
    overlap = {key: len(true[gold[key]] & made[ours[key]]) for key in gold}
    merged = sum(len({gold[key] for key in group}) > 1 for group in made.values())
    told = [key for key in gold if placed.get(key)]
    precision = share(sum(n / len(made[ours[key]]) for key, n in overlap.items()), len(gold))
    recall = share(sum(n / len(true[gold[key]]) for key, n in overlap.items()), len(gold))
    return {
        "b-cubed": mean(precision, recall),
        "alerts": share(len({ours[key] for key in told}), len({gold[key] for key in told})),
        "merged": share(merged, len(made)),
    }


def _groups(places: Mapping[str, str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for key, place in places.items():
        groups[place].add(key)
    return groups


def _both(rows: Iterable[Row], said: Said) -> list[Row]:
    return [row for row in rows if row["relevant"] and said[row["id"]]["relevant"]]


def listed(value: str | Sequence[str] | None) -> set[str]:
    """Return one name or several as a set."""
    return {value} if isinstance(value, str) else set(value or ())
