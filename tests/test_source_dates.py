"""Dates as sources write them: read right, or not at all."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.dates import moment_of

INSTANTS = {
    "Wed, 23 Sep 2026 08:30:00 +0200": "2026-09-23T06:30",
    "Wed, 23 Sep 2026 08:30 GMT": "2026-09-23T08:30",
    "23 Sep 26 08:30:00 EST": "2026-09-23T13:30",
    "Wed, 23 September 2026 08:30:00 MET": "2026-09-23T07:30",
    "Wed, 1 Jul 2026 08:30:00 PT": "2026-07-01T15:30",
    "Wed, 1 Jul 2026 08:30:00 BST": "2026-07-01T07:30",
    "2026-09-23T08:30:00.000-04:00": "2026-09-23T12:30",
    "2026-09-23T08:30Z": "2026-09-23T08:30",
    "2026-09-23 08:30:59 +0900": "2026-09-22T23:30:59",
    "2026-09-23T23:59:60Z": "2026-09-23T23:59:59",
    "20260910T121500Z": "2026-09-10T12:15",
    "Sun Jan  4 16:29:06 GMT 2026": "2026-01-04T16:29:06",
    "September 23, 2026, 4:05 p.m. EDT": "2026-09-23T20:05",
    "23. Dezember 2026 08:30 MEZ": "2026-12-23T07:30",
}


@pytest.mark.parametrize(("text", "expected"), INSTANTS.items())
def test_reads_an_instant_in_its_own_zone(text, expected):
    moment = moment_of(text, "UTC")

    assert moment is not None
    assert moment.when == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert not moment.day_only


PLACED = {
    ("2026-08-06 18:42:37", "Asia/Shanghai"): "2026-08-06T10:42:37",
    ("2026-07-01 12:00:01", "America/New_York"): "2026-07-01T16:00:01",
    ("2026-12-01 12:00:01", "America/New_York"): "2026-12-01T17:00:01",
    ("Wed, 23 Sep 2026 08:30:00 CST", "Asia/Shanghai"): "2026-09-23T00:30",
    ("Wed, 23 Sep 2026 08:30:00 CST", "UTC"): "2026-09-23T14:30",
    ("Wed, 23 Sep 2026 08:30:00 IST", "Asia/Kolkata"): "2026-09-23T03:00",
    ("2026年9月23日 08:30", "Asia/Tokyo"): "2026-09-22T23:30",
}


@pytest.mark.parametrize(("asked", "expected"), PLACED.items())
def test_a_time_without_a_zone_is_in_that_of_its_source(asked, expected):
    moment = moment_of(*asked)

    assert moment is not None
    assert moment.when == datetime.fromisoformat(expected).replace(tzinfo=UTC)


DAYS = (
    "2026-10-03", "[2026-10-03]", "2026/10/3", "2026.10.03", "October 3, 2026", "3 October 2026",
    "3. Oktober 2026", "3 octobre 2026", "3 de octubre de 2026", "2026年10月3日",
    "2026년 10월 3일", "Oct. 3rd, 2026 - a note", "20261003", "2026-10-03 00:00:00",
)  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_the_sources_own_day_and_is_marked_as_one(text):
    moment = moment_of(text, "Asia/Shanghai")

    assert moment is not None
    assert moment.day_only
    assert moment.when == datetime(2026, 10, 2, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2026", "2026-09", "Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00",
        "2026-02-30", "31 Foo 2026", "99/99/9999", "2026-09-23T25:61:00Z", "9999999999999",
        "12:30", "Wed, 00 Sep 2026 08:30:00 GMT",
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_no_date(text):
    assert moment_of(text, "UTC") is None


@pytest.mark.parametrize(
    "text",
    [
        "Notice 12 units 2026: filed 3 October 2026",
        "October 3, 2026 - changed 2026-11-01",
        "Published on 2026-10-03, in force from 1 November 2026",
        "2024/25 season, 2026-10-03",
    ],
)
def test_the_first_true_date_of_a_text_counts(text):
    moment = moment_of(text, "UTC")

    assert moment is not None
    assert moment.when == datetime(2026, 10, 3, tzinfo=UTC)


def test_a_form_settles_the_order_of_day_and_month():
    moment = moment_of("09/10/2026", "Asia/Kolkata", "%d/%m/%Y")

    assert moment is not None
    assert (moment.when, moment.day_only) == (datetime(2026, 10, 8, 18, 30, tzinfo=UTC), True)
    assert moment_of("soon", "UTC", "%d/%m/%Y") is None


instants = st.datetimes(datetime(2000, 1, 2), datetime(2090, 1, 1)).map(  # noqa: DTZ001 - UTC next
    lambda naive: naive.replace(microsecond=0, tzinfo=UTC)
)
offsets = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))


@given(instants, offsets)
def test_every_instant_survives_both_standards(when, offset):
    """RFC 2822 and RFC 3339, in any zone: read back, it is the same instant."""
    local = when.astimezone(timezone(offset))

    for written in (format_datetime(local), local.isoformat()):
        moment = moment_of(written, "Asia/Shanghai")
        assert moment is not None
        assert moment.when == when


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text):
    moment = moment_of(text, "Europe/London")

    assert moment is None or moment.when.tzinfo is UTC
