"""Read what a source shows, and the pages of items of which it says too little.

A page costs its server a request and the item some seconds, so that it is asked for once, and only
where it may decide something: see `pays`. Whatever goes wrong with it, the item is as it was.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from msgspec import structs

from bot.classify import classify
from bot.errors import GoneError, ShapeError, SourceError
from bot.model import Cursor, Entry, Page, Parsed, Request, Row
from bot.ports import Clock, Fetch, Kind

log = logging.getLogger("exportwire.reading")
Parse = Callable[[Kind, Page, Row], Awaitable[Parsed]]
Keep = Callable[[Row, bytes], None]
"""Puts aside what a source answered and nobody could read, for a person to look at."""
MORE_PAGES = 5
VALIDATORS = 40  # kept of a source
TEASER = 600  # bytes of text up to which a feed says too little (200 Chinese signs)
DOUBT = 0.025  # of 130 titles below it 1 was news: see decisions/article-text.md
ARTICLES = 10  # pages of items in one poll
PATIENCE = timedelta(seconds=8)  # that a poll's items wait for their pages, beyond their turns
NO_ARTICLES: Mapping[Entry, Entry] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one round of requests brought. `damaged`: a list is not what it should be."""

    entries: tuple[Entry, ...]
    flaws: tuple[str, ...]
    cursor: Cursor
    damaged: bool = False


class Reader:
    """Asks sources by their kinds; `article` gives the kind that reads an item's own page."""

    def __init__(
        self,
        fetch: Fetch,
        parse: Parse,
        kinds: Mapping[str, Kind],
        article: Callable[[], Kind],
        clock: Clock,
        keep: Keep = lambda _row, _body: None,
    ) -> None:
        self._fetch, self._parse, self._clock, self._keep = fetch, parse, clock, keep
        self._kinds, self._article = kinds, article

    async def read(self, row: Row, cursor: Cursor) -> Sheet | None:
        """Return what a source shows; None where nothing has changed. Raises SourceError."""
        kind, sheet, gone = self._kinds[row.kind], None, list[GoneError]()
        requests = list(kind.requests(row, self._clock()))
        for count, request in enumerate(requests):
            try:
                page = await self._fetch(request, row, cursor)
            except GoneError as error:  # of several pages one may be missing: next year's index
                gone.append(error)
                continue
            if page is None:
                continue
            parsed = await self._read(kind, page, row)
            sheet = _joined(sheet or Sheet((), (), cursor), parsed, page)
            if parsed.more and count < MORE_PAGES:
                requests.append(parsed.more)
        if gone and len(gone) == len(requests):
            raise gone[-1]
        return sheet

    async def _read(self, kind: Kind, page: Page, row: Row) -> Parsed:
        try:
            return await self._parse(kind, page, row)
        except ShapeError:
            self._keep(row, page.body)
            raise

    async def fuller(self, entries: Iterable[Entry], row: Row) -> Mapping[Entry, Entry]:
        """Return those of the entries whose own page said more, as it says it; never raises."""
        asked = [entry for entry in entries if pays(entry, row)][:ARTICLES]
        tasks = {entry: asyncio.ensure_future(self._full(entry, row)) for entry in asked}
        if not tasks:
            return NO_ARTICLES
        turns = row.spacing * sum(_at_home(entry, row) for entry in asked)
        await asyncio.wait(tasks.values(), timeout=(PATIENCE + turns).total_seconds())
        for task in tasks.values():
            task.cancel()
        found = await asyncio.gather(*tasks.values(), return_exceptions=True)
        pairs = zip(tasks, found, strict=True)
        return {entry: told for entry, told in pairs if isinstance(told, Entry)}

    async def _full(self, entry: Entry, row: Row) -> Entry | None:
        try:
            return await self.article(entry, row)
        except SourceError as error:
            log.info("no article", extra={"source": row.name, "error": str(error)})
        except Exception:
            log.exception("reading an article failed", extra={"source": row.name})
        return None

    async def article(self, entry: Entry, row: Row) -> Entry:
        """Return an entry with what its own page says. Raises SourceError."""
        here = _place(entry, row)
        parsed = await self.page(self._article(), Request(url=here.url), here)
        if parsed.more:  # an empty page that sends its reader on
            parsed = await self.page(self._article(), parsed.more, here)
        return _completed(entry, parsed.entries)

    async def page(self, kind: Kind, request: Request, row: Row) -> Parsed:
        """Return what one page holds for a kind. Raises SourceError."""
        page = await self._fetch(request, row, {})
        assert page is not None  # noqa: S101  # for mypy: nothing is known that could be unchanged
        return await self._parse(kind, page, row)


def pays(entry: Entry, row: Row) -> bool:
    """Whether an item's own page may decide something.

    Its row asks for full texts, the source says little of it, and it may be news: an authority's
    bare title ("Announcement No. 61") says nothing either way, others' titles mostly do.
    """
    if not (row.full_text and entry.url) or len(entry.text.encode()) > TEASER:
        return False
    return row.official or classify(entry.title, entry.text).score >= DOUBT


def _place(entry: Entry, row: Row) -> Row:
    """Return a row for an item's page: another server gets none of the row's headers and pace."""
    if _at_home(entry, row):
        return replace(row, url=entry.url, options={})
    return replace(row, url=entry.url, headers={}, spacing=timedelta(), options={})


def _at_home(entry: Entry, row: Row) -> bool:
    """Whether an item's page is on the server that lists it."""
    return urlsplit(entry.url)[:2] == urlsplit(row.url)[:2]


def _completed(entry: Entry, told: tuple[Entry, ...]) -> Entry:
    """Return an entry with its page's text, and its date where the source gave none."""
    page = told[0] if told else entry
    text = page.text if len(page.text) > len(entry.text) else entry.text
    entry = structs.replace(entry, text=text, title=entry.title or page.title)
    if entry.published or not page.published:
        return entry
    return structs.replace(entry, published=page.published, day_only=page.day_only)


def _joined(sheet: Sheet, parsed: Parsed, page: Page) -> Sheet:
    moved = (f"moved for good to {page.moved}: correct its url",) if page.moved else ()
    return Sheet(
        entries=(*sheet.entries, *parsed.entries),
        flaws=(*sheet.flaws, *parsed.flaws, *moved),
        cursor=_kept(sheet.cursor, page.validators),
        damaged=sheet.damaged or parsed.damaged,
    )


def _kept(cursor: Cursor, validators: Cursor) -> Cursor:
    """Return the validators to send next time; addresses with a date in them die of age."""
    merged = {key: value for key, value in cursor.items() if key not in validators}
    merged |= validators
    return dict(list(merged.items())[-VALIDATORS:])
