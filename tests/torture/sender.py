"""A sender to be killed: `python -m tests.torture.sender` forks one for each line on its input.

A line is a JSON object (see `Order`). The forked process owes new alerts, says so in its log once
they are durable, sends what is owed, and logs what is settled, and its end. Forking from a process
that has imported everything makes a start cost milliseconds, so that thousands of kills are
affordable.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.dispatch import Dispatcher, Options
from bot.model import Changes, Delivery, Kind
from bot.outbox import Rules
from bot.platforms.slack import Access, Door, Slack
from bot.platforms.telegram import Options as TelegramOptions
from bot.platforms.telegram import Telegram
from bot.ports import Platform
from bot.store import TinyStore
from tests.chatserver import HttpChats
from tests.fakechats import Limits, owed
from tests.servers.slack import BOT_TOKEN
from tests.servers.telegram import TOKEN
from tests.torture.services import LOOKED_UP, place
from tests.virtual import chance

LAG = timedelta(seconds=0.15)  # the server's is 0.05
RULES = Rules(
    lease=timedelta(seconds=5),
    deadline=timedelta(seconds=2),
    margin=timedelta(seconds=1),
    base=timedelta(seconds=0.02),
    cap=timedelta(seconds=0.2),
    attempts=60,
    lookups=500,
)


@dataclass(frozen=True, slots=True)
class Order:
    """What one life of the sender does. `die_at` is a step at which it kills itself (0: none)."""

    address: str
    folder: str
    log: str
    life: int
    new: int
    flavour: str
    die_at: int = 0


class Steps:
    """Counts named steps, and ends the process at one of them as kill -9 does."""

    def __init__(self, die_at: int) -> None:
        self._left = die_at

    def step(self) -> None:
        """Be at a step."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class StepStore(TinyStore):
    """The store, with a step before and after each commit."""

    steps = Steps(0)

    async def commit(self, changes: Changes) -> None:
        self.steps.step()
        await super().commit(changes)
        self.steps.step()


class Stepping:
    """A platform, with a step before each request and before its answer is used.

    The limits are those of the harness: a real pace would let a life of a tenth of a second send
    nothing.
    """

    def __init__(self, platform: Platform, steps: Steps, pace: Limits, out: int) -> None:
        self._platform, self._steps, self.pace, self._out = platform, steps, pace, out
        self.name = platform.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    async def send(self, *given: Any, **named: Any) -> str:
        os.write(self._out, f"try {given[1].id} {time.monotonic()}\n".encode())
        self._steps.step()
        try:
            receipt = await self._platform.send(*given, **named)
        except asyncio.CancelledError:  # at the deadline, which only a busy machine comes to
            os.write(self._out, f"late {given[1].id} {time.monotonic()}\n".encode())
            raise
        self._steps.step()
        return receipt

    async def find(self, *given: Any, **named: Any) -> str | None:
        self._steps.step()
        found = await self._platform.find(*given, **named)
        self._steps.step()
        return found


def platform(order: Order, client: httpx.AsyncClient, pace: Limits) -> Any:
    """Return the client of a flavour: the real ones for Slack and Telegram."""
    match order.flavour:
        case "slack":
            return Slack(Access(bot_token=BOT_TOKEN, api_url=order.address), Door())
        case "telegram":
            address = f"{order.address}/life{order.life}"
            return Telegram(TOKEN, address, TelegramOptions(spacing=0))
        case _:
            return HttpChats(order.address, client, pace, order.life)


async def live(order: Order) -> None:
    """Owe, say so, send, say so."""
    store = StepStore.open(Path(order.folder))
    out = os.open(order.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def settled(delivery: Delivery) -> None:
        os.write(out, f"{delivery.state} {delivery.id} {time.monotonic()}\n".encode())

    async with httpx.AsyncClient(timeout=10) as client:
        account = 4.5 if order.flavour == "slack" else 0  # its client keeps a ceiling of its own
        lookup = LAG if order.flavour in LOOKED_UP else None
        limits = Limits(account=account, lookup=lookup)
        store.steps = steps = Steps(order.die_at)
        net: Any = Stepping(platform(order, client, limits), steps, limits, out)
        sender = Dispatcher(
            store,
            {net.name: net},
            clock=lambda: datetime.now(UTC),  # noqa: TID251  # a real process has a real clock
            rng=chance(order.life),
            options=Options(rules=RULES, settled=settled),
        )
        task = asyncio.ensure_future(sender.run())
        await _owe(store, order, out)
        sender.wake()
        await sender.drain(timedelta(minutes=5))
        await sender.stop()
        await task
        await net.close()
    await store.close()
    os.write(out, f"end {order.life} {time.monotonic()}\n".encode())


async def _owe(store: TinyStore, order: Order, out: int) -> None:
    now = datetime.now(UTC)  # noqa: TID251  # as above
    for number in range(order.new):
        at = place(order.flavour, order.life + number)
        story = f"{order.life}.{number}"
        rows = (
            owed(f"{story}-1", at, created=now),
            owed(f"{story}-2", at, created=now, kind=Kind.UPDATE, revision=2),
        )
        await store.commit(Changes(chats=(at,), deliveries=rows))
        os.write(out, "".join(f"owed {row.id} {time.monotonic()}\n" for row in rows).encode())


def serve() -> None:
    """Fork a sender for each order; at the line "kill" or "wait" see to its end, and say so."""
    logging.disable(logging.CRITICAL)
    while line := sys.stdin.readline():
        order = Order(**json.loads(line))
        pid = os.fork()
        if pid == 0:
            os.close(0)
            asyncio.run(live(order))
            os._exit(0)
        print(f"pid {pid}", flush=True)  # noqa: T201  # the protocol
        if sys.stdin.readline().strip() == "kill":
            os.kill(pid, signal.SIGKILL)  # even if it ended by itself, its pid is still its own
        _, status = os.waitpid(pid, 0)
        print(f"end {status}", flush=True)  # noqa: T201  # the protocol


if __name__ == "__main__":
    serve()
