"""What the first requests do without is loaded beside them: lexicons, and parsers of pages."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from datetime import date

from bot import language
from bot.classify import classify, summary
from bot.classify.concepts import LANGUAGES
from bot.cluster import publisher_of
from bot.model import Page, Parsed, Row
from bot.ports import Kind
from bot.reading import Parse
from sources import KINDS, full_text

Loading = asyncio.Task[None]
"""Done when all is there. What needs it sooner gets it, but loads it in the event loop."""


@contextlib.asynccontextmanager
async def loading(rows: Iterable[Row]) -> AsyncIterator[Loading]:
    """Load in a thread, from the first moment in which the loop has nothing better to do."""
    task = asyncio.create_task(asyncio.to_thread(_load, {row.kind for row in rows}))
    try:
        yield task
    finally:
        await asyncio.wait([task])


def _load(kinds: Iterable[str]) -> None:
    for lang in LANGUAGES:
        summary("", "-", classify("", "", lang=lang, threshold=0, why=False))
    publisher_of("https://example.com/")
    for lang in language.LANGUAGES:
        with language.speaking(lang):
            language.day(date.min)
    for kind in kinds:
        KINDS[kind]
    full_text()


def once_loaded(parse: Parse, late: Loading) -> Parse:
    """Return `parse`, whose answers, which will be judged, wait for what is loaded late."""

    async def parsed(kind: Kind, page: Page, row: Row) -> Parsed:
        found = await parse(kind, page, row)
        if not late.done():
            await asyncio.wait([late])
        return found

    return parsed
