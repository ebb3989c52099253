"""When a publication passes each stage of the bot: probes at its edges, and a chat service."""

import asyncio
import itertools
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp

from bot.app import Parts
from bot.model import Chat, Cursor, Delivery, Item, Message, Row
from bot.owing import Desk
from bot.pipeline import Plan, steps
from bot.ports import Answer
from tests.fakechats import Limits as Unlimited

STAGES = ("asked", "received", "parsed", "decided", "committed", "handed over", "accepted")


@dataclass
class Watch:
    """When a publication passed each stage; the last two for each of its `count` alerts."""

    count: int
    at: dict[str, float] = field(default_factory=dict)
    alerts: dict[str, list[float]] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def mark(self, stage: str) -> None:
        """Note a stage of the poll."""
        self.at[stage] = time.perf_counter()

    def alert(self, stage: str) -> None:
        """Note a stage of one alert."""
        self.alerts.setdefault(stage, []).append(time.perf_counter())
        if len(self.alerts.get(STAGES[-1], ())) == self.count:
            self.over.set()

    def spans(self) -> dict[str, list[float]]:
        """Return seconds: each stage since the one before; alerts since the commit."""
        pairs = itertools.pairwise(STAGES[:5])
        found = {f"{old} -> {new}": [self.at[new] - self.at[old]] for old, new in pairs}
        done = self.at["committed"]
        for stage in STAGES[5:]:
            found[f"committed -> {stage}"] = [at - done for at in self.alerts[stage]]
        whole = [at - self.at["received"] for at in self.alerts["handed over"]]
        return found | {"received -> handed over": whole}


class Chats:
    """The chat service's client, which notes when a message comes to it, and when it arrived."""

    name, pace = "fake", Unlimited()

    def __init__(self, address: str, client: aiohttp.ClientSession) -> None:
        self._address, self._client = address, client
        self.watch = Watch(0)

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        self.watch.alert("handed over")
        asked = {"chat": chat.id, "delivery": delivery.id, "reply_to": reply_to}
        asked["text"] = delivery.message.text
        async with self._client.post(f"{self._address}/send", json=asked) as answer:
            receipt = await answer.json()
        self.watch.alert("accepted")
        return str(receipt["receipt"])

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:
        raise NotImplementedError  # every entry is an event of its own

    async def find(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:
        raise NotImplementedError  # nothing is in doubt

    async def listen(self, answer: Answer) -> None:
        """Hear nobody."""

    async def close(self) -> None:
        """Hold nothing."""


def watched(parts: Parts, chats: Chats) -> None:
    """Let the parts of a running bot note what passes through them."""
    poller, wake, read = parts.poller, parts.dispatcher.wake, parts.poller.reader.read

    async def reading(row: Row, cursor: Cursor) -> Any:
        sheet = await read(row, cursor)
        chats.watch.mark("parsed")
        return sheet

    def decide(items: Iterable[Item], desk: Desk, now: datetime) -> Generator[None, None, Plan]:
        plan = yield from steps(items, desk, now)
        chats.watch.mark("decided")
        return plan

    def committed(new: Iterable[Delivery] | None = None) -> None:
        chats.watch.mark("committed")
        wake(new)

    poller.editor.decide = decide
    poller.reader.read = reading  # type: ignore[method-assign]  # a probe
    parts.dispatcher.wake = committed  # type: ignore[method-assign]  # likewise
