"""Stories on labelled news: how well they are told apart, and that order matters little."""

import hashlib
import json
from collections import defaultdict
from pathlib import Path

import pytest

from bot.classify import classify
from bot.cluster import Stories
from bot.stream import item_of

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "dev.jsonl"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is absent"),
]


@pytest.fixture(scope="module")
def rows():
    """Relevant rows as (event, item, label): the events are gold, the labels are our own."""
    read = map(json.loads, CORPUS.read_text(encoding="utf-8").splitlines())
    return [(row["story"], *labelled(row)) for row in read if row["relevant"]]


def labelled(row):
    item = item_of(row)
    label = classify(
        item.title, item.text, lang=item.lang, url=item.url, published=item.when, threshold=0
    )
    return item, label


def played(rows):
    """Return the story of each item."""
    stories, found = Stories(), {}
    for _, item, label in rows:
        placement = stories.place(item, label)
        stories.put(placement.story)
        found[item.id] = placement.story.id
    return found


def b_cubed(rows, found):
    """Return precision, recall and F1 (Bagga and Baldwin 1998)."""
    events, stories = defaultdict(set), defaultdict(set)
    for event, item, _ in rows:
        events[event].add(item.id)
        stories[found[item.id]].add(item.id)
    both = [(events[event], stories[found[item.id]]) for event, item, _ in rows]
    precision = sum(len(e & s) / len(s) for e, s in both) / len(both)
    recall = sum(len(e & s) / len(e) for e, s in both) / len(both)
    return precision, recall, 2 * precision * recall / (precision + recall)


def shuffled(rows, seed):
    """Return the rows in another order within each day."""
    return sorted(
        rows,
        key=lambda row: (
            row[1].seen.date(),
            hashlib.sha256(f"{seed} {row[1].id}".encode()).digest(),
        ),
    )


def test_the_order_within_a_day_changes_little(rows):
    usual = b_cubed(rows, played(rows))[2]

    others = [b_cubed(rows, played(shuffled(rows, seed)))[2] for seed in range(3)]

    assert max(abs(other - usual) for other in others) <= 0.02


def test_events_are_told_apart_and_together(rows):
    precision, recall, f1 = b_cubed(rows, played(rows))

    assert precision >= 0.95
    assert recall >= 0.86
    assert f1 >= 0.92
