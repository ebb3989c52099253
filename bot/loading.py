"""What the first requests do without is loaded beside them: lexicons, and parsers of pages."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime

from bot import language
from bot.classify import classify
from bot.classify.concepts import LANGUAGES
from bot.cluster import Stories
from bot.match import Wishes
from bot.model import Chat, ChatId, Item, ItemId, Page, Parsed, Row, Subscription
from bot.owing import Desk
from bot.pipeline import steps
from bot.ports import Kind
from bot.reading import Parse
from sources import KINDS, full_text

Loading = asyncio.Task[None]
"""Done when all is there. What needs it sooner gets it, but loads it in the event loop."""

_THEN = datetime(2025, 1, 1, tzinfo=UTC)
_NEWS = Item(
    id=ItemId(""),
    source="",
    url="https://example.com/",
    title="China bans exports of gallium, commerce ministry says",
    text="Exporters need a licence from 1 December, officials said. "
    * 8,  # some read on to the end
    seen=_THEN,
)


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
        classify("", "", lang=lang, threshold=0)
    _rehearse()
    for lang in language.LANGUAGES:
        with language.speaking(lang):
            language.day(date.min)
    for kind in kinds:
        KINDS[kind]
    full_text()


def _rehearse() -> None:
    """Decide on an invented item that a chat asked for: what that needs is there from then on."""
    chat = Chat(id=ChatId("console::"), platform="console", account="", room="")
    wish = Subscription(chat=chat.id, query="gallium", created=_THEN)
    desk = Desk(Stories(), Wishes([wish]), lambda _: chat, lambda *_: ())
    for _ in steps([_NEWS], desk, _THEN):
        pass


def once_loaded(parse: Parse, late: Loading) -> Parse:
    """Return `parse`, whose answers, which will be judged, wait for what is loaded late."""

    async def parsed(kind: Kind, page: Page, row: Row) -> Parsed:
        found = await parse(kind, page, row)
        if not late.done():
            await asyncio.wait([late])
        return found

    return parsed
