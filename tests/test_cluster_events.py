"""Stories on our own reports of invented events, in eight languages: told apart, told together.

Beside each event stand its neighbours: the denial before a ban and its extension after it, the
next package, a second list, tit for tat, two announcements of one hour, a rumour weeks before.
"""

import hashlib
from pathlib import Path

import pytest

from bench.quality import figures
from bench.quality.rows import LANGUAGES, rows_of
from bot.cluster import Stories
from bot.stream import item_of, said

ROWS = rows_of(Path(__file__).with_name("data") / "events.jsonl")


def told(rows):
    """Return what is said of each row, in the order given."""
    stories = Stories()
    return {row["id"]: said(item_of(row), stories) for row in rows}


def of_stories(rows):
    return figures.stories(rows, {key: str(value["story"]) for key, value in told(rows).items()})


def shuffled(seed):
    """Return the rows in another order within each day."""
    return sorted(
        ROWS,
        key=lambda row: (
            row["seen"][:10],
            hashlib.sha256(f"{seed} {row['id']}".encode()).digest(),
        ),
    )


def test_the_events_cover_what_is_hard():
    assert len(ROWS) >= 60
    assert {row["lang"] for row in ROWS} == set(LANGUAGES)
    assert len({row["story"] for row in ROWS}) >= 24


def test_events_are_told_apart_and_together():
    found = of_stories(ROWS)

    assert found["merged"] == 0
    assert found["b-cubed"] >= 0.96
    assert found["alerts"] <= 1.1


@pytest.mark.parametrize("seed", range(3))
def test_the_order_within_a_day_changes_little(seed):
    assert abs(of_stories(shuffled(seed))["b-cubed"] - of_stories(ROWS)["b-cubed"]) <= 0.02


def test_facts_of_the_events():
    """Floors, below what is reached: a lexicon edited by hand must not lose them."""
    found = figures.facts(ROWS, told(ROWS))

    assert found["issuer"] >= 0.95
    assert found["direction"] >= 0.92
    assert found["flipped"] <= 0.04
    assert found["action"] >= 0.75
    assert figures.topics(ROWS, told(ROWS)) >= 0.85
