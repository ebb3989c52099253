"""The screen: it sends nothing away that the full score would let in, and nearly all else."""

import json
import random  # noqa: TID251  # invents news
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import prose
from bot.classify import classify
from bot.classify.evidence import features_of, read
from bot.classify.passages import passages_of
from bot.classify.relevance import score_of
from bot.classify.screen import hopeless
from bot.classify.terms import lexicon
from bot.classify.topics import LANGUAGES, topics

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/labelled.jsonl").read_text("utf-8").splitlines()
]
TERMS = sorted(
    {
        term.replace("(s)", "s").strip("*=")
        for terms in chain(
            (t.get(lang, ()) for t in lexicon("relevance").values() for lang in LANGUAGES),
            (heading.terms for heading in topics().values()),
        )
        for term in terms
    }
)
PIECES = st.sampled_from([*TERMS, "x", "Boots", "…"])
GLUE = st.sampled_from([" ", ". The ", ", ", "。", "! ", "-", "\n", "다. ", ""])


def score(title, text):
    return score_of(features_of(read(passages_of(title, text))))


@st.composite
def texts(draw):
    """Terms of the lexicons in any order, as words of one sentence, of many, or grown together."""
    pieces = draw(st.lists(st.tuples(PIECES, GLUE), max_size=8))
    said = "".join(chain.from_iterable(pieces))
    return draw(st.sampled_from([said, said.upper(), said.title()]))


@settings(deadline=None)  # the first example reads the lexicons
@given(texts(), texts(), st.floats(0.0, 1.0))
def test_nothing_is_sent_away_that_the_score_lets_in(title, text, threshold):
    if hopeless(title, text, threshold):
        assert score(title, text) < threshold


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_our_rows_are_judged_alike_with_and_without_it(row, threshold):
    full = classify(row["title"], row["text"], threshold=threshold)
    screened = classify(row["title"], row["text"], threshold=threshold, why=False)
    assert screened.relevant is full.relevant


def test_everyday_news_is_sent_away():
    """Were it not, the screen would be a cost and no saving."""
    chance = random.Random(1)  # noqa: S311  # invents news
    told = [prose.everyday(chance) for _ in range(200)]
    assert sum(hopeless(title, text, 0.5) for title, text in told) > 190
