"""What comes late comes together: when that is decided, and that nothing of it gets lost."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.digest import active, gathered, held_back, is_catching_up
from bot.model import Kind, SourceState, State
from tests.builders import NOON, row
from tests.fakechats import chat, owed

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def gathered_of(rows):
    return gathered(rows, chat(), lambda _: None, NOON, "told in a digest")


def state(ago, **given):
    return SourceState(name="harbour", succeeded=NOON - ago, **given)


@pytest.mark.parametrize(
    ("source", "ago", "late"),
    [
        (row(every=QUARTER), timedelta(minutes=16), False),
        (row(every=QUARTER), timedelta(minutes=74), False),
        (row(every=QUARTER), timedelta(minutes=76), True),
        (row(every=timedelta(hours=12)), timedelta(hours=12, minutes=30), False),
        (row(every=timedelta(hours=12)), timedelta(hours=14), True),
        (row(every=QUARTER, hours="11:30-20:00"), timedelta(hours=16), False),
        (row(every=QUARTER, hours="05:00-20:00"), timedelta(hours=16), True),
        (row(every=QUARTER, hours="20:30-05:00", zone="Asia/Shanghai"), timedelta(hours=9), False),
        (row(every=QUARTER, hours="20:30-05:00", zone="Asia/Shanghai"), timedelta(hours=17), True),
        (row(every=QUARTER), -HOUR, False),
    ],
    ids=[
        "on time",
        "an hour after its interval",
        "more",
        "a slow source",
        "a slow source that was late",
        "its night is no gap",
        "its morning is one",
        "its day, in its own zone",
        "hours over midnight, in its own zone",
        "the clock was set back",
    ],
)
def test_catching_up(source, ago, late):
    assert is_catching_up(state(ago), source, NOON) is late


def test_a_first_poll_is_no_gap_and_neither_is_a_wait_that_the_server_asked_for():
    asked = state(timedelta(hours=5), not_before=NOON - timedelta(minutes=1))

    assert not is_catching_up(SourceState(name="harbour"), row(), NOON)
    assert not is_catching_up(asked, row(), NOON)


def test_active_counts_only_the_hours_even_over_a_change_of_the_clocks():
    source = row(hours="01:00-05:00", zone="America/New_York")
    before, after = (datetime(2025, 3, day, 12, tzinfo=UTC) for day in (8, 9))

    assert active(before, after, source) == timedelta(hours=3)


def test_only_alerts_are_held_back():
    alert, edit = held_back((owed("a-1"), owed("a-2", kind=Kind.EDIT)), NOON)

    assert alert.late
    assert alert.not_before > NOON
    assert not edit.late


def test_every_story_stands_in_exactly_one_digest():
    rows = [owed(f"s{n}-1", late=True) for n in range(53)]
    ended, (digest,) = gathered_of(rows)

    words = re.findall(r"\w+", digest.message.text.rpartition("\n")[0])
    assert {(d.state, d.within) for d in ended} == {(State.EXPIRED, digest.id)}
    for delivery in rows:
        assert words.count(delivery.story) >= 1


def test_digests_tell_headlines_with_links_and_not_what_was_only_an_edit():
    rows = [owed("a-1"), owed("b-2", kind=Kind.UPDATE), owed("c-3", kind=Kind.EDIT)]
    ended, (digest,) = gathered_of(rows)

    links = [span.link for line in digest.message.lines for span in line.spans if span.link]
    assert digest.kind is Kind.DIGEST
    assert len(links) == 2
    assert "c-3" not in digest.message.text
    assert len(ended) == 3


def test_what_is_gathered_again_is_the_same_digest():
    rows = [owed("a-1"), owed("b-1")]

    assert gathered_of(rows)[1] == gathered_of(rows)[1]
