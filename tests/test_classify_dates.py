"""When a measure begins and ends, in eight languages; a missing year is the nearest that fits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.dates import days_of
from bot.classify.terms import tidy

SEEN = date(2025, 10, 9)
BEGINS = [
    "The rule is effective 1 December 2025",
    "Controls take effect on December 1",
    "Licences are needed from December 1, 2025",
    "in force from 1st December 2025",
    "措施自2025年12月1日起施行",
    "12月1日起实施",
    "12月1日に施行する",
    "2025年12月1日から適用",
    "12월 1일부터 시행",
    "Die Regel gilt ab 1. Dezember 2025",
    "ab dem 1. Dezember",
    "à compter du 1er décembre 2025",
    "a partir del 1 de diciembre de 2025",
    "с 1 декабря 2025 года",
]
ENDS = [
    "suspended until 10 November 2026",
    "runs through November 10, 2026",
    "expires on 10 November 2026",
    "暂停至2026年11月10日",
    "2026年11月10日まで停止",
    "2026년 11월 10일까지 유예",
    "ausgesetzt bis zum 10. November 2026",
    "suspendu jusqu'au 10 novembre 2026",
    "suspendido hasta el 10 de noviembre de 2026",
    "приостановлено до 10 ноября 2026 года",
]
NOW = [
    "The ban is effective immediately",
    "with immediate effect",
    "公告自公布之日起实施",
    "即日施行",
    "Es gilt mit sofortiger Wirkung",
    "avec effet immédiat",
]


@pytest.mark.parametrize("text", BEGINS)
def test_the_day_it_begins(text: str) -> None:
    """Each way to say it leads to 1 December 2025."""
    assert days_of(tidy(text), SEEN).begins == (date(2025, 12, 1),)


@pytest.mark.parametrize("text", ENDS)
def test_the_day_it_ends(text: str) -> None:
    """An end is an end, and not a beginning."""
    days = days_of(tidy(text), SEEN)
    assert (days.begins, days.ends) == ((), (date(2026, 11, 10),))


@pytest.mark.parametrize("text", NOW)
def test_at_once_means_the_day_of_the_report(text: str) -> None:
    """Without a day of the report, no day is made up."""
    assert days_of(tidy(text), SEEN).begins == (SEEN,)
    assert days_of(tidy(text), None).begins == ()


def test_a_year_is_guessed_forward_over_new_year() -> None:
    """In December, "from 15 January" is next year's."""
    assert days_of("from 15 January", date(2025, 12, 20)).begins == (date(2026, 1, 15),)


def test_without_a_year_and_a_report_nothing_is_guessed() -> None:
    """No year can be told."""
    assert days_of("from 15 January", None).begins == ()


@pytest.mark.parametrize(
    "text",
    [
        "The ministry met on 3 March 2025",
        "from 31 February 2025",
        "12月3日,商务部发言人说",
        "prices from 2024",
    ],
    ids=["other-day", "no-such-day", "day-of-speech", "year-alone"],
)
def test_other_days_are_not_taken(text: str) -> None:
    """A day that is not said to begin or end anything is left alone."""
    days = days_of(tidy(text), SEEN)
    assert (days.begins, days.ends) == ((), ())


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_full_date_reads_alike_everywhere(day: date) -> None:
    """Law: with its year, a date is the same in the East and in the West."""
    texts = [
        f"effective {day.day} {day:%B} {day.year}",
        f"effective {day:%B} {day.day}, {day.year}",
        f"自{day.year}年{day.month}月{day.day}日起施行",
        f"{day.year}년 {day.month}월 {day.day}일부터 시행",
    ]
    assert {days_of(text, SEEN).begins for text in texts} == {(day,)}


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    """Law: any text gives days in order, and none both begins and ends."""
    days = days_of(tidy(text), SEEN)
    assert list(days.begins) == sorted(set(days.begins))
    assert not set(days.begins) & set(days.ends)
