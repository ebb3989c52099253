"""Run the bot: once, or on and on, until the input ends or a signal comes."""

import asyncio
import contextlib
import gc
import logging
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot import log
from bot.app import RECENT, Parts, assembled
from bot.chosen import rows_of
from bot.compose import said
from bot.errors import BotError, DiskError, FullError, StoreError
from bot.model import Row
from bot.platforms.console import Console, command_of
from bot.ports import Platform
from bot.progress import Progress
from bot.rooms import Rooms
from bot.schedule import Schedule
from bot.services import connected
from bot.settings import Settings, hours
from bot.stop import Stop, stopped, unless
from bot.vigil import Checks, vigil

logger = logging.getLogger("exportwire.serve")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = timedelta(minutes=1)  # the first round is over by then
OWED_WAIT = timedelta(seconds=30)
POLL_WAIT = timedelta(seconds=5)  # a poll that is cut off is made again, and has kept nothing
EAR_WAIT = 5.0  # seconds
CANNOT_START, DISK_FAILED = 2, 3
JITTER = timedelta(seconds=16)  # spreads polls; a source is late by no more than people notice
YOUNG = 20_000  # new objects between two looks for cycles
FIRST_ROUND = timedelta(seconds=10)  # the first polls are spread over this
NOTHING = "No source answered: is there a network? `make demo` shows the bot without one."


def run(settings: Settings, *, once: bool, console: bool) -> int:
    """Run the bot until it is told to stop; return the exit status, 3 where the disk failed."""
    log.start(_level(settings), settings.log_format, settings.secrets)
    try:
        return asyncio.run(_run(settings, once=once, console=console))
    except (DiskError, FullError) as error:
        logger.critical("ended by the disk", extra={"error": str(error)})
        return DISK_FAILED
    except BotError as error:
        if settings.log_format != "json":
            raise
        logger.critical("cannot start", extra={"error": str(error)})
        return CANNOT_START


def _level(settings: Settings) -> str:
    """Keep logs of single polls out of a terminal's chat, unless they were asked for."""
    asked = "log_level" in settings.model_fields_set
    return settings.log_level if asked or not sys.stderr.isatty() else "error"


async def _run(settings: Settings, *, once: bool, console: bool) -> int:
    rows, stop = rows_of(settings), stopped()
    progress = Progress(sum(row.enabled for row in rows))
    history = settings.data_dir / "history"
    chat = Console(sys.stdout, sys.stdin, history=history, status=progress.line)
    shown = [chat] if console or once or not settings.chats_configured else []

    def platforms(rooms: Rooms) -> list[Platform]:
        return [*shown, *connected(settings, rooms)]

    catch_up = None if once else hours(settings.catch_up_after)  # runs of --once are planned gaps
    async with assembled(settings, rows, platforms, catch_up=catch_up) as parts:
        if once:
            await unless(stop, run_once(parts, chat))
        else:
            await Run(parts, chat if shown else None, progress, settings).until(stop)
    return 0


async def run_once(parts: Parts, chat: Console) -> None:
    """Poll every source once, deliver, answer what was typed, deliver again."""
    async with dispatching(parts):
        answered = await parts.round()
        await parts.dispatcher.drain(OWED_WAIT)
        if not answered and parts.rows:
            chat.show(said(NOTHING))
        await chat.listen(parts.listener.answer)
        await parts.dispatcher.drain(OWED_WAIT)


@dataclass(frozen=True, slots=True)
class Run:
    """A bot that runs on and on, with what it shows."""

    parts: Parts
    console: Console | None
    progress: Progress
    settings: Settings

    async def until(self, stop: Stop) -> None:
        """Poll at each source's pace and answer commands, until the input ends or a signal comes.

        Raises DiskError where nothing more can be promised.
        """
        parts, schedule, chat = self.parts, Schedule(), self.console
        async with (
            dispatching(parts) as sending,
            listening(parts) as ears,
            vigil(parts, self.settings, Checks(parts, ears, self.progress.is_whole)) as keeping,
        ):
            self._arm(schedule)
            schedule.start()
            await unless(stop, asyncio.wait_for(parts.late, None))
            settle_memory()
            if chat and chat.terminal:
                chat.show(await parts.listener.answer(command_of("/start")))
            ends = {sending, keeping, stop, *([ears[chat.name]] if chat else [])}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for failed in filter(asyncio.Task.done, (sending, keeping)):
                failed.result()
            if not stop.done():  # the console's input ended: what it asked for is still told
                await unless(stop, self._finish(schedule))
            await asyncio.gather(parts.dispatcher.stop(), schedule.close(POLL_WAIT))

    def _arm(self, schedule: Schedule) -> None:
        parts = self.parts
        for at, row in enumerate(parts.rows):
            self._put(schedule, row, FIRST_ROUND * at / max(1, len(parts.rows)))
        self.progress.total = len(parts.rows)
        parts.rows.follow(partial(self._changed, schedule))
        # names that no source can have
        schedule.every("(skim)", HOUR, parts.skim, first=SOON, jitter=SOON)
        tidy = partial(retain, parts, self.settings)
        schedule.every("(retention)", DAY, tidy, first=HOUR, jitter=HOUR)

    def _put(self, schedule: Schedule, row: Row, first: timedelta) -> None:
        poll = partial(self._poll, row)
        jitter = min(row.every / 10, JITTER)
        schedule.every(row.name, row.every, poll, first=first, jitter=jitter)

    def _changed(self, schedule: Schedule, row: Row, polled: bool) -> None:  # noqa: FBT001  # the roster's shape
        """Follow people who add sources, polled already once, and remove them."""
        self.progress.changed(row.name, polled=polled)
        if polled:
            self._put(schedule, row, row.every)
        else:
            schedule.cancel(row.name)

    async def _poll(self, row: Row) -> None:
        """Poll a source, unless the disk is full: what cannot be kept need not be asked for."""
        if self.parts.store.trouble:
            return
        try:
            answered = await self.parts.poller.poll(row)
        except StoreError as error:  # nothing of it was kept, so the next poll brings it again
            logger.warning("poll not kept", extra={"source": row.name, "error": str(error)})
        else:
            self.progress.polled(row.name, answered=answered, nothing=self._nothing)

    def _nothing(self) -> None:
        if self.console:
            self.console.show(said(NOTHING))
        else:
            logger.warning(NOTHING)

    async def _finish(self, schedule: Schedule) -> None:
        await schedule.close()
        await self.parts.dispatcher.drain(OWED_WAIT)


def settle_memory() -> None:
    """Take what a start made out of the garbage collector's sight: it stays until the end.

    What comes later holds hardly a cycle, so that it is looked through more seldom, too.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


@contextlib.asynccontextmanager
async def listening(parts: Parts) -> "AsyncIterator[dict[str, asyncio.Task[None]]]":
    """Hear all platforms while the block runs; one that fails never ends the others."""
    ears = {p.name: asyncio.create_task(_heard(p, parts)) for p in parts.platforms}
    try:
        yield ears
    finally:
        for task in ears.values():
            task.cancel()
        await asyncio.wait([*ears.values()], timeout=EAR_WAIT)


async def _heard(platform: Platform, parts: Parts) -> None:
    await asyncio.wait([parts.late])  # what a command asks for would load them in the loop
    try:
        await platform.listen(parts.listener.answer)
    except Exception:
        logger.exception("listening ended", extra={"platform": platform.name})


async def retain(parts: Parts, settings: Settings) -> None:
    """Let old items and stories go; what was met stays known."""
    now = parts.clock()
    parts.stories.forget(now - RECENT)
    items, stories = settings.keep_items_days, settings.keep_stories_days
    try:
        dropped = await parts.store.drop(now - DAY * items, now - DAY * stories)
    except StoreError as error:  # the rest goes another day; the vigil tells of the disk
        logger.warning("old rows kept", extra={"error": str(error)})
        return
    logger.info("old rows dropped", extra={"items": dropped.items, "stories": dropped.stories})


@contextlib.asynccontextmanager
async def dispatching(parts: Parts) -> "AsyncIterator[asyncio.Task[None]]":
    """Send what is owed while the block runs; then finish what is in flight."""
    task = asyncio.create_task(parts.dispatcher.run())
    try:
        yield task
    finally:
        await parts.dispatcher.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
