"""Slots never come faster than a platform allows, pauses hold, breakers probe one at a time."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import FAILURES, MARGIN, Breaker, Call, Method, Paces, is_group, spacing_of
from tests.builders import NOON
from tests.fakechats import Limits, chat

SECOND = timedelta(seconds=1)
ACCOUNT = ("fake", "a")


def paces(**limits):
    return Paces({"fake": Limits(**({"edits": 0} | limits))}, lookups=1)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 3)), min_size=2, max_size=60),
    st.sampled_from([0.5, 1.0, 30.0]),
    st.sampled_from([0.0, 1.0]),
)
def test_no_burst_whatever_the_idle_spells(calls, rate, per_chat):
    kept = paces(account=rate, chat=per_chat)
    now, slots = NOON, []
    for number, idle in calls:
        now += idle * SECOND
        call = Call(chat(number))
        when = kept.earliest(call, now)
        kept.take(call, when)
        slots.append((when, number))
        now = max(now, when)

    times = [when for when, _ in slots]
    gaps = [b - a for a, b in pairwise(times)]
    assert min(gaps) >= spacing_of(rate)
    for number in {n for _, n in slots} if per_chat else ():
        own = [when for when, n in slots if n == number]
        assert all(b - a >= spacing_of(per_chat) for a, b in pairwise(own))


def test_the_limit_is_approached_but_not_reached():
    assert timedelta(seconds=1 / 30) < spacing_of(30) == timedelta(seconds=1 / 28)
    assert 1 / MARGIN < 1.1


def test_threads_of_a_room_share_its_limit_and_groups_have_their_own():
    kept = paces(chat=1, group=1 / 3)
    group, topic = chat("-100"), chat("-100", thread="5")
    kept.take(Call(group), NOON)
    kept.take(Call(chat(7)), NOON)

    assert is_group(group)
    assert kept.earliest(Call(topic), NOON) == NOON + spacing_of(1 / 3)
    assert kept.earliest(Call(chat(7)), NOON) == NOON + spacing_of(1)


def test_edits_with_a_method_of_their_own_take_nothing_from_messages():
    kept = paces(account=1, chat=1, edits=1)
    kept.take(Call(chat(), Method.EDIT), NOON)

    assert kept.earliest(Call(chat()), NOON) == NOON
    assert kept.earliest(Call(chat(2), Method.EDIT), NOON) == NOON + spacing_of(1)


def test_edits_without_one_share():
    kept = paces(account=1)
    kept.take(Call(chat(), Method.EDIT), NOON)

    assert kept.shares("fake")
    assert kept.opens(ACCOUNT, Method.SEND, NOON) == NOON + spacing_of(1)


@pytest.mark.parametrize(
    ("scope", "same_chat", "other_chat", "edit_elsewhere"),
    [("chat", 9, 0, 0), ("method", 9, 9, 0), ("account", 9, 9, 9)],
)
def test_a_pause_holds_its_scope(scope, same_chat, other_chat, edit_elsewhere):
    kept = paces(edits=5)
    kept.pause(Call(chat(1)), scope, NOON + 9 * SECOND)
    kept.pause(Call(chat(1)), scope, NOON + SECOND)

    def waits(call):
        return (kept.quiet(call, NOON) - NOON).total_seconds()

    assert waits(Call(chat(1))) == same_chat
    assert waits(Call(chat(2))) == other_chat
    assert waits(Call(chat(2), Method.EDIT)) == edit_elsewhere


def test_what_is_over_is_forgotten_once_there_is_much_of_it():
    kept = paces(chat=1)
    for number in range(10_001):
        kept.take(Call(chat(number)), NOON)
    kept.pause(Call(chat(1)), "chat", NOON + timedelta(hours=1))

    kept.tidy(NOON + timedelta(minutes=1))

    assert kept.earliest(Call(chat(2)), NOON) == NOON
    assert kept.quiet(Call(chat(1)), NOON) == NOON + timedelta(hours=1)


def test_a_breaker_opens_after_failures_in_a_row_and_then_lets_one_probe_through():
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker = breaker.failed(NOON)
    assert breaker.allows(NOON, in_flight=9)

    breaker = breaker.failed(NOON)

    assert not breaker.allows(NOON, in_flight=0)
    assert breaker.until is not None
    assert breaker.allows(breaker.until, in_flight=0)
    assert not breaker.allows(breaker.until, in_flight=1)


def test_calls_that_were_in_flight_when_a_breaker_opened_make_it_rest_no_longer():
    """One blip fails all that are in flight: that is one failure of the account, not sixty."""
    breaker = Breaker()
    for _ in range(60):
        breaker = breaker.failed(NOON)

    assert breaker.until == NOON + timedelta(seconds=5)


def test_a_breaker_rests_longer_each_time_up_to_five_minutes():
    breaker, rests = Breaker(), []
    now = NOON
    for _ in range(FAILURES + 12):
        breaker = breaker.failed(now)
        rests.append((breaker.until or now) - now)
        now = breaker.until or now

    assert rests == sorted(rests)
    assert rests[-1] == timedelta(minutes=5)
