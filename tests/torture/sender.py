"""A sender to be killed: `python -m tests.torture.sender` forks one for each line on its input.

A line is a JSON object (see `Order`). The forked process owes new alerts, says so in its log once
they are durable, sends what is owed, and logs what is settled. Forking from a process that has
imported everything makes a start cost milliseconds, so that thousands of kills are affordable.
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

import httpx

from bot.dispatch import Dispatcher, Options
from bot.model import Changes, Delivery, Kind
from bot.outbox import Rules
from bot.store import TinyStore
from tests.chatserver import HttpChats
from tests.fakechats import Limits, chat, owed
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
CHATS = 12


@dataclass(frozen=True, slots=True)
class Order:
    """What one life of the sender does. `die_at` is a step at which it kills itself (0: none)."""

    address: str
    folder: str
    log: str
    life: int
    new: int
    lookup: bool
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


class StepChats(HttpChats):
    """The platform, with a step before each request and before its answer is used."""

    steps = Steps(0)

    async def send(self, *given, **named) -> str:
        self.steps.step()
        receipt = await super().send(*given, **named)
        self.steps.step()
        return receipt

    async def find(self, *given) -> str | None:
        self.steps.step()
        found = await super().find(*given)
        self.steps.step()
        return found

    async def close(self) -> None:
        """Nothing is held."""


async def live(order: Order) -> None:
    """Owe, say so, send, say so."""
    store = StepStore.open(Path(order.folder))
    out = os.open(order.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def settled(delivery: Delivery) -> None:
        os.write(out, f"{delivery.state} {delivery.id} {time.monotonic()}\n".encode())

    async with httpx.AsyncClient(timeout=10) as client:
        limits = Limits(lookup=LAG if order.lookup else None)
        net = StepChats(order.address, client, limits, order.life)
        store.steps = net.steps = Steps(order.die_at)
        sender = Dispatcher(
            store,
            {"fake": net},
            clock=lambda: datetime.now(UTC),  # noqa: TID251  # a real process has a real clock
            rng=chance(order.life),
            options=Options(rules=RULES, settled=settled),
        )
        task = asyncio.ensure_future(sender.run())
        await _owe(store, order, out)
        sender.wake()
        await sender.drain(timedelta(seconds=60))
        await sender.stop()
        await task
    await store.close()


async def _owe(store: TinyStore, order: Order, out: int) -> None:
    now = datetime.now(UTC)  # noqa: TID251  # as above
    for number in range(order.new):
        at = chat((order.life + number) % CHATS)
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
