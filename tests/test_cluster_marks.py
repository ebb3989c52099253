"""Marks say in every language the same, and count what is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cluster.marks import by_kind, marks_of, series_of
from bot.cluster.wording import likeness, stems_of, words_of
from bot.model import Direction, Evidence, Topic
from tests.builders import item, label


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("EU adopts 12th package of sanctions", 12),
        ("Brüssel: 13. Sanktionspaket steht", 13),
        ("14e paquet de sanctions contre Moscou", 14),
        ("ЕС принял 15-й пакет санкций", 15),
        ("第十二轮对俄制裁", 12),
        ("対ロシア制裁第13弾", 13),
        ("第二十轮制裁", 20),
        ("EU, 16차 제재 채택", 16),
    ],
)
def test_the_round_of_a_package(title, number):
    assert f"round:{number}" in marks_of(item(title=title), label())


@pytest.mark.parametrize(
    "title", ["A package of 12 measures", "12 firms listed", "第61号公告", "Round up: metals"]
)
def test_what_is_no_round(title):
    assert not [mark for mark in marks_of(item(title=title), label()) if mark.startswith("round:")]


def test_targets_are_countries_or_companies():
    marks = marks_of(item(), label(targets=("JP", "Huawei", "GE Aerospace")))

    assert {"aim:jp", "firm:huawei", "firm:ge aerospace"} <= marks


def test_an_issuer_without_words_is_only_a_country_named():
    worded = Evidence(fact="issuer", value="CN", words="MOFCOM")

    marks = marks_of(item(), label(issuers=("CN", "VN"), evidence=(worded,)))

    assert {"issuer:CN", "cc:vn"} <= marks
    assert "issuer:VN" not in marks


def test_headings_and_vague_topics_are_no_goods():
    named = ("critical-minerals", "gallium", "dual-use", "other")
    kinds = by_kind(marks_of(item(), label(topics=tuple(map(Topic, named)))))

    assert kinds["goods"] == {"topic:gallium"}
    assert kinds["topic"] == {"topic:gallium", "topic:critical-minerals"}
    assert not {"topic:dual-use", "topic:other"} & {m for some in kinds.values() for m in some}


def test_every_country_named_is_a_land():
    kinds = by_kind(marks_of(item(), label(issuers=("CN",), targets=("US",), tokens={"cc:nl"})))

    assert kinds["land"] == {"land:cn", "land:us", "land:nl"}


def test_two_labels_that_say_the_same_have_the_same_marks():
    said = label(direction=Direction.RESTRICT, documents=("cn-mofcom-2025-61",))

    assert marks_of(item(title="One"), said) == marks_of(item(title="稀土", lang="zh"), said)


def test_a_series_is_a_number_without_its_last_part():
    assert series_of("doc:cn-mofcom-2025-61") == "doc:cn-mofcom-2025"


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Licences licensed", ["licenc", "licens"]),
        ("Exportación de níquel", ["export", "niquel"]),
        ("稀土出口", ["稀土", "土出", "出口"]),
        ("輸出", ["輸出"]),
        ("수출통제", ["수출", "출통", "통제"]),
        ("H20 to China in 2025", ["h20", "china"]),
        ("1,200 tonnes, 5 %", ["1200", "tonnes"]),
        ("", []),
    ],
)
def test_stems(text, stems):
    assert list(stems_of(text)) == stems


def test_a_wording_is_bounded():
    assert len(words_of(" ".join(f"w{n}rd" for n in range(500)), "")) == 64


@given(st.sets(st.text("abcdefgh", min_size=3, max_size=5), min_size=1))
def test_a_wording_is_wholly_like_itself(stems):
    words = frozenset(stems)

    assert likeness(words, words) == pytest.approx(1)
    assert likeness(words, frozenset()) == 0


@given(
    st.frozensets(st.sampled_from(["export", "china", "gallium", "zinc"]), min_size=1),
    st.frozensets(st.sampled_from(["export", "china", "gallium", "zinc"]), min_size=1),
)
def test_likeness_is_a_share_and_has_no_order(one, other):
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert 0 <= likeness(one, other) <= 1 + 1e-9


def test_rare_words_count_more_than_usual_ones():
    usual = likeness(
        frozenset({"export", "china", "alpha"}), frozenset({"export", "china", "beta"})
    )
    rare = likeness(
        frozenset({"sophgo", "nanjin", "alpha"}), frozenset({"sophgo", "nanjin", "beta"})
    )

    assert rare > 2 * usual
