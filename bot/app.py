"""Wiring: the one module that knows all others. It builds the parts, runs them, and stops them."""

import asyncio
import contextlib
import logging
import random  # noqa: TID251  # the one place that owns chance
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import catalogue, log
from bot.cluster import Stories
from bot.compose import said
from bot.dispatch import Dispatcher, Options
from bot.errors import SettingsError
from bot.fetch import Fetcher, Limits
from bot.listen import Listener
from bot.match import Wishes
from bot.model import Changes, Delivery, Kind, Row
from bot.office import Office
from bot.parse import Parser
from bot.pipeline import Desk
from bot.platforms.console import Console, command_of
from bot.poll import Parse, Poller
from bot.ports import Clock, Fetch, Platform
from bot.schedule import Schedule
from bot.settings import Settings
from bot.store import TinyStore
from bot.tally import Tally
from handlers import HANDLERS
from sources import KINDS

logger = logging.getLogger("exportwire.app")
RECENT = timedelta(days=45)  # stories that new items may still belong to
OWED_WAIT = timedelta(seconds=30)
FIRST_ROUND = timedelta(seconds=10)  # the first polls are spread over this
NOTHING = "No source answered: is there a network? `make demo` shows the bot without one."


def utc_now() -> datetime:
    """Return the time; everything else is told it."""
    return datetime.now(UTC)  # noqa: TID251  # the one clock


@dataclass(frozen=True, slots=True)
class Parts:
    """The running bot, put together."""

    rows: tuple[Row, ...]
    store: TinyStore
    poller: Poller
    dispatcher: Dispatcher
    listener: Listener
    tally: Tally

    async def round(self) -> int:
        """Poll every enabled source once; return how many answered."""
        answers = await asyncio.gather(*map(self.poller.poll, self.rows))
        return sum(answers)


@contextlib.asynccontextmanager
async def assembled(
    settings: Settings,
    rows: Sequence[Row],
    platforms: Sequence[Platform],
    *,
    clock: Clock = utc_now,
    fetch: Fetch | None = None,
) -> AsyncIterator[Parts]:
    """Build the parts over the store in `settings.data_dir`, and take them down at the end."""
    store = TinyStore.open(settings.data_dir)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        if fetch is None:
            fetch = await stack.enter_async_context(_fetcher(settings, clock))
        reading = Reading(fetch, await stack.enter_async_context(Parser()))
        yield _parts(settings, rows, store, platforms, reading, clock)


def _fetcher(settings: Settings, clock: Clock) -> Fetcher:
    limits = Limits(spacing=settings.fetch_spacing)
    return Fetcher(contact=settings.contact, allow=settings.fetch_allow, clock=clock, limits=limits)


def _parts(
    settings: Settings,
    rows: Sequence[Row],
    store: TinyStore,
    platforms: Sequence[Platform],
    reading: "Reading",
    clock: Clock,
) -> Parts:
    tally, wishes = Tally(), Wishes(store.subscriptions())
    stories = Stories(store.stories(clock() - RECENT))
    desk = Desk(stories, wishes, store.chat, store.delivered, settings.relevance)
    on = tuple(row for row in rows if row.enabled)
    dispatcher = Dispatcher(
        store,
        {platform.name: platform for platform in platforms},
        clock=clock,
        rng=random.Random(),  # noqa: S311  # spreads retries, guards nothing
        options=Options(
            settled=lambda delivery: count(delivery, store, tally),
            moved=lambda changes: follow(changes, wishes),
        ),
    )
    poller = Poller(
        store,
        desk,
        reading.fetch,
        reading.parse,
        KINDS,
        clock=clock,
        jitter=random.random,
        committed=lambda plan: dispatcher.wake(plan.deliveries),
        tally=tally,
    )
    office = Office(store, wishes, on, clock, tally, clock())
    return Parts(on, store, poller, dispatcher, Listener(HANDLERS, office), tally)


@dataclass(frozen=True, slots=True)
class Reading:
    """How pages are got and read."""

    fetch: Fetch
    parse: Parse


def count(delivery: Delivery, store: TinyStore, tally: Tally) -> None:
    """Count an alert that was sent, and how long after its publication."""
    if delivery.kind is not Kind.ALERT or delivery.sent is None or delivery.story is None:
        return
    story = store.story(delivery.story)
    first = story.reports[0] if story else None
    if first is None or first.published is None or first.day_only:
        tally.sent(None)
    else:
        tally.sent((delivery.sent - first.published).total_seconds())


def follow(changes: Changes, wishes: Wishes) -> None:
    """Keep the live wishes true to a commit that moved or ended a chat's subscriptions."""
    for wish in changes.unsubscribed:
        wishes.remove(wish)
    for wish in changes.subscriptions:
        wishes.add(wish)


def rows_of(settings: Settings) -> tuple[Row, ...]:
    """Return the catalogue that the settings ask for. Raises SettingsError."""
    own = Path(catalogue.__file__).parent.parent / "sources" / "catalogue.toml"
    paths = [settings.sources or own, *filter(None, [settings.sources_extra])]
    rows: dict[str, Row] = {}
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise SettingsError(
                f"The catalogue {path} cannot be read: {error.strerror}."
            ) from error
        rows |= {row.name: row for row in catalogue.load(text, str(path))}
    return tuple(rows.values())


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
    del console  # the console is the only platform yet
    async with assembled(settings, rows, [chat]) as parts:
        if once:
            await run_once(parts, chat)
        else:
            await run_on(parts, chat, progress)
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


async def run_on(parts: Parts, chat: Console, progress: "Progress") -> None:
    """Poll at each source's pace and answer commands, until the input ends or a signal comes."""
    schedule = Schedule()
    stop = _stopped()
    async with dispatching(parts):
        _arm(schedule, parts, progress, lambda: chat.show(said(NOTHING)))
        schedule.start()
        if chat.terminal:
            chat.show(await parts.listener.answer(command_of("/start")))
        listening = asyncio.ensure_future(chat.listen(parts.listener.answer))
        await asyncio.wait({listening, stop}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        await schedule.close()
        await parts.dispatcher.drain(OWED_WAIT)
        await asyncio.gather(listening, return_exceptions=True)


def _arm(
    schedule: Schedule, parts: Parts, progress: "Progress", nothing: Callable[[], None]
) -> None:
    for at, row in enumerate(parts.rows):

        async def poll(row: Row = row) -> None:
            progress.polled(row.name, answered=await parts.poller.poll(row), nothing=nothing)

        first = FIRST_ROUND * at / max(1, len(parts.rows))
        schedule.every(row.name, row.every, poll, first=first, jitter=row.every / 10)


@contextlib.asynccontextmanager
async def dispatching(parts: Parts) -> AsyncIterator[None]:
    """Send what is owed while the block runs; then finish what is in flight."""
    task = asyncio.ensure_future(parts.dispatcher.run())
    try:
        yield
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
