"""Wiring: the one module that knows all others. It builds the parts."""

import asyncio
import contextlib
import random  # noqa: TID251  # the one place that owns chance
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from bot import unread
from bot.chosen import chat_named
from bot.cluster import Stories
from bot.dispatch import Dispatcher, Options
from bot.fetch import Fetcher, Limits
from bot.intake import met
from bot.listen import Listener
from bot.loading import Loading, loading, once_loaded
from bot.match import Wishes
from bot.model import Changes, ChatId, Delivery, Entry, Item, Kind, Request, Row
from bot.office import Office, Trial
from bot.owing import Desk
from bot.parse.parser import Parser
from bot.poll import Poller
from bot.ports import Clock, Fetch, Platform
from bot.reading import Keep, Reader
from bot.rooms import Rooms
from bot.roster import Roster
from bot.scout import Scout
from bot.settings import Settings
from bot.store import TinyStore
from bot.tally import Tally
from bot.vitals import account_of
from handlers import HANDLERS
from sources import KINDS, full_text

CLOSING = timedelta(seconds=5)
AT_ONCE = 400  # polls of a round: more would wait with their pages in hand
RECENT = timedelta(days=45)  # stories that new items may still belong to


def utc_now() -> datetime:
    """Return the time; everything else is told it."""
    return datetime.now(UTC)  # noqa: TID251  # the one clock


@dataclass(frozen=True, slots=True)
class Parts:
    """The running bot, put together."""

    rows: Roster
    store: TinyStore
    wishes: Wishes
    stories: Stories
    poller: Poller
    dispatcher: Dispatcher
    listener: Listener
    tally: Tally
    clock: Clock
    platforms: tuple[Platform, ...]
    late: Loading
    skim: Callable[[], Awaitable[None]]

    def follow(self, changes: Changes) -> None:
        """Take over what was committed beside the sender: a room that moved."""
        follow(changes, self.wishes)
        self.dispatcher.wake(changes.deliveries)

    async def round(self) -> int:
        """Poll every enabled source once; return how many answered."""
        slots = asyncio.Semaphore(AT_ONCE)

        async def poll(row: Row) -> bool:
            async with slots:
                return await self.poller.poll(row, anytime=True)

        return sum(await asyncio.gather(*map(poll, self.rows)))


@contextlib.asynccontextmanager
async def assembled(
    settings: Settings,
    rows: Sequence[Row],
    platforms: Callable[[Rooms], Sequence[Platform]],
    *,
    clock: Clock = utc_now,
    fetch: Fetch | None = None,
    catch_up: timedelta | None = None,
) -> AsyncIterator[Parts]:
    """Build the parts over the store in `settings.data_dir`, and take them down at the end.

    After a gap in polling longer than `catch_up` new stories come as one digest (None: never).
    """
    store = TinyStore.open(settings.data_dir)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        late = await stack.enter_async_context(loading(rows))
        keep = partial(unread.keep, settings.data_dir / unread.FOLDER)
        reader = await stack.enter_async_context(reading(settings, clock, fetch, keep, late))
        if settings.operator_chat and store.chat(ChatId(settings.operator_chat)) is None:
            await store.commit(Changes(chats=(chat_named(settings.operator_chat),)))
        rooms = Rooms(store, clock)
        connected = platforms(rooms)
        for platform in connected:
            stack.push_async_callback(_closed, platform)
        reads = Reading(reader, catch_up, late)
        parts = _parts(settings, rows, store, connected, reads, clock)
        rooms.follow = parts.follow
        yield parts


async def _closed(platform: Platform) -> None:
    """Close a platform's connections; one that does not answer is left."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSING.total_seconds()):
            await platform.close()


@contextlib.asynccontextmanager
async def reading(
    settings: Settings,
    clock: Clock = utc_now,
    fetch: Fetch | None = None,
    keep: Keep = lambda _row, _body: None,
    late: Loading | None = None,
) -> AsyncIterator[Reader]:
    """Build what reads sources: by the network, unless another way is given.

    `keep` gets the answers that cannot be read. What was read waits for `late`.
    """
    async with contextlib.AsyncExitStack() as stack:
        if fetch is None:
            fetch = await stack.enter_async_context(_fetcher(settings, clock))
        parser = await stack.enter_async_context(Parser())
        parse = once_loaded(parser, late) if late else parser
        yield Reader(fetch, parse, KINDS, full_text, clock, keep)


def _fetcher(settings: Settings, clock: Clock) -> Fetcher:
    limits = Limits(spacing=settings.fetch_spacing)
    return Fetcher(contact=settings.contact, allow=settings.fetch_allow, clock=clock, limits=limits)


def _parts(
    settings: Settings,
    rows: Sequence[Row],
    store: TinyStore,
    platforms: Sequence[Platform],
    reads: "Reading",
    clock: Clock,
) -> Parts:
    tally, wishes = Tally(), Wishes(store.subscriptions())
    operator = ChatId(settings.operator_chat) if settings.operator_chat else None
    stories = Stories(store.stories(clock() - RECENT))
    desk = Desk(stories, wishes, store.chat, store.told, settings.relevance)
    on = Roster((*(row for row in rows if row.enabled), *store.rows()))
    dispatcher = Dispatcher(
        store,
        {platform.name: platform for platform in platforms},
        clock=clock,
        rng=random.Random(),  # noqa: S311  # spreads retries, guards nothing
        options=Options(
            operator=operator,
            settled=lambda delivery: count(delivery, store, tally),
            moved=lambda changes: follow(changes, wishes),
        ),
    )
    poller = Poller(
        store,
        desk,
        reads.reader,
        clock=clock,
        jitter=random.random,
        committed=lambda plan: dispatcher.wake(plan.deliveries),
        tally=tally,
        catch_up=reads.catch_up,
        operator=operator,
    )
    trial = Trial(
        lambda url: page_at(url, rows, reads.reader, clock), stories.place, settings.relevance
    )
    office = Office(
        store,
        wishes,
        on,
        clock,
        tally,
        clock(),
        dispatcher.resting,
        trial,
        dispatcher,
        Scout(store, on, poller, partial(proposed, reads.reader), settings.relevance),
    )
    return Parts(
        on,
        store,
        wishes,
        stories,
        poller,
        dispatcher,
        Listener(HANDLERS, office),
        tally,
        clock,
        tuple(platforms),
        reads.late,
        office.skim_all,
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read, after which gap they are caught up with, and what judging waits for."""

    reader: Reader
    catch_up: timedelta | None
    late: Loading


async def proposed(reader: Reader, url: str) -> Sequence[Row]:
    """Return what could be polled at an address, the best first. Raises SourceError."""
    from sources.discover import DISCOVER, name_of, row_of  # noqa: PLC0415  # bs4 costs 0.16 s

    row = Row(name=name_of(url), kind="feed", url=url)
    told = await reader.page(DISCOVER, Request(url=url), row)
    return tuple(map(row_of, told.entries))


async def page_at(url: str, rows: Sequence[Row], reader: Reader, clock: Clock) -> Item:
    """Return a page as the item that it would be, were it listed by its source."""
    host = urlsplit(url).netloc
    known = (row for row in rows if urlsplit(row.url).netloc == host)
    row = next(known, Row(name=host, kind="page", url=url))
    entry = await reader.article(Entry(key="", url=url, title=""), row)
    return met(entry, row, clock(), (url,), archive=False)


def count(delivery: Delivery, store: TinyStore, tally: Tally) -> None:
    """Count an alert that was sent, and how long after its publication."""
    if delivery.sent:
        tally.reached[account_of(delivery.chat)] = delivery.sent
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
