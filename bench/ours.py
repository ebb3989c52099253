"""Exportwire's own rounds: polled, parsed, deduplicated and stored; and with all of it on."""

import random
from collections.abc import Generator, Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

from bench.wishes import usual
from bot.app import Parts, assembled, utc_now
from bot.fetch import Fetcher, Limits
from bot.model import Changes, Item, Row
from bot.owing import Desk
from bot.pipeline import Plan
from bot.serve import settle_memory
from bot.settings import load
from bot.store import TinyStore

AT_ONCE = 50
SUBSCRIPTIONS = 10_000


class Edited:
    """The whole bot, with 10,000 subscriptions."""

    async def open(self, urls: list[str], folder: Path) -> None:
        await self._prepare(folder)
        rows = [Row(name=f"feed-{at}", kind="feed", url=url) for at, url in enumerate(urls)]
        self._stack = AsyncExitStack()
        fetcher = Fetcher(
            contact="bench",
            clock=utc_now,
            allow=("127.0.0.1",),
            limits=Limits(spacing=0, per_host=AT_ONCE),
        )
        fetch = await self._stack.enter_async_context(fetcher)
        made = assembled(load(data_dir=folder), rows, lambda _rooms: (), fetch=fetch)
        self._parts: Parts = await self._stack.enter_async_context(made)
        await self._parts.late  # a start is measured elsewhere
        settle_memory()

    async def _prepare(self, folder: Path) -> None:
        chats, wishes = usual(SUBSCRIPTIONS, random.Random(1))  # noqa: S311  # invents wishes
        store = TinyStore.open(folder)
        await store.commit(Changes(chats=chats, subscriptions=wishes))
        await store.close()

    async def round(self) -> int:
        await self._parts.round()
        return self._parts.tally.new

    async def close(self) -> None:
        await self._stack.aclose()


class Polled(Edited):
    """Without classification, stories and subscriptions."""

    async def _prepare(self, folder: Path) -> None:
        pass

    async def open(self, urls: list[str], folder: Path) -> None:
        await super().open(urls, folder)
        self._parts.poller.editor.decide = only_kept


def only_kept(items: Iterable[Item], desk: Desk, now: datetime) -> Generator[None, None, Plan]:
    """Decide nothing: an item is kept, and that is all."""
    del desk, now
    yield from ()
    return Plan(tuple(items), (), (), ())
