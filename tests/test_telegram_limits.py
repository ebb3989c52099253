"""The pace of a room, the bucket of commands, and what a 429 pauses, in invented time."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.pace import spacing_of
from bot.platforms.telegram.limits import PACE, Bucket, Floods, Gate


def flow(gate: Gate, room: str, gaps: list[float]) -> list[float]:
    now, sent = 0.0, []
    for gap in gaps:
        now += gap
        now += gate.wait(room, now)
        gate.take(room, now)
        sent.append(now)
    return sent


@given(st.lists(st.floats(0, 30), max_size=80))
def test_a_group_never_gets_more_than_telegram_allows(gaps: list[float]) -> None:
    """Law: any twenty in a row span more than a minute, any two more than a second."""
    sent = flow(Gate(), "-100", gaps)
    assert all(b - a >= 1.0 for a, b in itertools.pairwise(sent))
    assert all(b - a >= 59.99 for a, b in zip(sent, sent[19:], strict=False))


def test_a_private_chat_has_no_limit_a_minute() -> None:
    assert flow(Gate(), "5", [0.0] * 60)[-1] < 63


def test_an_idle_room_is_answered_at_once() -> None:
    """A command in a quiet group waits for nothing, nor do the few after it wait long."""
    assert flow(Gate(), "-100", [0.0] * 5)[-1] < 5


def test_the_outbox_at_its_pace_never_waits_at_the_gate() -> None:
    """What is spaced by the declared rates passes freely."""
    gate = Gate()
    for room, rate in [("-100", PACE.group), ("5", PACE.chat)]:
        spacing = spacing_of(rate).total_seconds()
        for at in range(200):
            assert gate.wait(room, at * spacing) == 0
            gate.take(room, at * spacing)


def test_rooms_are_forgotten_when_they_are_many() -> None:
    """A broadcast to all the world leaves no list behind."""
    gate = Gate()
    for room in range(10_002):
        gate.take(str(room), 0.0)
    gate.take("-1", 1_000.0)
    assert len(gate._taken) == 1  # noqa: SLF001  # that nothing is left cannot be seen otherwise


def test_a_bucket_opens_again_after_a_minute() -> None:
    """Twenty a minute for each chat; the complaint is told once a minute."""
    bucket = Bucket()
    assert [bucket.takes("a", 0.0) for _ in range(21)] == [True] * 20 + [False]
    assert bucket.takes("b", 0.0)
    assert [bucket.tells("a", now) for now in (0.0, 59.0, 60.0)] == [True, False, True]
    assert bucket.takes("a", 60.0)


def test_one_chat_is_paused_alone() -> None:
    """The same chat again is its own limit; a second one within the wait means the account."""
    floods = Floods()
    assert floods.scope("5", 0.0, 10.0) == "chat"
    assert floods.scope("5", 5.0, 10.0) == "chat"
    assert floods.scope("6", 12.0, 3.0) == "account"
    assert floods.scope("7", 60.0, 3.0) == "chat"
