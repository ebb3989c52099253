"""Run the bot: once, or on and on, until the input ends or a signal comes."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

from bot import log
from bot.app import RECENT, Parts, assembled, rows_of
from bot.compose import said
from bot.model import Row
from bot.platforms.console import Console, command_of
from bot.ports import Platform
from bot.rooms import Rooms
from bot.schedule import Schedule
from bot.services import connected
from bot.settings import Settings, hours

logger = logging.getLogger("exportwire.serve")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWED_WAIT = timedelta(seconds=30)
STOP_WAIT = timedelta(seconds=1)  # a service that is stopped finishes what is in flight alone
FIRST_ROUND = timedelta(seconds=10)  # the first polls are spread over this
NOTHING = "No source answered: is there a network? `make demo` shows the bot without one."


def run(settings: Settings, *, once: bool, console: bool) -> int:
    """Run the bot until it is told to stop; return the exit status."""
    log.start(_level(settings), settings.log_format, _secrets(settings))
    return asyncio.run(_run(settings, once=once, console=console))


def _level(settings: Settings) -> str:
    """Keep logs of single polls out of a terminal's chat, unless they were asked for."""
    asked = "log_level" in settings.model_fields_set
    return settings.log_level if asked or not sys.stderr.isatty() else "error"


def _secrets(settings: Settings) -> list[str]:
    kept = (
        settings.telegram_token,
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
    )
    return [secret.get_secret_value() for secret in kept if secret]


async def _run(settings: Settings, *, once: bool, console: bool) -> int:
    rows = rows_of(settings)
    progress = Progress(sum(row.enabled for row in rows))
    history = settings.data_dir / "history"
    chat = Console(sys.stdout, sys.stdin, history=history, status=progress.line)
    shown = [chat] if console or once or not settings.chats_configured else []

    def platforms(rooms: Rooms) -> list[Platform]:
        return [*shown, *connected(settings, rooms)]

    catch_up = None if once else hours(settings.catch_up_after)  # runs of --once are planned gaps
    async with assembled(settings, rows, platforms, catch_up=catch_up) as parts:
        if once:
            await run_once(parts, chat)
        else:
            await run_on(parts, chat if shown else None, progress, settings)
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


async def run_on(
    parts: Parts, chat: Console | None, progress: "Progress", settings: Settings
) -> None:
    """Poll at each source's pace and answer commands, until the input ends or a signal comes."""
    schedule, stop = Schedule(), _stopped()
    async with dispatching(parts) as sending, listening(parts) as ears:
        _arm(schedule, parts, progress, lambda: _tell(chat, NOTHING))
        schedule.every("retention", DAY, lambda: retain(parts, settings), first=HOUR, jitter=HOUR)
        schedule.start()
        if chat and chat.terminal:
            chat.show(await parts.listener.answer(command_of("/start")))
        ends = {sending, stop, *([ears[chat.name]] if chat else [])}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if sending.done():  # the disk failed: nothing more can be promised
            sending.result()
        await schedule.close()
        await parts.dispatcher.drain(OWED_WAIT if chat else STOP_WAIT)


def _tell(chat: Console | None, text: str) -> None:
    if chat:
        chat.show(said(text))
    else:
        logger.warning(text)


@contextlib.asynccontextmanager
async def listening(parts: Parts) -> "AsyncIterator[dict[str, asyncio.Task[None]]]":
    """Hear all platforms while the block runs; one that fails never ends the others."""
    ears = {p.name: asyncio.create_task(_heard(p, parts)) for p in parts.platforms}
    try:
        yield ears
    finally:
        for task in ears.values():
            task.cancel()
        await asyncio.gather(*ears.values(), return_exceptions=True)


async def _heard(platform: Platform, parts: Parts) -> None:
    try:
        await platform.listen(parts.listener.answer)
    except Exception:
        logger.exception("listening ended", extra={"platform": platform.name})


async def retain(parts: Parts, settings: Settings) -> None:
    """Let old items and stories go; what was met stays known."""
    now = parts.clock()
    parts.stories.forget(now - RECENT)
    dropped = await parts.store.drop(
        now - DAY * settings.keep_items_days, now - DAY * settings.keep_stories_days
    )
    logger.info("old rows dropped", extra={"items": dropped.items, "stories": dropped.stories})


def _arm(
    schedule: Schedule, parts: Parts, progress: "Progress", nothing: Callable[[], None]
) -> None:
    for at, row in enumerate(parts.rows):

        async def poll(row: Row = row) -> None:
            progress.polled(row.name, answered=await parts.poller.poll(row), nothing=nothing)

        first = FIRST_ROUND * at / max(1, len(parts.rows))
        schedule.every(row.name, row.every, poll, first=first, jitter=row.every / 10)


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


def _stopped() -> "asyncio.Future[None]":
    """Return a future that SIGTERM or SIGINT fulfils; a second signal ends the process at once."""
    loop = asyncio.get_running_loop()
    stop: asyncio.Future[None] = loop.create_future()

    def on(number: int) -> None:
        if stop.done():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        else:
            logger.info("stopping", extra={"signal": signal.Signals(number).name})
            stop.set_result(None)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on, number)
    return stop


class Progress:
    """How far the first round is, for the console's status line."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._polled: dict[str, bool] = {}

    def polled(self, name: str, *, answered: bool, nothing: Callable[[], None]) -> None:
        """Count a poll; where the first round ends without an answer, say so once."""
        first = name not in self._polled
        self._polled[name] = self._polled.get(name, False) or answered
        if first and len(self._polled) == self._total and not any(self._polled.values()):
            nothing()

    def line(self) -> str:
        """Return the status line."""
        done, good = len(self._polled), sum(self._polled.values())
        if done < self._total:
            return f"reading sources for the first time: {done} of {self._total}"
        return f"{good} of {self._total} sources answer · /help"
