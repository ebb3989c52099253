"""How long the store's work in the background keeps the loop from what else it has to do."""

import asyncio
import gc
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from bot.model import Changes, Item
from bot.store import TinyStore

LATER = 10_000_000  # numbers of items that the store does not hold yet
STALLS = ("  a snapshot stalls the loop, ms", "  leaving stalls the loop, ms")
Make = Callable[[int], Item]


async def background(store: TinyStore, make: Make) -> dict[str, float]:
    """Write a snapshot, let the oldest items go, do neither: with commits beside; close the store.

    `make` returns the item of a number.
    """
    gc.collect()
    gc.freeze()  # as the bot does when it has started
    numbers = map(make, count(LATER))
    first = make(0).seen
    days = first + timedelta(minutes=len(store.database.table("items")) / 4)
    took, snapshot, wait = await felt(store, numbers, asyncio.ensure_future(store.compact()))
    dropping = asyncio.ensure_future(store.drop(days, first))
    left, sweep, _ = await felt(store, numbers, dropping)
    _, quiet, _ = await felt(store, numbers, asyncio.ensure_future(asyncio.sleep(took)))
    dropped = (await dropping).items
    await store.close()
    return {
        "snapshot, s": took,
        STALLS[0]: snapshot * 1e3,
        "  a commit waits at most, ms": wait * 1e3,
        "a quarter of the items leaves, s": left,
        "  items": dropped,
        STALLS[1]: sweep * 1e3,
        "neither stalls the loop, ms": quiet * 1e3,
    }


async def felt(
    store: TinyStore, items: "map[Item]", done: "asyncio.Future[Any]"
) -> tuple[float, float, float]:
    """Return the seconds until `done`, the longest stall and the longest commit meanwhile.

    A stall is what the process worked while the loop had something to do, in all its threads:
    what other processes took of the machine is not the store's.
    """
    lags, waits = [0.0], [0.0]
    start = time.perf_counter()

    async def probe() -> None:
        while not done.done():
            began, spent = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.001)
            lag, work = time.perf_counter() - began - 0.001, time.process_time() - spent
            lags.append(min(lag, work))

    async def work() -> None:
        while not done.done():
            began = time.perf_counter()
            await store.commit(Changes(items=(next(items),)))
            waits.append(time.perf_counter() - began)

    await asyncio.gather(done, probe(), work())
    return time.perf_counter() - start, max(lags), max(waits)
