"""Fit the weights of bot/cluster/likeness.py to labelled corpora and the demo's, and print them.

    python -m bench.quality.weights CORPUS [CORPUS ...]

A report chooses between the stories that may be its own and a new one; the weights are those by
which all choose rightly most often, where a wrong story is worse than a new one. They are held
near those that stand there, which know events that are no longer at hand. Plain Python, a
few minutes, no randomness.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, sqrt
from pathlib import Path

from bench.quality.rows import Row, rows_of, wire_rows
from bot.classify import label_of
from bot.cluster import Stories
from bot.cluster.likeness import BASE, WEIGHTS, Match, among, found_in
from bot.cluster.profile import Sight, sight_of
from bot.cluster.revision import begun, revised
from bot.cluster.vetoes import veto
from bot.model import Item, Label, StoryId
from bot.stream import item_of

WRONG = 10.0
"""A report in a wrong story costs as much as so many that begin one of their own."""
NEAR = 1.0
"""How strongly a weight is held where it stands."""
STEPS, RATE = 200, 0.05
ORDERS = 3
"""How often a corpus is played: as it is, then shuffled within days and with stories split."""
SPLIT = 0.25
"""The share of reports that begin another part of their story, as happens to the bot."""
_NONE = Match(0.0, ())
Told = tuple[Row, Item, Label]


@dataclass(frozen=True, slots=True)
class Option:
    """What is found of one story that a report may belong to, and whether it is the right one."""

    found: Mapping[str, float]
    right: bool


def told_of(rows: Sequence[Row]) -> list[Told]:
    """Return the relevant rows with their items and labels."""
    items = ((row, item_of(row)) for row in rows)
    told = ((row, item, label_of(item)) for row, item in items)
    return [one for one in told if one[2].relevant]


def choices_of(told: Sequence[Told], order: int = 0) -> Iterator[list[Option]]:
    """Yield what each report has to choose from, after all before it were put rightly."""
    stories, parts = Stories(), dict[str, list[StoryId]]()
    for row, item, label in sorted(told, key=lambda one: _day(one[1], order)):
        own = parts.setdefault(row.get("story") or row["id"], [])
        sight = sight_of(item, label)
        near = [held for held in stories.near(sight) if not veto(sight, held)]
        if near and row["relevant"]:
            found = ((held, found_in(sight, held, rivals)) for held, rivals in among(sight, near))
            yield [Option(some, held.story.id in own) for held, some in found]
        _put(stories, own, (item, label, sight), _chance(item.id, order) if order else 1.0)


def _put(
    stories: Stories, own: list[StoryId], report: tuple[Item, Label, Sight], chance: float
) -> None:
    """Put a report into a part of its story, or begin a part."""
    if own and chance >= SPLIT and (held := stories.get(own[int(chance * 1000) % len(own)])):
        stories.put(revised(held, *report, _NONE).story)
        return
    own.append(StoryId(report[0].id))
    stories.put(begun(own[-1], *report, None).story)


def _day(item: Item, order: int) -> tuple[date, float]:
    return (item.seen.date(), _chance(item.id, order)) if order else (date.min, 0.0)


def _chance(name: str, order: int) -> float:
    return int(hashlib.sha256(f"{order} {name}".encode()).hexdigest(), 16) / 2**256


def fit(choices: Sequence[Sequence[Option]], corpora: int = ORDERS) -> dict[str, float]:
    """Return the weight of each thing that may be found, and the "base" (adaptive steps)."""
    start = {"base": BASE} | dict(WEIGHTS)
    weights, mean, square = dict(start), dict.fromkeys(start, 0.0), dict.fromkeys(start, 0.0)
    for step in range(1, STEPS + 1):
        slope = {name: NEAR * (weights[name] - start[name]) for name in start}
        for options in choices:
            for option, excess in zip(options, _excess(options, weights), strict=True):
                slope["base"] += excess / corpora
                for name in option.found.keys() & WEIGHTS.keys():
                    slope[name] += excess * option.found[name] / corpora
        for name, value in slope.items():
            mean[name] = 0.9 * mean[name] + 0.1 * value
            square[name] = 0.999 * square[name] + 0.001 * value**2
            size = sqrt(square[name] / (1 - 0.999**step)) + 1e-8
            weights[name] -= RATE * mean[name] / (1 - 0.9**step) / size
    return weights


def _excess(options: Sequence[Option], weights: Mapping[str, float]) -> list[float]:
    """Return how much too likely each story is to be chosen; wrong ones count `WRONG` times."""
    scores = [
        weights["base"] + sum(weights.get(n, 0.0) * v for n, v in o.found.items()) for o in options
    ]
    odds = [
        exp(min(s, 50.0)) * (1 if o.right else WRONG) for s, o in zip(scores, options, strict=True)
    ]
    every = 1 + sum(odds)
    right = sum(odd for odd, o in zip(odds, options, strict=True) if o.right)
    return [
        odd / every - (odd / right if o.right else 0) for odd, o in zip(odds, options, strict=True)
    ]


def main() -> None:
    if not sys.argv[1:]:
        sys.exit("Name a corpus: python -m bench.quality.weights ../shared/corpus/dev.jsonl")
    corpora = [told_of(rows) for rows in (wire_rows(), *map(rows_of, map(Path, sys.argv[1:])))]
    choices = [
        one for told in corpora for order in range(ORDERS) for one in choices_of(told, order)
    ]
    for name, weight in fit(choices).items():
        print(f"{name:16} {weight:6.2f}  (was {WEIGHTS.get(name, BASE):.2f})")


if __name__ == "__main__":
    main()
