"""One contestant's rounds over the feeds of a loopback host, in a process of its own.

python -m bench.contest NAME ADDRESS FEEDS FOLDER     # prints what each round used, as JSON
"""

import asyncio
import importlib
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from bench.feedhost import turn
from bench.usage import Stalls, cpu, peak

CONTESTANTS = {
    "exportwire": "bench.ours:Polled",
    "exportwire, all on": "bench.ours:Edited",
    "floor": "bench.peers:Floor",
    "reader": "bench.peers:Reader",
    "feedparser + TinyDB": "bench.peers:FeedparserTinyDB",
}
ROUNDS = ("first round", "unchanged", "a tenth changed")


class Contestant(Protocol):
    """A program that polls feeds and keeps what is new."""

    async def open(self, urls: list[str], folder: Path) -> None:
        """Make ready, with an empty store in a folder."""

    async def round(self) -> int:
        """Poll every feed once; return how many entries are stored by now."""

    async def close(self) -> None:
        """Give everything back."""


@dataclass(frozen=True)
class Used:
    """What a round used: CPU and wall seconds, MB at most, entries stored, stalls in ms."""

    round: str
    cpu: float
    wall: float
    peak: float
    stored: int
    stall: float
    computed: float


async def contest(name: str, base: str, feeds: int, folder: Path) -> list[Used]:
    """Run all rounds of one contestant."""
    module, _, kind = CONTESTANTS[name].partition(":")
    contestant: Contestant = getattr(importlib.import_module(module), kind)()
    await contestant.open([f"{base}/{number}" for number in range(feeds)], folder)
    try:
        return [await _used(contestant, base, at) for at in range(len(ROUNDS))]
    finally:
        await contestant.close()


async def _used(contestant: Contestant, base: str, at: int) -> Used:
    turn(base, at)
    stalls = Stalls()
    spent, began = cpu(), time.perf_counter()
    async with stalls.watched():
        stored = await contestant.round()
    return Used(
        ROUNDS[at],
        cpu() - spent,
        time.perf_counter() - began,
        peak(),
        stored,
        stalls.worst(stalls.late),
        stalls.worst(stalls.used),
    )


def main() -> None:
    name, base, feeds, folder = sys.argv[1:5]
    used = asyncio.run(contest(name, base, int(feeds), Path(folder)))
    print(json.dumps([asdict(each) for each in used]))


if __name__ == "__main__":
    main()
