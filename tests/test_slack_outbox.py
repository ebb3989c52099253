"""The outbox and Slack by the real client: paced, and exactly once after a lost answer."""

import asyncio
import random  # noqa: TID251  # the outbox takes its chance from outside
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dispatch import Dispatcher
from bot.model import Changes, Delivery, DeliveryId, State
from bot.outbox import claim
from bot.platforms.slack import Slack
from bot.platforms.slack.payloads import chat_of
from bot.store import TinyStore
from tests.servers.slack import TEAM, SlackServer
from tests.servers.windows import BUSY
from tests.slackplay import at, owed

ROOMS = [f"C{n}" for n in range(10, 14)]


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # the server stamps with the real clock


class Unlucky:
    """Loses the answer to the first post into three rooms; two of these posts were taken."""

    def __init__(self) -> None:
        self._fates = {"C10": "drop", "C11": "500", "C12": "500-done"}

    def __call__(self, method: str, body: dict[str, Any]) -> str:
        return self._fates.pop(body["channel"], "") if method == "chat.postMessage" else ""


async def test_each_channel_gets_an_alert_once_though_answers_are_lost():
    server = SlackServer(Unlucky(), strict=True, jitter=BUSY)
    server.rooms |= {room: {"id": room, "is_member": True} for room in ROOMS}
    store = TinyStore.memory()
    chats = tuple(chat_of(TEAM, room) for room in ROOMS)
    await store.commit(Changes(chats=chats, deliveries=tuple(map(_due, ROOMS))))
    async with at(server) as slack:
        left = await _drained(store, slack)
    assert left == 0
    assert Counter(post.room for post in server.posts) == dict.fromkeys(ROOMS, 1)
    assert server.violations == 0
    receipts = {post.room: post.ts for post in server.posts}
    for room in ROOMS:
        row = store.delivery(DeliveryId(room))
        assert row is not None
        assert (row.state, row.receipt) == (State.SENT, receipts[room])


async def test_what_the_last_run_left_in_doubt_is_looked_up_before_slack_has_told_its_scopes():
    """The dispatcher starts before the platform listens; a repeat then would be a second alert."""
    server, store = SlackServer(), TinyStore.memory()
    async with at(server) as slack:
        sending = claim(_due("C1"), clock())
        receipt = await slack.send(chat_of(TEAM, "C1"), sending)
        await store.commit(Changes(chats=(chat_of(TEAM, "C1"),), deliveries=(sending,)))
        assert await _drained(store, slack) == 0
    assert "auth.test" not in server.calls
    row = store.delivery(sending.id)
    assert row is not None
    assert (row.state, row.receipt, len(server.posts)) == (State.SENT, receipt, 1)


async def test_without_the_scopes_what_is_in_doubt_is_repeated_once():
    server = SlackServer(lambda method, _b: "missing_scope" if "history" in method else "")
    store = TinyStore.memory()
    async with at(server) as slack:
        sending = claim(_due("C1"), clock())
        await store.commit(Changes(chats=(chat_of(TEAM, "C1"),), deliveries=(sending,)))
        assert await _drained(store, slack) == 0
    assert len(server.posts) == 1


async def _drained(store: TinyStore, slack: Slack) -> int:
    slack._pace = replace(slack.pace, lookup=timedelta(milliseconds=50))  # noqa: SLF001  # not ten seconds here
    sender = Dispatcher(store, {"slack": slack}, clock=clock, rng=random.Random(1))  # noqa: S311  # not for secrets
    task = asyncio.create_task(sender.run())
    left = await sender.drain(timedelta(seconds=60))
    await sender.stop()
    await task
    return left


def _due(room: str) -> Delivery:
    now = clock()
    return owed(room, chat=chat_of(TEAM, room).id, created=now, not_before=now)
