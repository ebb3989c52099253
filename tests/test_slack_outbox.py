"""The outbox and Slack by the real client: paced, and exactly once after a lost answer."""

import asyncio
import random  # noqa: TID251  # the outbox takes its chance from outside
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.dispatch import Dispatcher
from bot.model import Changes, Delivery, DeliveryId, State
from bot.platforms.slack import Slack
from bot.platforms.slack.payloads import chat_of
from bot.store import TinyStore
from tests.servers.slack import TEAM, SlackServer
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
    server = SlackServer(Unlucky(), strict=True)
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
