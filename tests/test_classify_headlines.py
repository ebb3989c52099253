"""Headlines of our own, on which the rules were corrected: floors, not an estimate."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.classify.facts import facts_of
from bot.classify.passages import passages_of


def rows_of(name):
    path = Path(__file__).parent / "data/facts" / name
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]


ROWS = rows_of("headlines.tsv")
TURNS = rows_of("turns.tsv")
"""Headlines with a "not", a doubt, an end of an end, or a word that looks like another."""
SEEN = datetime(2023, 6, 1, tzinfo=UTC)
"""Before the controls that make a second one a tightening."""


def read(row):
    lang, _, _, _, title, text = row
    return facts_of(passages_of(title, text), lang=lang, published=SEEN)


def share(hits):
    found = list(hits)
    return sum(found) / len(found)


def test_no_direction_is_turned_round():
    """Ease for restrict, or the reverse, is the costliest mistake there is."""
    turned = [
        row[4] for row in ROWS if {read(row).verdict.direction, row[2]} == {"ease", "restrict"}
    ]
    assert turned == []


@pytest.mark.parametrize(
    ("fact", "floor"), [("action", 0.88), ("direction", 0.97), ("issuer", 0.95)]
)
def test_floors(fact, floor):
    place = {"action": 1, "direction": 2, "issuer": 3}[fact]

    def said(row):
        facts = read(row)
        return facts.actors.issuers if fact == "issuer" else getattr(facts.verdict, fact)

    wanted = [((row[place],) if fact == "issuer" else row[place]) for row in ROWS]
    assert share(said(row) == want for row, want in zip(ROWS, wanted, strict=True)) >= floor


def test_turns_of_phrase_turn_no_direction_round():
    """A doubt may make a measure neutral, and never the opposite of what it is."""
    said = [facts_of(passages_of(row[2], ""), lang=row[0]).verdict.direction for row in TURNS]
    assert [
        r[2] for r, d in zip(TURNS, said, strict=True) if {r[1], d} == {"ease", "restrict"}
    ] == []
    assert share(d == r[1] for r, d in zip(TURNS, said, strict=True)) >= 0.93


def test_every_language_has_rows():
    assert {row[0] for row in ROWS} == {"en", "zh", "ja", "ko", "de", "fr", "es", "ru"}


def test_what_a_headline_says_is_told_with_its_words():
    """Each verdict but talk carries the words that decided it."""
    bare = [row[4] for row in ROWS if row[1] != "statement" and not read(row).verdict.evidence]
    assert len(bare) <= 2
