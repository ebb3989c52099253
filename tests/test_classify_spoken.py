"""Days named without a date: by weekday, as today or yesterday, by a bare number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.spoken import spoken_days

FRIDAY = date(2026, 1, 9)


@pytest.mark.parametrize(
    ("day", "texts"),
    [
        (
            date(2026, 1, 8),
            (
                "The ministry said on Thursday",
                "teilte am Donnerstag mit",
                "a déclaré jeudi",
                "dijo el jueves",
                "сообщили в четверг",
                "商务部周四表示",
                "木曜日に発表した",
                "8日、米紙が報じた",
                "목요일 밝혔다",
                "8일 밝혔다",
                "announced yesterday",
                "昨天宣布",
            ),
        ),
        (FRIDAY, ("on Friday", "heute", "9日,商务部宣布", "오늘")),
        (date(2025, 12, 31), ("商务部31日表示",)),
    ],
)
def test_a_day_is_known_by_its_word_or_number(day, texts):
    for text in texts:
        assert spoken_days(text, FRIDAY) == {day}, text


@pytest.mark.parametrize(
    "text",
    [
        "30日間",
        "2025年第9号公告",
        "10月8日から",
        "90日",
        "a layer",
        "vorgestern",
        "30일 이내",
        "die Montage der Anlagen",
        "dans les montagnes",
        "окружающую среду",
        "上周日本限制出口",
    ],
)
def test_spans_numbers_and_whole_dates_are_no_such_days(text):
    assert spoken_days(text, FRIDAY) == frozenset()


@given(st.text(alphabet="0123456789日일 今昨周一五") | st.text(), st.dates(date(1990, 1, 1)))
def test_every_such_day_is_of_the_month_before(text, published):
    """Law: no day is ahead of the report, none is further back than two months."""
    assert all(0 <= (published - day).days <= 61 for day in spoken_days(text, published))
