"""What a status says, line by line, and why a delivery is said to wait."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.model import Chat, ChatId, Figures, Health, Owed, State
from bot.vitals import Vitals, Wait, midnight, told
from tests.builders import NOON

MINUTE = timedelta(minutes=1)
OPEN = Chat(id=ChatId("slack:T1:C1"), platform="slack", account="T1", room="C1")
SHUT = Chat(id=ChatId("slack:T1:C2"), platform="slack", account="T1", room="C2", active=False)
CHATS = {chat.id: chat for chat in (OPEN, SHUT)}


def owed(**given: Any) -> Owed:
    usual: dict[str, Any] = {"chat": OPEN.id, "created": NOON, "not_before": NOON}
    return Owed(**(usual | given))


def vitals(*, out=False, **given):
    healths = [Health.OK, Health.OK, Health.BLOCKED]
    return Vitals(Figures(**given), healths, CHATS.get, lambda _: out, NOON)


@pytest.mark.parametrize(
    ("given", "out", "reason"),
    [
        ({}, False, Wait.PACED),
        ({}, True, Wait.CLOSED),
        ({"chat": SHUT.id}, False, Wait.SUSPENDED),
        ({"chat": ChatId("slack:T1:gone")}, False, Wait.SUSPENDED),
        ({"state": State.SENDING}, True, Wait.FLYING),
        ({"state": State.AMBIGUOUS}, False, Wait.DOUBT),
        ({"first_try": NOON, "not_before": NOON + MINUTE}, False, Wait.BACKING_OFF),
        ({"first_try": NOON, "not_before": NOON - MINUTE}, False, Wait.PACED),
        ({"not_before": NOON + MINUTE}, False, Wait.PLANNED),
        ({"late": True}, False, Wait.PLANNED),
    ],
)
def test_each_delivery_says_why_it_waits(given, out, reason):
    assert vitals(out=out, owed=(owed(**given),)).waiting() == {reason: 1}


def test_a_whole_status():
    figures = {
        "items": 214,
        "stories": 31,
        "sent": 12,
        "owed": (owed(), owed(), owed(chat=SHUT.id)),
        "dead": 2,
        "seen_after": tuple(map(float, range(1, 101))),
        "sent_after": (40.0,),
        "bytes_on_disk": 12_340_000,
        "last_snapshot": NOON - 5 * MINUTE,
    }

    assert list(told(vitals(**figures), "Asia/Shanghai")) == [
        "3 sources: 2 ok · 1 blocked",
        "Today (Shanghai): 214 items, 31 stories, 12 sent.",
        "Owed: 3. 2 waiting for their turn · 1 for a chat that is closed to us",
        "In the last 7 days: 0 uncertain, 2 dead, 0 expired.",
        "First seen after publication: median 50 s, 95 % within 1 min.",
        "Sent after publication: median 40 s, 95 % within 40 s.",
        "Store: 12.3 MB, last snapshot 5 min ago.",
    ]


def test_a_full_disk_comes_first():
    assert next(iter(told(vitals(trouble="No space is left."), "UTC"))) == "No space is left."


def test_nothing_yet_is_said_plainly():
    lines = list(told(vitals(), "UTC"))

    assert "Nothing is owed." in lines
    assert lines[-1] == "Store: 0.0 MB, no snapshot yet."


@pytest.mark.parametrize(
    ("zone", "began"),
    [
        ("UTC", datetime(2025, 6, 19, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2025, 6, 18, 16, tzinfo=UTC)),
        ("America/New_York", datetime(2025, 6, 19, 4, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2025, 6, 18, 18, 15, tzinfo=UTC)),
        ("../nowhere", datetime(2025, 6, 19, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_the_zones_midnight(zone, began):
    assert midnight(NOON, zone) == began
