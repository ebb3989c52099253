"""What a source shows, as items: what is new, what is archived, how the source stands. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot import health, identity
from bot.identity import Known
from bot.model import Entry, Item, ItemId, Row, SourceState, Tier
from bot.pipeline import LONGEST_TEXT
from bot.reading import Sheet

AHEAD = timedelta(hours=1)  # a date further in the future is not believed
MOST_EDITS = 5  # of one poll; a title with a clock in it changes each time
STALE = timedelta(days=7)  # on a known source, anything older is archived, not news


def items_of(
    sheet: Sheet,
    known: Known,
    row: Row,
    state: SourceState,
    articles: Mapping[Entry, Entry],
    now: datetime,
) -> tuple[Item, ...]:
    """Return what is new on a sheet, oldest first; `articles` say more of some entries."""
    sightings, edits = identity.told_apart(sheet.entries, known, row)
    first = not state.baselined
    held = frozenset() if first else identity.flood(sightings, len(sheet.entries), now)
    items = (
        met(
            articles.get(sighting.entry, sighting.entry) if articles else sighting.entry,
            row,
            now,
            sighting.keys,  # of the entry as it is listed: so it is known again
            archive=first or at in held,
        )
        for at, sighting in enumerate(sightings)
    )
    again = (met(s.entry, row, now, s.keys, archive=first, again=True) for s in edits[:MOST_EDITS])
    return tuple(sorted((*items, *again), key=lambda item: item.when))


def is_old(entry: Entry, now: datetime) -> bool:
    """Return whether an entry of a known source is archived, not news."""
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
        baseline=archive or is_old(entry, now),
        again=again,
    )


def after(
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
