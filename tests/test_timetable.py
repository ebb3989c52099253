"""When deliveries may come: over all zones, changes of the clocks and settings. Laws, and cases."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Kind
from bot.timetable import FOREVER, Hold, hold, next_slot, quiet_until, unwanted, zone_of
from tests.builders import wish
from tests.fakechats import chat, owed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "America/Sao_Paulo",  # midnight itself was left out
    "Asia/Kathmandu",
    "Pacific/Apia",  # 30 December 2011 was left out
    "Africa/Casablanca",
    "UTC",
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # its zone is given
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
schedules = st.one_of(
    st.just("hourly"),
    st.builds("{} {:%H:%M}".format, st.sampled_from(["daily", "weekdays"]), times),
)
quiets = (
    st.tuples(times, times).filter(lambda t: t[0] != t[1]).map("{0[0]:%H:%M}-{0[1]:%H:%M}".format)
)
LONGEST = {"hourly": HOUR, "daily": 2 * DAY, "weekdays": 4 * DAY}


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# -- schedules ------------------------------------------------------------------------------------


@given(schedules, instants, zones)
def test_a_slot_is_later_and_not_later_than_the_schedule_says(schedule, when, zone):
    slot = next_slot(schedule, when, zone)

    assert when < slot <= when + LONGEST[schedule.partition(" ")[0]]


@given(schedules, instants, st.timedeltas(timedelta(0), DAY), zones)
def test_slots_keep_the_order_of_what_they_tell_and_none_lies_between(schedule, when, after, zone):
    """So each story has one digest, and no digest comes between a story and its own."""
    slot, later = next_slot(schedule, when, zone), next_slot(schedule, when + after, zone)

    assert later == slot if when + after < slot else later > slot


@given(st.dates(datetime(2012, 1, 1).date(), datetime(2029, 1, 1).date()), times, zones)  # noqa: DTZ001  # dates only
def test_each_local_day_has_one_slot_even_where_the_clocks_change(day, when, zone):
    slots = [datetime.combine(day - 2 * DAY, time(), zone).astimezone(UTC)]
    while len(slots) < 6:
        slots.append(next_slot(f"daily {when:%H:%M}", slots[-1], zone))

    days = [slot.astimezone(zone).date() for slot in slots[1:]]
    assert all(after - before == DAY for before, after in pairwise(days))


@pytest.mark.parametrize(
    ("schedule", "zone", "after", "slot"),
    [
        ("daily 08:00", "Asia/Shanghai", "2025-06-19T08:00", "2025-06-20T08:00"),
        ("daily 08:00", "Asia/Shanghai", "2025-06-19T07:59:59", "2025-06-19T08:00"),
        ("weekdays 07:30", "Europe/London", "2025-06-20T07:30", "2025-06-23T07:30"),
        ("daily 02:30", "America/New_York", "2025-03-08T12:00", "2025-03-09T03:30"),
        ("daily 01:30", "America/New_York", "2025-11-01T12:00", "2025-11-02T01:30"),
        ("hourly", "Asia/Kathmandu", "2025-06-19T10:20", "2025-06-19T11:00"),
        ("now", "UTC", "2025-06-19T10:20", "2025-06-19T10:20"),
        ("daily nonsense", "UTC", "2025-06-19T10:20", "2025-06-20T00:00"),
    ],
)  # fmt: skip
def test_slots(schedule, zone, after, slot):
    assert next_slot(schedule, at(after, zone), ZoneInfo(zone)) == at(slot, zone)


def test_a_time_that_comes_twice_counts_once():
    zone = ZoneInfo("America/New_York")
    first = next_slot("daily 01:30", at("2025-11-01T12:00", zone.key), zone)

    assert first == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    assert next_slot("daily 01:30", first, zone) == datetime(2025, 11, 3, 6, 30, tzinfo=UTC)


# -- quiet hours ----------------------------------------------------------------------------------


@given(instants, quiets, zones)
def test_quiet_hours_end_within_a_day_and_at_their_end_it_is_quiet_no_more(when, quiet, zone):
    closes = quiet_until(when, quiet, zone)

    assert closes is None or (when < closes <= when + 25 * HOUR)
    assert closes is None or quiet_until(closes, quiet, zone) is None


@pytest.mark.parametrize(
    ("when", "zone", "closes"),
    [
        ("2025-06-19T21:59", "Asia/Shanghai", None),
        ("2025-06-19T22:00", "Asia/Shanghai", "2025-06-20T07:00"),
        ("2025-06-20T06:59", "Asia/Shanghai", "2025-06-20T07:00"),
        ("2025-06-20T07:00", "Asia/Shanghai", None),
        ("2025-03-09T01:00", "America/New_York", "2025-03-09T07:00"),
    ],
)
def test_quiet_over_midnight(when, zone, closes):
    found = quiet_until(at(when, zone), "22:00-07:00", ZoneInfo(zone))

    assert found == (at(closes, zone) if closes else None)


# -- what holds a delivery ------------------------------------------------------------------------

NIGHT = at("2025-06-19T23:00")
MORNING = at("2025-06-20T07:00")
QUIET = chat(quiet="22:00-07:00")


def alert(created=NIGHT, **given):
    usual = {"created": created, "wishes": ("gallium",)}
    return owed("a-1", **(usual | given))


def wishes(*delivery):
    names = ("gallium", "germanium")
    return [wish(name, delivery=how) for name, how in zip(names, delivery, strict=False)]


@given(instants, st.timedeltas(timedelta(0), 9 * DAY), schedules, quiets, zones, st.booleans())
def test_it_comes_at_the_first_moment_that_all_settings_allow(  # a law over all
    created, later, schedule, quiet, zone, urgent
):
    """Never early, never in quiet hours, and at their end at the latest."""
    row, now = alert(created, urgent=urgent), created + later
    where = chat(quiet=quiet, zone=zone.key)
    held = hold(row, where, wishes(schedule), now)

    slot = created if urgent else next_slot(schedule, created, zone)
    due = max(now, slot)
    closes = None if urgent else quiet_until(due, quiet, zone)
    assert (held.until if held else now) == (closes or due)
    assert held is None or hold(row, where, wishes(schedule), held.until) is None


@pytest.mark.parametrize(
    ("row", "where", "asked", "until"),
    [
        (alert(), chat(), wishes("now"), None),
        (alert(), QUIET, wishes("now"), MORNING),
        (alert(urgent=True), QUIET, wishes("now"), None),
        (alert(urgent=True), chat(quiet="22:00-07:00 strict"), wishes("now"), MORNING),
        (alert(), chat(), wishes("daily 08:00"), at("2025-06-20T08:00")),
        (alert(), QUIET, wishes("daily 06:00"), MORNING),
        (alert(urgent=True), chat(), wishes("daily 08:00"), None),
        (alert(urgent=True), chat(), wishes("daily 08:00 strict"), at("2025-06-20T08:00")),
        (alert(wishes=("gallium", "germanium")), chat(), wishes("daily 08:00", "now"), None),
        (alert(), chat(), wishes("daily 08:00", "now"), at("2025-06-20T08:00")),
        (alert(), chat(paused=at("2025-06-22T00:00")), wishes("now"), at("2025-06-22T00:00")),
        (alert(urgent=True), chat(paused=FOREVER), wishes("now"), FOREVER),
        (alert(), chat(paused=NIGHT - HOUR), wishes("now"), None),
        (alert(kind=Kind.REMINDER, wishes=()), QUIET, (), None),
        (alert(kind=Kind.REMINDER, wishes=()), chat(paused=FOREVER), (), FOREVER),
        (alert(kind=Kind.DIGEST, wishes=()), QUIET, (), MORNING),
        (alert(kind=Kind.OPERATOR, wishes=()), chat(paused=FOREVER, quiet="22:00-07:00"), (), None),
        (alert(kind=Kind.EDIT), QUIET, wishes("daily 08:00"), None),
    ],
    ids=lambda value: "",
)  # fmt: skip
def test_holds(row, where, asked, until):
    found = hold(row, where, asked, NIGHT)

    assert (found.until if found else None) == until


def test_a_slot_that_was_missed_while_the_bot_was_off_is_due_at_once_but_not_by_night():
    late = alert(created=NIGHT - 2 * DAY)

    assert hold(late, chat(), wishes("daily 08:00"), NIGHT) is None
    assert hold(late, QUIET, wishes("daily 08:00"), NIGHT) == Hold(MORNING, "quiet hours")


def test_nobody_waits_for_what_was_muted_or_unsubscribed():
    assert "muted" in unwanted(alert(), chat(muted=("a",)), wishes("now"))
    assert "no longer subscribed" in unwanted(alert(), chat(), ())
    assert unwanted(alert(), chat(), wishes("now")) == ""
    assert unwanted(alert(wishes=()), chat(), ()) == ""
    assert unwanted(alert(kind=Kind.REMINDER), chat(muted=("a",)), ()) == ""


def test_a_zone_that_is_not_known_here_is_utc():
    assert zone_of(chat(zone="Mars/Phobos")).key == "UTC"
