"""The gist line: who does what to which goods and from when, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify import classify
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


def _of(slug: str, *, in_title: bool = True) -> Evidence:
    return Evidence(fact="topic", value=slug, words=slug, in_title=in_title)


@pytest.mark.parametrize(
    ("slugs", "evidence", "goods"),
    [
        (("wheat", "grain", "food"), (_of("wheat"),), "wheat"),
        (("manganese", "critical-minerals", "battery"), (_of("manganese"),), "manganese"),
        (("dysprosium", "rare-earth"), (_of("dysprosium"),), "dysprosium"),
        (("dysprosium", "rare-earth"), (_of("dysprosium"), _of("rare-earth")), "rare earths"),
        (
            ("rare-earth", "nickel"),
            (_of("rare-earth"), _of("nickel", in_title=False)),
            "rare earths",
        ),
        (("gallium", "dual-use"), (_of("dual-use"), _of("gallium")), "gallium"),
        (("dual-use",), (_of("dual-use"),), "dual-use goods"),
        (("other",), (), ""),
    ],
)
def test_goods_are_those_named_and_no_wider(
    slugs: tuple[str, ...], evidence: tuple[Evidence, ...], goods: str
) -> None:
    """A ban on wheat is none on food; the title's goods go before those of the text."""
    label = replace(GRANTED, topics=tuple(map(Topic, slugs)), evidence=evidence)
    assert gist(label).removeprefix("China · approves export licences").removeprefix(" · ") == goods


@pytest.mark.parametrize(
    "action", ["licence-approval", "licence-denial", "enforcement", "statement"]
)
def test_what_begins_on_no_day_is_told_without_one(action: str) -> None:
    """The day that such a report names is that of an older measure."""
    label = replace(GRANTED, action=action, effective=(date(2025, 4, 4),))
    assert "2025" not in gist(label)


def test_a_topic_that_is_no_longer_known_is_left_out() -> None:
    """A label kept from before the trader edited the topics still gives a line."""
    gone = (_of("unobtainium"), _of("rare-earth"))
    label = replace(GRANTED, topics=(Topic("unobtainium"), Topic("rare-earth")), evidence=gone)
    assert gist(label) == "China · approves export licences · rare earths"


def test_goods_that_later_reports_brought_are_named_too() -> None:
    """A story's label holds what an official added; the words are those of its first report."""
    wider = Evidence(fact="wider", value="graphite", words="graphite")
    topics_ = (Topic("rare-earth"), Topic("graphite"), Topic("magnets"))
    label = replace(GRANTED, topics=topics_, evidence=(_of("rare-earth"), wider))
    assert gist(label) == "China · approves export licences · rare earths, graphite"


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("India weighs rice export ban", "India · considers new limits on exports · rice"),
        (
            "India considers lifting rice export ban",
            "India · considers easing its export controls · rice",
        ),
        (
            "US may ease chip export curbs on China",
            "US · considers export-control measures · semiconductors",
        ),
    ],
)
def test_a_plan_says_which_way_it_would_cut_where_that_is_sure(title: str, told: str) -> None:
    """A plan is neutral until it is a measure; a trader asks which way all the same."""
    assert gist(classify(title, "")) == told
