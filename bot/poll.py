"""Ask one source, decide what is new, and commit it with what it owes."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from bot import condition, digest, health, identity
from bot.errors import ShapeError, SourceError
from bot.model import (
    Changes,
    ChatId,
    Delivery,
    Entry,
    Item,
    ItemId,
    Row,
    SourceState,
    Tier,
)
from bot.outbox import to_operator
from bot.owing import Desk
from bot.pipeline import LONGEST_TEXT, Plan, steps, undo
from bot.ports import Clock, Store
from bot.reading import NO_ARTICLES, Reader, Sheet
from bot.tally import Tally

log = logging.getLogger("exportwire.poll")
AHEAD = timedelta(hours=1)  # a date further in the future is not believed
MOST_EDITS = 5  # of one poll; a title with a clock in it changes each time
AT_ONCE = 0.008  # seconds of deciding before others have their turn
STALE = timedelta(days=7)  # on a known source, anything older is archived, not news


class Poller:
    """Polls sources; deciding and committing is one at a time, whatever polls at once."""

    def __init__(  # noqa: PLR0913  # the edges of the flow, each of them once
        self,
        store: Store,
        desk: Desk,
        reader: Reader,
        *,
        clock: Clock,
        jitter: Callable[[], float],
        committed: Callable[[Plan], None],
        tally: Tally,
        catch_up: timedelta | None = None,
        operator: ChatId | None = None,
    ) -> None:
        self._store, self._desk, self.reader = store, desk, reader
        self._clock, self._jitter = clock, jitter
        self._committed, self._tally, self._catch_up = committed, tally, catch_up
        self._operator = operator
        self.decide = steps
        self._editing = asyncio.Lock()

    async def poll(self, row: Row, *, anytime: bool = False) -> bool:
        """Ask a source once, unless it is to be left alone for now; return whether it answered.

        `anytime`, and for the first time, it is asked outside its hours, too.
        """
        state, now = self._store.source(row.name), self._clock()
        if state.not_before and state.not_before > now:
            return False
        within = digest.active(now, now + timedelta(seconds=1), row) or state.checked is None
        if not (within or anytime):
            return False
        self._tally.polls += 1
        try:
            sheet = await self.reader.read(row, state.cursor)
        except SourceError as error:
            await self._failed(row, error)
            return False
        except Exception:
            log.exception("reading failed", extra={"source": row.name})
            await self._failed(row, ShapeError("our reader failed on its answer; see the log"))
            return False
        await self._edit(row, sheet, await self._articles(row, sheet, state))
        return True

    async def _failed(self, row: Row, error: SourceError) -> None:
        self._tally.failures += 1
        log.warning("poll failed", extra={"source": row.name, "error": str(error)})
        before, now = self._store.source(row.name), self._clock()
        after = health.after_failure(before, error, row, now, self._jitter)
        notices = self._notice(before, after)
        await self._store.commit(Changes(sources=(after,), deliveries=notices))
        self._committed(Plan((), (), notices, ()))

    async def _articles(
        self, row: Row, sheet: Sheet | None, state: SourceState
    ) -> Mapping[Entry, Entry]:
        """Return what the pages of new items add; what will be archived anyway is not asked for."""
        if sheet is None or not (row.full_text and state.baselined):
            return NO_ARTICLES
        now = self._clock()
        sightings = identity.fresh(sheet.entries, self._store.known, row)
        held = identity.flood(sightings, len(sheet.entries), now)
        wanted = (s.entry for at, s in enumerate(sightings) if at not in held)
        return await self.reader.fuller((e for e in wanted if not _is_old(e, now)), row)

    async def _edit(self, row: Row, sheet: Sheet | None, articles: Mapping[Entry, Entry]) -> None:
        async with self._editing:
            now = self._clock()
            state = self._store.source(row.name)
            items = self._items(row, sheet, state, articles) if sheet else ()
            made = await _unhurried(self.decide(items, self._desk, now))
            if self._catch_up and digest.is_catching_up(state, row, now, self._catch_up):
                late = digest.held_back(made.deliveries, now)
                made = replace(made, deliveries=late)
            after = _after(state, row, sheet, items, now)
            try:
                made = replace(made, deliveries=(*made.deliveries, *self._notice(state, after)))
                await self._store.commit(replace(made.changes(), sources=(after,)))
            except BaseException:
                undo(made, self._desk.stories)
                raise
            self._count(made, row, sheet)
            self._committed(made)

    def _notice(self, before: SourceState, after: SourceState) -> tuple[Delivery, ...]:
        """Return what the operator is told of a source that changed, once."""
        found = (condition.notice(before, after), condition.flood_notice(before, after))
        texts = tuple(filter(None, found))
        for text in texts:
            log.warning("source changed", extra={"source": after.name, "notice": text})
        to, now = self._operator, self._clock()
        return tuple(to_operator(to, text, now) for text in texts) if to else ()

    def _items(
        self, row: Row, sheet: Sheet, state: SourceState, articles: Mapping[Entry, Entry]
    ) -> tuple[Item, ...]:
        now = self._clock()
        sightings, edits = identity.told_apart(sheet.entries, self._store.known, row)
        held = (
            identity.flood(sightings, len(sheet.entries), now) if state.baselined else frozenset()
        )
        items = (
            met(
                articles.get(sighting.entry, sighting.entry),
                row,
                now,
                sighting.keys,  # of the entry as it is listed: so it is known again
                archive=not state.baselined or at in held,
            )
            for at, sighting in enumerate(sightings)
        )
        first = not state.baselined
        again = (
            met(s.entry, row, now, s.keys, archive=first, again=True) for s in edits[:MOST_EDITS]
        )
        return tuple(sorted((*items, *again), key=lambda item: item.when))

    def _count(self, made: Plan, row: Row, sheet: Sheet | None) -> None:
        irrelevant = sum(item.story is None for item in made.items)
        self._tally.new += len(made.items)
        self._tally.irrelevant += irrelevant
        self._tally.copies += made.copies
        self._tally.stories += len(made.items) - irrelevant - made.copies
        extra: dict[str, object] = {
            "source": row.name,
            "entries": len(sheet.entries) if sheet else 0,
            "new": len(made.items),
            "relevant": len(made.items) - irrelevant,
            "owed": len(made.deliveries),
        }
        if sheet is None:
            extra["unchanged"] = True
        log.info("poll ok", extra=extra)


async def _unhurried(deciding: Generator[None, None, Plan]) -> Plan:
    """Return what is decided; every few milliseconds others have their turn."""
    time = asyncio.get_running_loop().time
    until = time() + AT_ONCE
    with contextlib.closing(deciding):
        while True:
            try:
                next(deciding)
            except StopIteration as done:
                return cast(Plan, done.value)
            if time() > until:
                await asyncio.sleep(0)
                until = time() + AT_ONCE


def _is_old(entry: Entry, now: datetime) -> bool:
    """Whether an entry of a known source is archived, not news."""
    slack = timedelta(days=1) if entry.day_only else timedelta()
    return entry.published is not None and now - entry.published > STALE + slack


def met(
    entry: Entry,
    row: Row,
    now: datetime,
    keys: Sequence[str],
    *,
    archive: bool = False,
    again: bool = False,
) -> Item:
    """Return an entry as an item first seen `now`; impossible dates are not kept."""
    published = entry.published
    if published and published > now + AHEAD:
        published = now  # clamped: it sorts with what was first seen now
    return Item(
        id=ItemId(hashlib.sha256("\n".join((row.name, *keys)).encode()).hexdigest()[:20]),
        source=row.name,
        url=entry.url,
        title=entry.title,
        text=entry.text[:LONGEST_TEXT],
        lang=entry.lang or row.lang,
        published=published,
        day_only=entry.day_only,
        seen=now,
        outlet=entry.outlet,
        name="" if entry.outlet or row.tier is Tier.AGGREGATOR else row.label,
        tier=row.tier,
        country=row.country,
        quote=row.quote,
        documents=entry.documents,
        keys=tuple(keys),
        baseline=archive or _is_old(entry, now),
        again=again,
    )


def _after(
    state: SourceState, row: Row, sheet: Sheet | None, items: Sequence[Item], now: datetime
) -> SourceState:
    cursor = sheet.cursor if sheet else state.cursor
    dates = [e.published for e in sheet.entries if e.published] if sheet else []
    newest = max(
        filter(None, (state.newest, *(d for d in dates if d <= now + AHEAD))), default=None
    )
    archived = sum(item.baseline for item in items)
    return health.after_success(
        replace(
            health.flooded(state, archived, now),
            cursor=cursor,
            newest=newest,
            baselined=state.baselined or sheet is not None,
        ),
        row,
        now,
        health.Answer(len(sheet.entries), sheet.flaws, sheet.damaged) if sheet else None,
        new=len(items),
    )
