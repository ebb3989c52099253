"""The gist line: who does what to which goods and from when, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.gist import gist
from bot.classify.terms import lexicon
from bot.classify.topics import topics
from bot.model import Direction, Evidence, Label, Stage, Topic

LANGUAGES = ("en", "zh", "ja")
ACTIONS = (
    "new-control", "tighten", "ban", "licence-approval", "licence-denial", "suspension", "lift",
    "entity-listing", "delisting", "quota", "proposal", "enforcement", "guidance", "statement",
)  # fmt: skip
GRANTED = Label(
    relevant=True,
    score=1.0,
    issuers=("CN",),
    action="licence-approval",
    direction=Direction.EASE,
    topics=(Topic("rare-earth"), Topic("dysprosium")),
)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "China · approves export licences · rare earths"),
        ("zh", "中国 · 批准出口许可 · 稀土"),
        ("ja", "中国 · 輸出を許可 · レアアース"),
        ("pt", "China · approves export licences · rare earths"),
    ],
)
def test_a_line_in_the_readers_language(lang: str, line: str) -> None:
    """Countries, acts and goods are all in one language; English where there is none."""
    assert gist(GRANTED, lang) == line


def test_days_are_told_where_known() -> None:
    """A beginning and an end, each as the language writes days."""
    label = replace(
        GRANTED, action="ban", effective=(date(2025, 3, 28),), expires=(date(2026, 1, 2),)
    )
    assert gist(label).endswith("effective 28 Mar 2025 · until 2 Jan 2026")
    assert "2025年3月28日" in gist(label, "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_many_are_listed_is_told_where_the_text_has_one_number(lang: str) -> None:
    """One number is told; two are ambiguous, so none is."""
    one = Evidence(fact="entities", value="80", words="80 entities")
    label = replace(GRANTED, action="entity-listing", evidence=(one,))
    assert "80" in gist(label, lang)
    two = (one, Evidence(fact="entities", value="12", words="12 firms"))
    assert "80" not in gist(replace(label, evidence=two), lang)


def test_a_pause_says_what_is_paused_only_where_known() -> None:
    """Exports paused, controls paused, and a pause of who knows what are three lines."""
    label = replace(GRANTED, action="suspension")
    lines = {gist(replace(label, direction=direction)) for direction in Direction}
    assert len(lines) == len(Direction)


def test_a_rumour_is_told_as_one() -> None:
    """What unnamed sources say is not told as done."""
    label = replace(GRANTED, hedged=True, stage=Stage.RUMOUR)
    assert "reportedly" in gist(label)
    assert "reportedly" not in gist(GRANTED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_act_and_topic_has_words(lang: str) -> None:
    """No reader meets a slug or another language."""
    words = lexicon("gist")[lang]
    missing = {a for a in ACTIONS if a not in words and a != "suspension"}
    missing |= {f"suspension-{d}" for d in Direction if f"suspension-{d}" not in words}
    assert not missing
    assert lang == "en" or set(topics()) == set(words["goods"])


@given(
    st.sampled_from(ACTIONS),
    st.sampled_from(Direction),
    st.lists(st.sampled_from(sorted(topics())), max_size=5, unique=True),
    st.sampled_from(LANGUAGES),
)
def test_nothing_is_told_that_the_label_does_not_hold(
    action: str, direction: Direction, found: list[Topic], lang: str
) -> None:
    """Law: no country without an issuer, no day without a date, no goods without a topic."""
    bare = Label(relevant=True, score=1.0, action=action, direction=direction, topics=tuple(found))
    parts = gist(bare, lang).split(" · ")
    told = set(found) - {"critical-minerals", "dual-use", "other"}
    assert len(parts) <= 2
    assert len(parts) == 2 or not told
    assert not any(sign.isdigit() for sign in parts[0])
