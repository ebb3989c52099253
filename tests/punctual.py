"""A thousand sources in virtual time, some of them faulty: how late the healthy ones are polled.

    python -m tests.punctual [HOURS] [SHARE]     # prints the figures; 1 hour and 0.1 by default

The schedule, poller, reader, fetcher, store and health are the bot's own. Simulated are the
network, each host with delays and a behaviour of its own, and the time that parsing takes: two
workers, which a hostile document holds for the three seconds that one may take.
"""

import asyncio
import contextlib
import gzip
import logging
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval
import httpx

from bot.cluster import Stories
from bot.errors import RefusedError
from bot.fetch import Fetcher, Limits
from bot.match import Wishes
from bot.owing import Desk
from bot.parse.parser import here
from bot.poll import Poller
from bot.reading import Reader
from bot.schedule import Schedule
from bot.serve import FIRST_ROUND, JITTER
from bot.store import TinyStore
from bot.tally import Tally
from sources import KINDS, full_text
from tests import virtual
from tests.builders import row
from tests.faultserver import CAPTCHA, FEED

EVERY = timedelta(minutes=5)
SOURCES, HOSTS = 1_000, 700
WORKERS, HOLD = 2, 3.0
FAULTS = (
    "hang", "slow", "refused", "busy", "wait", "gone", "captcha", "error", "cut", "bomb"
)  # fmt: skip


class Drip(httpx.AsyncByteStream):
    """A body that never ends."""

    async def __aiter__(self):
        while True:
            await asyncio.sleep(0.5)
            yield b"a"


class Network(httpx.AsyncBaseTransport):
    """Hosts whose names say how they behave; each answer takes its time."""

    def __init__(self, chance):
        self._chance = chance
        self.asked: Counter[str] = Counter()

    async def handle_async_request(self, request):
        behaviour = request.url.host.partition("-")[0]
        self.asked[behaviour] += 1
        await asyncio.sleep(self._chance.lognormvariate(-1.2, 0.8))
        match behaviour:
            case "hang":
                await asyncio.Event().wait()
            case "refused":
                raise httpx.ConnectError("refused")
            case "slow":
                return httpx.Response(200, stream=Drip())
            case "wait":
                return httpx.Response(429, headers={"Retry-After": "900"})
            case "cut":
                packed = gzip.compress(FEED)[:-20]
                return httpx.Response(
                    200, headers={"Content-Encoding": "gzip"}, stream=_raw(packed)
                )
            case _:
                pass
        status = {"busy": 503, "gone": 404, "error": 500}.get(behaviour, 200)
        body = {"captcha": CAPTCHA, "bomb": b"bomb %d" % self.asked[behaviour]}.get(behaviour)
        fresh = FEED.replace(b"h-1", b"h-%d" % self._chance.randrange(4))
        return httpx.Response(status, stream=_raw(body or fresh))


def _raw(body):
    return httpx.Response(200, content=body).stream


@dataclass
class Day:
    """What one run saw: lateness in seconds of each good answer after the one before it."""

    late: list[float] = field(default_factory=list)
    polls: int = 0
    asked: Counter[str] = field(default_factory=Counter)

    def at(self, share):
        return sorted(self.late)[min(len(self.late) - 1, int(share * len(self.late)))]


def rows(faulty):
    """Return the sources; some hosts have several, and a share of the hosts is faulty."""
    bad = int(SOURCES * faulty)
    names = [f"{FAULTS[n % len(FAULTS)]}-{n}" for n in range(bad)]
    names += [f"well-{n % HOSTS}" for n in range(SOURCES - bad)]
    return [
        row(name=f"s{n}-{host}", url=f"https://{host}.example/feed/{n}", every=EVERY)
        for n, host in enumerate(names)
    ]


@contextlib.contextmanager
def wall(now):
    """Let APScheduler, which asks no clock of ours, live in virtual time."""

    class Virtual(datetime):
        @classmethod
        def now(cls, tz=None):
            return now().astimezone(tz)

    modules = (
        apscheduler.schedulers.base, apscheduler.executors.base, apscheduler.triggers.interval
    )  # fmt: skip
    for module in modules:
        module.datetime = Virtual
    try:
        yield
    finally:
        for module in modules:
            module.datetime = datetime


class Workers:
    """The parser's workers, as far as time goes."""

    def __init__(self):
        self._free = asyncio.Semaphore(WORKERS)

    async def __call__(self, kind, page, row):
        async with self._free:
            bomb = page.body.startswith(b"bomb")
            await asyncio.sleep(HOLD if bomb else 0.005)
            if bomb:
                raise RefusedError("reading the document took too long")
            return await here(kind, page, row)


async def lived(hours, faulty, seed=7):
    """Poll for some hours, and return what was seen."""
    loop, chance, day = asyncio.get_running_loop(), virtual.chance(seed), Day()
    store, sources = TinyStore.memory(), rows(faulty)
    network = Network(chance)
    fetcher = Fetcher(contact="x", clock=virtual.clock, limits=Limits())
    fetcher._transports["", ""] = network  # noqa: SLF001  # the network is what is simulated
    reader = Reader(fetcher, Workers(), KINDS, full_text, virtual.clock)
    poller = Poller(
        store,
        Desk(Stories(), Wishes(), store.chat, store.told),
        reader,
        clock=virtual.clock,
        jitter=chance.random,
        committed=lambda _plan: None,
        tally=Tally(),
    )
    good: defaultdict[str, list[float]] = defaultdict(list)

    async def poll(source):
        day.polls += 1
        if await poller.poll(source):
            good[source.name].append(loop.time())

    schedule = Schedule(wall=lambda: virtual.clock().timestamp(), monotonic=loop.time)
    for at, source in enumerate(sources):
        first, jitter = FIRST_ROUND * at / len(sources), min(EVERY / 10, JITTER)
        schedule.every(source.name, EVERY, partial(poll, source), first=first, jitter=jitter)
    schedule.start()
    await asyncio.sleep(hours * 3600)
    await schedule.close()
    await store.close()
    for source in sources:
        if "-well-" in source.name:
            times = [0.0, *good[source.name], hours * 3600.0]
            spans = (b - a for a, b in pairwise(times))
            day.late += [span - EVERY.total_seconds() for span in spans]
    day.asked = network.asked
    return day


def run(hours=1.0, faulty=0.1, seed=7):
    """Return a virtual day of that many hours with that share of faulty sources."""

    logging.getLogger("exportwire").setLevel(logging.ERROR)

    async def main():
        with wall(virtual.clock):
            return await lived(hours, faulty, seed)

    return virtual.run(main())


if __name__ == "__main__":
    day = run(*map(float, sys.argv[1:3]))
    figures = ", ".join(f"p{100 * share:g} {day.at(share):+.1f} s" for share in (0.5, 0.99, 0.999))
    print(f"{day.polls} polls; a healthy source's answer after its interval: {figures}, "  # noqa: T201  # for a person
          f"at most {max(day.late):+.1f} s; asked {dict(day.asked)}")  # fmt: skip
