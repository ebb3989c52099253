"""When the heartbeat rests: sources late, an account that takes nothing, a store that is full."""

from datetime import timedelta
from typing import Any

import pytest

from bot.model import Chat, ChatId, Figures, Owed, SourceState, State
from bot.watch.pulse import Signs, ailment
from tests.builders import NOON, row

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
START = NOON - 5 * HOUR
ROOM = Chat(id=ChatId("slack:T1:C1"), platform="slack", account="T1", room="C1")
SHUT = Chat(id=ChatId("slack:T1:C2"), platform="slack", account="T1", room="C2", active=False)
AWAY = Chat(id=ChatId("console::local"), platform="console", room="local")
CHATS = {chat.id: chat for chat in (ROOM, SHUT, AWAY)}


def source(ago, **given):
    """A source asked every 15 minutes that last answered so long ago; None: never."""
    succeeded = None if ago is None else NOON - ago
    return row(**given), SourceState(name="harbour", succeeded=succeeded)


def signs(*sources, **given: Any) -> Signs:
    usual: dict[str, Any] = {
        "sources": sources or (source(MINUTE),),
        "figures": Figures(),
        "chat": CHATS.get,
        "platforms": frozenset({"slack"}),
        "sent": {},
        "started": START,
    }
    return Signs(**(usual | given))


def owing(minutes, chat=ROOM, **given: Any) -> Figures:
    when = NOON - minutes * MINUTE
    return Figures(owed=(Owed(**({"chat": chat.id, "created": when, "not_before": when} | given)),))


@pytest.mark.parametrize(
    ("sources", "wrong"),
    [
        ([source(MINUTE)], ""),
        ([source(39 * MINUTE)], ""),
        ([source(41 * MINUTE)], "1 of 1 sources are late"),
        ([source(None)], "no source has answered since the start"),
        ([source(6 * HOUR)], "no source has answered since the start"),
        ([source(MINUTE), source(2 * HOUR)], ""),
        ([source(MINUTE), source(2 * HOUR), source(None)], "2 of 3 sources are late"),
        ([source(2 * HOUR, every=3 * HOUR)], ""),
        ([source(None, hours="01:00-02:00")], ""),
        ([source(MINUTE), source(20 * HOUR, hours="11:50-13:00")], ""),
    ],
)
def test_sources_are_late_after_two_of_their_own_intervals(sources, wrong):
    assert ailment(signs(*sources), NOON) == wrong


@pytest.mark.parametrize(
    ("figures", "sent", "stuck"),
    [
        (owing(9), {}, False),
        (owing(11), {}, True),
        (owing(11, first_try=NOON - 11 * MINUTE, not_before=NOON + MINUTE), {}, True),
        (owing(300, not_before=NOON - 9 * MINUTE), {}, False),
        (owing(300, not_before=NOON - 11 * MINUTE), {}, True),
        (owing(11, first_try=NOON - 11 * MINUTE, state=State.AMBIGUOUS), {}, True),
        (owing(11), {"slack:T1": NOON - 9 * MINUTE}, False),
        (owing(11), {"slack:T1": NOON - 11 * MINUTE}, True),
        (owing(11), {"telegram:7": NOON}, True),
        (owing(11, SHUT), {}, False),
        (owing(11, AWAY), {}, False),
        (owing(11, late=True), {}, False),
        (owing(11, not_before=NOON + HOUR), {}, False),
    ],
)
def test_an_account_is_stuck_when_nothing_gets_through(figures, sent, stuck):
    wrong = ailment(signs(figures=figures, sent=sent), NOON)

    assert wrong == ("nothing gets through to slack:T1" if stuck else "")


def test_what_was_owed_before_a_start_has_ten_minutes_too():
    begun = NOON - 5 * MINUTE

    assert ailment(signs(figures=owing(600), started=begun), NOON) == ""
    assert ailment(signs(figures=owing(600), started=begun), NOON + 6 * MINUTE) != ""


def test_a_full_disk_comes_first():
    assert ailment(signs(figures=Figures(trouble="full")), NOON) == "the store takes no commits"
