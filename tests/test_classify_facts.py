"""The facts together: stage, codes, companies and counts, each only where the text says so."""

from datetime import UTC, datetime

import pytest

from bot.classify.facts import Facts, facts_of
from bot.classify.passages import passages_of
from bot.model import Direction, Stage

SEEN = datetime(2025, 10, 9, 8, tzinfo=UTC)


def facts(title: str, text: str = "", lang: str = "en") -> Facts:
    return facts_of(passages_of(title, text), lang=lang, published=SEEN)


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("China considers curbs on indium exports", Stage.PROPOSED),
        ("China curbs indium exports, sources say", Stage.RUMOUR),
        ("China curbs indium exports", Stage.ANNOUNCED),
        ("China curbs indium exports from 1 December", Stage.ANNOUNCED),
        ("China curbs indium exports, effective immediately", Stage.IN_FORCE),
    ],
)
def test_the_stage_follows_from_hedges_and_days(title: str, stage: Stage) -> None:
    """What is weighed, said, announced or in force are four stages."""
    assert facts(title).stage is stage


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Items under 3A090 and 4A090.", ("3A090", "4A090")),
        ("控制编码1C902.a的物项", ("1C902.a",)),
        ("Goods of HS 8112.92 need a licence.", ("HS 8112.92",)),
        ("Flight 3A90 left at 8112.", ()),
    ],
    ids=["eccn", "chinese", "hs", "none"],
)
def test_control_codes_are_read(text: str, codes: tuple[str, ...]) -> None:
    """Codes of control lists and tariffs are found beside any script, and nothing like them."""
    assert facts("Export rules", text).codes == codes


def test_companies_come_with_their_listings() -> None:
    """A trader sees whom it hits, and under which ticker; private firms have none."""
    found = facts("Beijing curbs hit Lynas and Huawei")
    assert found.companies == ("Lynas", "Huawei")
    assert found.listings == ("ASX:LYC",)


@pytest.mark.parametrize(
    ("title", "lang", "count"),
    [
        ("US adds 80 entities to its Entity List", "en", "80"),
        ("美国将14家企业列入实体清单", "zh", "14"),
        ("米商務省、14社をエンティティー・リストに追加", "ja", "14"),
        ("미 상무부, 14개 기업 명단 등재", "ko", "14"),
        ("USA setzen 14 Firmen auf die Entity List", "de", "14"),
        ("Washington inscrit 14 entreprises sur la liste noire", "fr", "14"),
        ("Washington incluye 14 empresas en la lista negra", "es", "14"),
        ("США внесли 14 компаний в чёрный список", "ru", "14"),
    ],
)
def test_how_many_are_listed_is_evidence(title: str, lang: str, count: str) -> None:
    """The number of entities is found in each language, with its words."""
    (told,) = facts(title, lang=lang).entities
    assert told.value == count
    assert count in told.words


def test_a_cited_measure_tells_what_a_vague_text_does_not() -> None:
    """A note on Announcement No. 61 does what No. 61 does; its words must not cut the other way."""
    vague = facts("MOFCOM Announcement No. 61 of 2025: what exporters of rare earth controls face")
    assert vague.documents == ("cn-mofcom-2025-61",)
    assert (vague.verdict.action, vague.verdict.direction) == ("tighten", Direction.RESTRICT)
    undone = facts("China suspends controls of MOFCOM Announcement No. 61 of 2025")
    assert (undone.verdict.action, undone.verdict.direction) == ("suspension", Direction.EASE)


def test_every_fact_that_decides_shows_its_words() -> None:
    """Issuer, action and direction come with evidence."""
    told = {entry.fact for entry in facts("China bans antimony exports to the US").evidence}
    assert {"issuer", "action", "direction"} <= told


def test_a_text_that_says_nothing_has_no_facts() -> None:
    """Nothing is made up."""
    empty = facts("Weather")
    assert (empty.actors.issuers, empty.documents, empty.codes, empty.companies) == ((), (), (), ())
    assert (empty.days.begins, empty.days.ends, empty.evidence) == ((), (), ())
