"""When a measure begins and ends, in eight languages; a missing year is the nearest that fits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.dates import _BEGINS, _NAMED, _names_a_day, days_of, past_days
from bot.classify.terms import tidy

SEEN = date(2025, 10, 9)
BEGINS = [
    "The rule is effective 1 December 2025",
    "Controls take effect on December 1",
    "Licences are needed from December 1, 2025",
    "in force from 1st December 2025",
    "It comes into effect on Monday, December 1, 2025",
    "The order enters into force on 1 Dec",
    "effective 2025-12-01",
    "Die Regel tritt am 1. Dezember in Kraft",
    "Die Regel gilt ab 1.12.2025",
    "entrera en vigueur le 1er décembre",
    "entrará en vigor el 1 de diciembre",
    "вступит в силу 1 декабря 2025 года",
    "将于2025年12月1日起正式实施",
    "12月1日生效",
    "2025年12月1日付で施行",
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
    "runs until 2026-11-10",
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
    "con efecto inmediato",
    "即日起暂停",
    "同日付で発効",
    "즉시 시행",
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


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("suspended for one year from 10 November 2025", date(2026, 11, 10)),
        ("for 90 days from 12 August 2025", date(2025, 11, 10)),
        ("自2025年11月10日起暂停一年", date(2026, 11, 10)),
        ("2025年11月10日から1年間", date(2026, 11, 10)),
        ("2025년 11월 10일부터 6개월간", date(2026, 5, 10)),
        ("ab dem 31. August 2025 für sechs Monate", date(2026, 2, 28)),
        ("à compter du 10 novembre 2025, pour un an", date(2026, 11, 10)),
        ("с 1 сентября 2025 года на шесть месяцев", date(2026, 3, 1)),
    ],
)
def test_what_lasts_for_a_time_ends_after_it(text: str, end: date) -> None:
    """The end is counted from the beginning, by the calendar."""
    assert days_of(tidy(text), SEEN).ends == (end,)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("until the end of 2026", date(2026, 12, 31)),
        ("until the end of February 2026", date(2026, 2, 28)),
        ("bis Ende August", date(2026, 8, 31)),
        ("до конца 2026 года", date(2026, 12, 31)),
        ("2026年末まで", date(2026, 12, 31)),
        ("until 31 August", date(2026, 8, 31)),
    ],
)
def test_an_end_lies_ahead(text: str, end: date) -> None:
    """The end of a month or a year is its last day; one without a year is still to come."""
    assert days_of(tidy(text), SEEN).ends == (end,)


@pytest.mark.parametrize("text", ["来月8日から施行", "다음 달 8일부터 시행", "下月8日起实施"])
def test_next_month_is_counted_from_the_report(text: str) -> None:
    """Without a day of the report it is no day."""
    assert days_of(tidy(text), SEEN).begins == (date(2025, 11, 8),)
    assert days_of(tidy(text), None).begins == ()


@pytest.mark.parametrize("text", ["Comments are taken until 29 November", "意见征集至11月29日"])
def test_the_end_of_a_consultation_is_no_end_of_the_measure(text: str) -> None:
    """The measure is not even in force."""
    assert days_of(tidy(text), SEEN).ends == ()


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


@pytest.mark.parametrize(
    "text",
    [
        "The August 15 decision is the latest in a series",
        "on 15 August 2025 Beijing said",
        "Seit dem 15. August gilt",
        "La décision du 15 août",
        "от 15 августа 2025 года",
        "8月15日の公告で",
        "8월 15일 발표한",
        "Announced 2025-08-15, it takes effect on 1 December",
    ],
)
def test_days_that_are_past_whatever_happened_on_them(text):
    assert past_days(tidy(text), SEEN) == {date(2025, 8, 15)}


@pytest.mark.parametrize("text", ["from 1 December 2025", "on 9 October", "15 firms in May", ""])
def test_what_is_no_past_day(text):
    assert not past_days(tidy(text), SEEN)


PIECES = [
    "effective ",
    "from ",
    "2025",
    "2026-1-",
    "31",
    "7",
    ".",
    "th",
    "er",
    " ",
    ", ",
    " de ",
    " of ",
]
MONTHS = ["september", "septiembre", "may", "jänner", "августа", "dec"]


@given(st.lists(st.sampled_from([*PIECES, *MONTHS, "x"]), max_size=12).map("".join))
def test_no_day_is_named_where_no_number_looks_like_one(text):
    """The quick look sends no text away in which the slow patterns find a day."""
    assert _names_a_day(text) or not (_NAMED.search(text) or _BEGINS.search(text))
