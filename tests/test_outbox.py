"""The arrows of a delivery's life: what each step keeps, costs and refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import outbox
from bot.errors import TryLaterError
from bot.model import Kind, State
from bot.outbox import USUAL
from tests.builders import NOON
from tests.fakechats import owed

LAG = timedelta(seconds=40)
SECOND = timedelta(seconds=1)


def sending(**given):
    return outbox.claim(owed("a", created=NOON, **given), NOON)


def test_a_claim_takes_a_lease_a_token_and_an_attempt():
    claimed = outbox.claim(outbox.release(sending(), NOON), NOON + SECOND)

    assert claimed.state is State.SENDING
    assert (claimed.token, claimed.attempts) == (2, 1)
    assert claimed.first_try == NOON
    assert claimed.lease_until == NOON + SECOND + USUAL.lease


def test_only_the_token_of_the_last_claim_may_settle():
    first = sending()
    second = outbox.claim(outbox.release(first, NOON), NOON)

    assert outbox.is_mine(second, second)
    assert not outbox.is_mine(first, second)
    assert not outbox.is_mine(first, outbox.cancel(first, "forgotten"))
    assert not outbox.is_mine(first, None)


@pytest.mark.parametrize(
    ("late", "may"),
    [(0, True), (24, True), (26, False), (3600, False), (-3600, False)],
    ids=["at once", "in time", "too near the end", "clock ran ahead", "clock was set back"],
)
def test_a_request_leaves_only_well_within_its_lease(late, may):
    assert outbox.may_send(sending(), NOON + late * SECOND) is may


def test_a_wait_that_the_platform_named_costs_no_attempt():
    told = TryLaterError("429", 30 * SECOND, told=True)

    after = outbox.later(sending(), told, NOON, chance=0.5)

    assert (after.state, after.attempts) == (State.PENDING, 0)
    assert after.not_before == NOON + 30 * SECOND


def test_a_named_wait_is_believed_up_to_an_hour():
    told = TryLaterError("429", timedelta(days=9), told=True)

    assert outbox.later(sending(), told, NOON, 0.5).not_before == NOON + timedelta(hours=1)


def test_a_failure_costs_an_attempt_and_waits_at_least_what_was_asked():
    after = outbox.later(sending(), TryLaterError("busy", 9 * SECOND), NOON, chance=0.0)

    assert after.attempts == 1
    assert after.not_before == NOON + 9 * SECOND


@given(st.integers(0, 200), st.floats(0, 1, exclude_max=True))
def test_backoff_is_anywhere_below_a_doubling_cap(attempts, chance):
    span = outbox.backoff(owed("a", attempts=attempts), chance)

    assert timedelta() <= span <= min(USUAL.cap, 2 * SECOND * 2 ** min(max(attempts - 1, 0), 12))


def test_not_found_is_believed_only_after_asking_twice_over_more_than_the_lag():
    doubt = outbox.ambiguous(sending(), "timeout", NOON, LAG)
    asked = outbox.not_found(doubt, doubt.not_before, LAG)
    again = outbox.not_found(asked, asked.not_before, LAG)

    assert doubt.state is asked.state is State.AMBIGUOUS
    assert asked.not_before - doubt.not_before > LAG
    assert again.state is State.PENDING


def test_what_cannot_be_looked_up_is_repeated_unless_the_chat_wants_no_repeats():
    doubt = outbox.ambiguous(sending(), "timeout", NOON, None)

    assert outbox.repeat(doubt, NOON, 0.5, allowed=True).state is State.PENDING
    assert outbox.repeat(doubt, NOON, 0.5, allowed=False).state is State.UNCERTAIN


def test_an_edit_may_always_be_repeated_for_it_shows_no_second_copy():
    doubt = outbox.ambiguous(sending(kind=Kind.EDIT), "timeout", NOON, None)

    assert outbox.repeat(doubt, NOON, 0.5, allowed=False).state is State.PENDING


def test_at_start_every_row_in_sending_is_ambiguous_and_no_other_is_touched():
    rows = (sending(), owed("b"), outbox.sent(sending(), "r1", NOON))

    assert [d.state for d in outbox.recover(rows, NOON, None)] == [State.AMBIGUOUS]


def test_a_start_counts_look_ups_from_nought_since_only_the_wall_clock_knows_the_last_one():
    doubt = outbox.ambiguous(sending(), "timeout", NOON, LAG)
    asked = outbox.not_found(doubt, doubt.not_before, LAG)

    assert [d.lookups for d in outbox.recover((doubt, asked), NOON, LAG)] == [0]


@pytest.mark.parametrize(
    ("changed", "spent"),
    [
        ({}, False),
        ({"created": NOON - timedelta(hours=7), "not_before": NOON - timedelta(hours=7)}, True),
        ({"created": NOON - timedelta(hours=7)}, False),
        ({"created": NOON - timedelta(hours=7), "first_try": NOON}, True),
        ({"attempts": 12}, True),
        ({"kind": Kind.DIGEST, "attempts": 12}, False),
    ],
    ids=["new", "old", "planned for now", "old and tried", "tried out", "a digest is patient"],
)
def test_spent(changed, spent):
    delivery = replace(owed("a"), **({"created": NOON, "not_before": NOON} | changed))

    assert outbox.is_spent(delivery, NOON) is spent


def test_a_clock_set_back_a_year_holds_nothing_longer_than_an_hour():
    past = NOON - timedelta(days=365)
    tried = outbox.release(sending(), NOON + SECOND)

    assert outbox.wait(owed("a", created=NOON), past) == timedelta()
    assert outbox.wait(tried, past) == timedelta(hours=1)


def _steps(chance):
    """Every arrow that leaves a state, by that state."""
    named = TryLaterError("busy", SECOND, told=True)
    return {
        State.PENDING: [
            outbox.claim,
            lambda d, _: outbox.expire(d, "old"),
            lambda d, _: outbox.cancel(d, "gone"),
        ],
        State.SENDING: [
            lambda d, now: outbox.sent(d, "r", now),
            outbox.release,
            lambda d, now: outbox.later(d, named, now, chance),
            lambda d, now: outbox.later(d, TryLaterError("no"), now, chance),
            lambda d, _: outbox.rejected(d, "never"),
            lambda d, now: outbox.ambiguous(d, "lost", now, LAG),
        ],
        State.AMBIGUOUS: [
            lambda d, now: outbox.sent(d, "r", now),
            lambda d, now: outbox.not_found(d, now, LAG),
            lambda d, now: outbox.postpone(d, now, SECOND),
            lambda d, now: outbox.repeat(d, now, chance, allowed=True),
            lambda d, now: outbox.repeat(d, now, chance, allowed=False),
        ],
    }


@given(st.lists(st.tuples(st.integers(0, 99), st.floats(0, 1, exclude_max=True)), max_size=40))
def test_whatever_happens_only_a_claim_holds_a_lease_and_an_end_stays(walk):
    now, row = NOON, owed("a", created=NOON)
    for pick, chance in walk:
        steps = _steps(chance).get(row.state, [])
        if not steps:
            assert row.state in outbox.ENDS
            break
        before, row = row, steps[pick % len(steps)](row, now)
        now += SECOND
        assert (row.lease_until is not None) == (row.state is State.SENDING)
        assert row.token >= before.token
        assert row.attempts >= 0
        assert (row.id, row.chat, row.message) == (before.id, before.chat, before.message)
        assert (row.receipt != "") == (row.state is State.SENT)
