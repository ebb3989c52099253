"""(g) A day of the whole bot on simulated time: does anything grow that should not?

    python -m bench.soak [HOURS [WARMING]]     # 24 and 24

The bot as `bot.app` puts it together, on a store on a disk; the clock is virtual, the network and
the chat service are invented. Sources publish a piece a minute, people ask, and what is older than
six hours is dropped. No event is told for longer than an hour, so that after a first day, which
fills the caches, only the identities of what was met have a reason to grow.
"""

import asyncio
import gc
import itertools
import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import mean

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
from tests.simulation.press import FIRST, GOODS, ISSUERS, OTHER, News, Press
from tests.simulator import memory
from tests.virtual import VirtualLoop, chance, clock

SOURCES, CHATS = 100, 20
EVENTS = 7  # an hour
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
    for site in press.sites:
        site.news.clear()
    for piece in news(int(hours)):
        press.sites[piece.source].news.append(piece)
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


def news(hours: int) -> Iterator[News]:
    """Yield a piece a minute; every other one tells one of its hour's events."""
    rng = chance()
    events = rng.sample([*itertools.product(ISSUERS, GOODS)], EVENTS * hours)
    for minute in range(60 * hours):
        first = minute // 60 * EVENTS
        issuer, good = rng.choice(events[first : first + EVENTS])
        title = rng.choice(FIRST if minute % 2 else OTHER)
        title = title.format(issuer=issuer, good=good, n=minute)
        source = rng.randrange(SOURCES)
        yield News(60.0 * minute, source, minute, title, relevant=bool(minute % 2), dated=True)


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


def run(hours: int = 24, warming: int = 24) -> list[Result]:
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
    few = max(1, hours // 4)  # a quarter of the day: one retention's worth
    first, last = day[:few], day[-few:]
    whole = 100 * used / (hours + warming) / HOUR
    bars = [
        Bar("(g) memory at the day's end, times that at its beginning", _grown(first, last), 1.05),
        Bar("(g) a simulated day's work but for the network, % of a core", whole, 0.5),
    ]
    note = f"{SOURCES} sources, {items} items, {CHATS} chats that want all of it; kept: {KEPT}."
    columns = [f"hour {s.hour:g}" for s in shown]
    return [Result("(g) a simulated day", columns, table, bars, note)]


def _grown(first: Sequence[Sample], last: Sequence[Sample]) -> float:
    return mean(sample.memory for sample in last) / mean(sample.memory for sample in first)


def main() -> None:
    for result in run(*map(int, sys.argv[1:3])):
        print(result.text())


if __name__ == "__main__":
    main()
