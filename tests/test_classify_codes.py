"""Control and tariff codes: one spelling for each, and no code where none is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.codes import codes_of
from bot.classify.terms import tidy


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ECCN 3A090 and 4A090.a", "3A090|4A090.a"),
        ("under 3A090.a.1 now", "3A090.a.1"),
        ("物项1C902.a.1出口", "1C902.a.1"),
        ("Güter nach 2B352j", "2B352.j"),
        ("entry ML7.h is changed", "ML7.h"),
        ("items that are EAR99", "EAR99"),
        ("HS codes 8105 and 2605.00", "HS 8105|HS 2605.00"),
        ("海关商品编号:2844439000、8112924010", "HS 2844.43.90.00|HS 8112.92.40.10"),
        ("HSコード2844.43の品目", "HS 2844.43"),
        ("HS 코드 2844.43", "HS 2844.43"),
        ("Zolltarifnummer 8112", "HS 8112"),
        ("position tarifaire 2612", "HS 2612"),
        ("partida arancelaria 1701", "HS 1701"),
        ("код ТН ВЭД ЕАЭС 1701", "HS 1701"),
    ],
)
def test_codes_in_every_spelling(text, codes):
    assert codes_of(tidy(text)) == tuple(codes.split("|"))


@pytest.mark.parametrize(
    "text",
    [
        "flight 3A0901",
        "2B or not 2B",
        "45 HS codes",
        "the HS 2022 edition",
        "a tariff of 2500 dollars",
        "model HS-200",
        "in 2025",
    ],
)
def test_what_is_no_code(text):
    assert codes_of(text) == ()


@given(st.integers(0, 9), st.sampled_from("ABCDE"), st.integers(0, 999), st.sampled_from("abcd"))
def test_a_code_reads_alike_with_and_without_its_dot(category, group, number, letter):
    code = f"{category}{group}{number:03}"
    assert codes_of(f"item {code}{letter} or {code}.{letter}") == (f"{code}.{letter}",)


@given(st.text(max_size=200))
def test_any_text_is_read_and_codes_stand_once(text):
    codes = codes_of(tidy(text))
    assert len(codes) == len(set(codes))
