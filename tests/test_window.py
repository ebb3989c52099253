"""The limit of an account: never more than it allows, and free at once where there is room."""

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.window import Window


@given(st.lists(st.floats(0, 2), max_size=60))
def test_no_span_ever_holds_more_than_the_limit(gaps: list[float]) -> None:
    window, now, sent = Window(5, 1.0), 0.0, list[float]()
    for gap in gaps:
        now += gap
        when = now + window.wait(now)
        window.take(when)
        sent.append(when)
    assert all(b - a >= 0.999 for a, b in zip(sent, sent[5:], strict=False))
    assert sent == sorted(sent)


def test_what_is_within_the_limit_goes_at_once() -> None:
    window = Window(2, 1.0)
    window.take(10.0)
    assert window.wait(10.0) == 0.0
    window.take(10.0)
    assert window.wait(10.25) == 0.75
