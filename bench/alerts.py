"""(e) From a published entry to the alert in a chat, by stage, with 10,000 other subscriptions.

    python -m bench.alerts [1 10 100]     # how many chats each entry is for

The real parts, in the way that `bot.app` puts them together: fetcher, parser processes, pipeline,
store on a disk, dispatcher. Feed and chat service are on loopback, and no limit slows the sending.
"""

import asyncio
import itertools
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bench import prose
from bench.loopback import Loopback, looped
from bench.report import Bar, Result, number
from bench.stages import Chats, Watch, watched
from bench.usage import Stalls
from bench.wishes import NOON
from bot.app import Parts, assembled, utc_now
from bot.fetch import Fetcher, Limits
from bot.model import (
    Changes,
    Chat,
    ChatId,
    Cursor,
    Page,
    Request,
    Row,
    Subscription,
)
from bot.serve import settle_memory
from bot.settings import load
from bot.store import TinyStore
from tests.simulation.press import GOODS, ISSUERS

SIZES = (1, 10, 100)
PUBLISHED, SHOWN = 40, 19
OTHERS = 10_000
PATIENCE = 30.0


@asynccontextmanager
async def running(folder: Path, feed: str, chats: Chats) -> AsyncIterator[tuple[Parts, Row]]:
    """Put the bot together, and send while the block runs."""
    row = Row(name="wire", kind="feed", url=feed, lang="en")
    limits = Limits(spacing=0)
    async with Fetcher(
        contact="bench", clock=utc_now, allow=("127.0.0.1",), limits=limits
    ) as fetcher:

        async def fetch(request: Request, row: Row, cursor: Cursor) -> Page | None:
            chats.watch.mark("asked")
            page = await fetcher(request, row, cursor)
            chats.watch.mark("received")
            return page

        async with assembled(load(data_dir=folder), [row], lambda _: [chats], fetch=fetch) as parts:
            sending = asyncio.create_task(parts.dispatcher.run())
            yield parts, row
            await parts.dispatcher.stop()
            await sending


def placed(count: int, query: str, name: str) -> tuple[tuple[Chat, ...], tuple[Subscription, ...]]:
    """Return as many chats, each with a subscription to a query, in which `#` is its number."""
    chats = tuple(
        Chat(id=ChatId(f"fake:a:{name}{n}"), platform="fake", account="a", room=f"{name}{n}")
        for n in range(count)
    )
    return chats, tuple(
        Subscription(chat=chat.id, query=query.replace("#", str(n)), created=NOON)
        for n, chat in enumerate(chats)
    )


async def measured(count: int, published: int, folder: Path) -> tuple[list[Watch], Stalls]:
    """Publish one by one, for `count` chats each; return what was noted."""
    (chats, wishes), (others, theirs) = (
        placed(count, "export", "asks"),
        placed(OTHERS, "firm# OR company# OR works# OR mill# OR mine#", "other"),
    )
    store = TinyStore.open(folder)
    await store.commit(Changes(chats=chats + others, subscriptions=wishes + theirs))
    await store.close()
    async with looped() as host, aiohttp.ClientSession() as client:
        told = Chats(host.chats, client)
        async with running(folder, host.feed, told) as (parts, row):
            return await _all(host, parts, row, told, count, published)


async def _all(
    host: Loopback, parts: Parts, row: Row, chats: Chats, count: int, published: int
) -> tuple[list[Watch], Stalls]:
    chance = random.Random(4)  # noqa: S311  # invents news
    for _ in range(SHOWN):
        await host.publish(*prose.everyday(chance, 1_000))
    watched(parts, chats)
    await parts.poller.poll(row)
    events = chance.sample([*itertools.product(ISSUERS, GOODS)], published + 1)
    found, stalls = [], Stalls()
    for nth, (issuer, good) in enumerate(events):
        title = f"{issuer} bans exports of {good}, trade ministry says"
        await host.publish(title, f"{title}. {prose.everyday(chance, 1_000)[1]}")
        chats.watch = Watch(count)
        async with stalls.watched(), asyncio.timeout(PATIENCE):
            await parts.poller.poll(row)
            await chats.watch.over.wait()
        if nth:
            found.append(chats.watch)
        else:  # the first one warms up
            settle_memory()  # as a running bot does
            stalls = Stalls()
    return found, stalls


def run(sizes: Sequence[int] = SIZES, published: int = PUBLISHED) -> list[Result]:
    """Measure for each number of chats."""
    columns, bars = dict[str, dict[str, list[float]]](), list[Bar]()
    for count in sizes:
        with tempfile.TemporaryDirectory() as folder:
            watches, stalls = asyncio.run(measured(count, published, Path(folder)))
        spans = [watch.spans() for watch in watches]
        joined = {name: [s for each in spans for s in each[name]] for name in spans[0]}
        who = "1 chat" if count == 1 else f"{count} chats"
        columns[who] = joined
        print(f"  {who}: done", flush=True)
        late = high(joined["received -> handed over"])
        stall = stalls.worst(stalls.used)
        bars += [
            Bar(f"(e) {who}: body received to handed over, p95, ms", late, 250),
            Bar(f"(e) {who}: the loop computes without a break at p99.9, ms", stall, 50),
        ]
    rows = [
        (name, [f"{middle(each[name])} / {number(high(each[name]))}" for each in columns.values()])
        for name in next(iter(columns.values()))
    ]
    title = "(e) a published entry to its alerts, by stage: ms, median / 95th percentile"
    note = f"{published} entries one by one, one new of 20; {OTHERS:,} other subscriptions."
    return [Result(title, list(columns), rows, bars, note)]


def middle(seconds: Sequence[float]) -> str:
    """Return the median in milliseconds."""
    return number(sorted(seconds)[len(seconds) // 2] * 1e3)


def high(seconds: Sequence[float]) -> float:
    """Return the 95th percentile in milliseconds."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * 0.95))] * 1e3


def main() -> None:
    for result in run(tuple(map(int, sys.argv[1:])) or SIZES):
        print(result.text())


if __name__ == "__main__":
    main()
