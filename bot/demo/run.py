"""`exportwire demo`: the bundled wire, polled by the real code at speed, told to the console."""

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot import app, catalogue, log
from bot.compose import said, span
from bot.demo.player import Player
from bot.demo.reel import Reel
from bot.demo.service import NewsService
from bot.demo.wire import Wire, load
from bot.fetch import Fetcher, Limits
from bot.model import Command, Message, Row
from bot.platforms.console import CHAT, Console
from bot.schedule import Schedule
from bot.serve import dispatching
from bot.settings import Settings
from bot.settings import load as load_settings

SPEED = 300.0  # simulated seconds a second
EVERY = timedelta(minutes=1)  # simulated, how often each source is polled
REST = EVERY + timedelta(seconds=15)  # simulated, played after a publication
TOPIC = "rare-earth"
NONE = timedelta()


@dataclass(slots=True)
class Rounds:
    """When each source's last finished poll began, in simulated time."""

    began: dict[str, datetime] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def done(self, name: str, began: datetime) -> None:
        """Note a poll that ended."""
        self.began[name] = began
        self._news.set()

    async def finished(self) -> None:
        """Wait for the next poll to end."""
        self._news.clear()
        await self._news.wait()

    def since(self, moment: datetime, rows: Sequence[Row]) -> bool:
        """Whether every source was polled, from start to end, since a moment."""
        return all(row.name in self.began and self.began[row.name] > moment for row in rows)


def main() -> int:
    """Run the demo; return the exit status."""
    log.start("warning", "text")
    asyncio.run(_demo())
    return 0


async def _demo() -> None:
    wire = load()
    moments = [piece.published for piece in wire.news]
    reel = Reel.of(wire.begins, moments, rest=REST)
    player = Player(reel, SPEED, time.monotonic)
    console = Console(sys.stdout, io.StringIO())
    console.show(said(_intro(wire, reel)))
    with tempfile.TemporaryDirectory(prefix="exportwire-demo-") as folder:
        settings = load_settings(data_dir=Path(folder))
        async with NewsService(wire, player.now) as service:
            await _play(wire, player, service, settings, console)


def _intro(wire: Wire, reel: Reel) -> str:
    days = {start.date() for start, _ in reel.stretches}
    return (
        f"A sample wire: {len(wire.news)} items from {len(wire.outlets)} outlets over {len(days)} "
        f"simulated days, in our own wording. Each source is polled once a simulated minute."
    )


async def _play(
    wire: Wire, player: Player, service: NewsService, settings: Settings, console: Console
) -> None:
    rows = catalogue.load(service.catalogue(named=True), "the sample wire")
    fetcher = Fetcher(
        contact=settings.contact,
        clock=player.now,
        allow=("127.0.0.1",),
        limits=Limits(spacing=0, per_host=16),
        resolve=service.resolve,
    )
    async with (
        fetcher,
        app.assembled(
            settings, rows, lambda _rooms: [console], clock=player.now, fetch=fetcher
        ) as parts,
        dispatching(parts),
    ):
        await parts.round()
        ask = Command(chat=CHAT, verb="subscribe", argument=TOPIC, person="demo", operator=True)
        console.show(await parts.listener.answer(ask))
        await _polled(parts, player)
        console.show(_summary(parts, wire))


async def _polled(parts: app.Parts, player: Player) -> None:
    """Poll by the real schedule until the reel is played and all that is owed was printed."""
    rounds, schedule = Rounds(), Schedule(speed=SPEED)
    for at, row in enumerate(parts.rows):

        async def poll(row: Row = row) -> None:
            began = player.now()
            await parts.poller.poll(row)
            rounds.done(row.name, began)

        first = EVERY * at / len(parts.rows)
        schedule.every(row.name, EVERY, poll, first=first, jitter=NONE)
    schedule.start()
    going = True
    while going:
        await _settled(parts, player, rounds)
        _progress(player)
        going = player.turn()
    await schedule.close()


async def _settled(parts: app.Parts, player: Player, rounds: Rounds) -> None:
    """Wait until what the stretch published was polled, and what it owes was printed."""
    last = player.stretch[1] - REST
    while not (player.held and rounds.since(last, parts.rows) and not parts.store.owed()):
        await rounds.finished()


def _progress(player: Player) -> None:
    if sys.stderr.isatty():
        line = f"\r{player.now():%d %b %Y %H:%M}  {player.part:4.0%} played\x1b[K\r"
        sys.stderr.write(line)


def _summary(parts: app.Parts, wire: Wire) -> Message:
    tally, median = parts.tally, parts.tally.median()
    seen = len(wire.pieces)
    lag = span(timedelta(seconds=median)) if median is not None else "unknown"
    return said(
        f"Polled {tally.polls} times ({tally.failures} failed): {tally.new} of {seen} items new, "
        f"{tally.irrelevant} not relevant, {tally.copies} copies folded, {tally.stories} stories.",
        f"{tally.alerts} alerts for {TOPIC}, each once; median {lag} from publication to alert, "
        "on the simulated clock.",
    )
