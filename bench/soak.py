"""(g) A day of the whole bot on simulated time: does anything grow that should not?

    python -m bench.soak [HOURS [WARMING]]     # 24 and 12

The bot as `bot.app` puts it together, on a store on a disk; the clock is virtual, the network and
the chat service are invented. Sources publish a piece a minute, people ask, and what is older than
six hours is dropped, so that after the warming nothing has a reason to grow.
"""

import asyncio
import gc
import itertools
import logging
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.alerts import placed
from bench.report import Bar, Result, number
from bench.usage import held
from bot.app import Parts, assembled
from bot.model import Changes, Chat, Command, Delivery, Message, Row
from bot.parse.parser import here
from bot.ports import Answer
from bot.reading import Reader
from bot.serve import dispatching
from bot.settings import load
from bot.store import TinyStore
from sources import KINDS, full_text
from tests.fakechats import Limits
from tests.simulation.press import Press
from tests.simulator import memory
from tests.virtual import VirtualLoop, chance, clock

SOURCES, CHATS = 100, 20
KEPT = timedelta(hours=6)
HOUR = 3600.0
ASKED = ("latest", "search gallium", "status", "sources", "upcoming")


@dataclass(frozen=True)
class Sample:
    """What the bot holds at an hour: MB, objects that the collector knows, MB on the disk."""

    hour: float
    memory: float
    objects: int
    disk: float


class Sink:
    """A chat service that takes everything and remembers nothing."""

    name, pace = "fake", Limits(chat=1, account=25)

    def __init__(self) -> None:
        self._receipts = itertools.count()

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        del chat, delivery, reply_to
        return str(next(self._receipts))

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:
        """Take it."""

    async def find(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:
        raise NotImplementedError  # nothing is in doubt

    async def listen(self, answer: Answer) -> None:
        """Hear nobody: people speak to the listener itself."""

    async def close(self) -> None:
        """Hold nothing."""


async def lived(hours: float, folder: Path) -> tuple[list[Sample], int]:
    """Live for so long; return a sample for each hour, and how many items came."""
    chats, wishes = placed(CHATS, "export", "asks")
    store = TinyStore.open(folder)
    await store.commit(Changes(chats=chats, subscriptions=wishes))
    await store.close()
    press = Press(chance(), hours, SOURCES)
    rows = [site.row for site in press.sites]
    async with assembled(
        load(data_dir=folder), rows, lambda _: [Sink()], clock=clock, fetch=press.fetch
    ) as parts:
        parts.poller.reader = Reader(press.fetch, here, KINDS, full_text, clock)
        async with dispatching(parts), asyncio.TaskGroup() as group:
            tasks = [group.create_task(_read(parts, row)) for row in rows]
            tasks.append(group.create_task(_ask(parts, chats[0])))
            samples = [await _hour(parts, hour) for hour in range(1, int(hours) + 1)]
            for task in tasks:
                task.cancel()
        return samples, parts.tally.new


async def _read(parts: Parts, row: Row) -> None:
    while True:
        await parts.poller.poll(row)
        await asyncio.sleep(row.every.total_seconds())


async def _ask(parts: Parts, chat: Chat) -> None:
    for words in itertools.cycle(ASKED):
        await asyncio.sleep(HOUR / 6)
        verb, _, argument = words.partition(" ")
        await parts.listener.answer(Command(chat=chat, verb=verb, argument=argument))


async def _hour(parts: Parts, hour: float) -> Sample:
    await asyncio.sleep(HOUR)
    before = clock() - KEPT
    parts.stories.forget(before)
    await parts.store.drop(before, before)
    gc.collect()
    return Sample(hour, held(), len(gc.get_objects()), parts.store.bytes_on_disk / 1e6)


def run(hours: int = 24, warming: int = 12) -> list[Result]:
    """Live through the day, and compare its last hours with the first ones after the warming."""
    logging.disable(logging.CRITICAL)
    began, spent = time.perf_counter(), time.process_time()
    with (
        tempfile.TemporaryDirectory(dir=memory()) as folder,
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        samples, items = runner.run(lived(hours + warming, Path(folder)))
    logging.disable(logging.NOTSET)
    used = time.process_time() - spent
    day = samples[warming - 1 :]
    print(f"  {hours} hours in {time.perf_counter() - began:.0f} s: done", flush=True)
    shown = day[:: max(1, hours // 6)]
    table = [
        ("memory, MB", [number(s.memory) for s in shown]),
        ("objects, thousands", [number(s.objects / 1e3) for s in shown]),
        ("store, MB", [number(s.disk) for s in shown]),
    ]
    few = max(1, hours // 4)
    first, last = day[:few], day[-few:]
    bars = [
        Bar("(g) memory grows over the day, MB", _mean(last) - _mean(first), 3),
        Bar(
            "(g) a simulated day, with its commands, % of a core",
            100 * used / (hours + warming) / HOUR,
            0.5,
        ),
    ]
    note = f"{SOURCES} sources, {items} items, {CHATS} chats that want all of it; kept: {KEPT}."
    columns = [f"hour {s.hour:g}" for s in shown]
    return [Result("(g) a simulated day", columns, table, bars, note)]


def _mean(samples: list[Sample]) -> float:
    return sum(sample.memory for sample in samples) / len(samples)


def main() -> None:
    for result in run(*map(int, sys.argv[1:3])):
        print(result.text())


if __name__ == "__main__":
    main()
