"""The limit of an account: never more than it allows, and free at once after a pause."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.turnstile import Turnstile


@given(st.lists(st.floats(0, 2), max_size=60))
def test_messages_keep_their_distance(gaps: list[float]) -> None:
    turnstile, now, sent = Turnstile(5), 0.0, list[float]()
    for gap in gaps:
        now += gap
        when = now + turnstile.wait(now)
        turnstile.take(when)
        sent.append(when)
    assert all(b - a >= 0.1999 for a, b in pairwise(sent))


def test_after_a_pause_the_next_goes_at_once() -> None:
    turnstile = Turnstile(2)
    turnstile.take(10.0)
    assert turnstile.wait(10.25) == 0.25
    assert turnstile.wait(11.0) == 0.0
