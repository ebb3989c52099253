"""Kills a sender, again and again, and counts what was lost or told twice.

`python -m tests.torture.dispatch [KILLS]` prints the figures of both flavours, and those of the
exploration with two crashes.
"""

import asyncio
import json
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from random import Random  # noqa: TID251  # chance with a seed

from tests import virtual
from tests.chatserver import FATES, ChatServer, Copy
from tests.scenarios import explore, scripts
from tests.torture.sender import Order
from tests.virtual import chance

LONGEST_LIFE = 0.1  # seconds before a kill, from the first sign of work
EARLY = 0.1  # of the kills fall while a sender still starts
FAULTY = 0.25  # of requests
STEPS = 48  # named steps at which a life may end


@dataclass(frozen=True, slots=True)
class Figures:
    """What a series of kills came to."""

    kills: int
    owed: int
    lost: int
    copies: int
    unexplained: int
    after_settled: int
    disorder: int
    most: int


class Nursery:
    """The process that forks senders."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def live(self, order: Order, kill_after: float | None, *, early: bool = False) -> int:
        """Let a sender live, until it ends or is killed; return its wait status.

        Unless `early`, the time to the kill runs from its first line in the log.
        """
        log = Path(order.log)
        before = _size(log)
        self._say(json.dumps(asdict(order)))
        await self._word("pid")
        if kill_after is not None:
            until = time.monotonic() + 2
            while not early and _size(log) == before and time.monotonic() < until:  # noqa: ASYNC110  # another process writes it
                await asyncio.sleep(0.002)
            await asyncio.sleep(kill_after)
        self._say("wait" if kill_after is None else "kill")
        return int(await self._word("end"))

    def _say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line.encode() + b"\n")

    async def _word(self, name: str) -> str:
        assert self._process.stdout
        line = (await self._process.stdout.readline()).decode().split()
        assert line[:1] == [name], line
        return line[1]


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """Keep a forking process while the block runs."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.torture.sender", stdin=pipe, stdout=pipe
    )
    try:
        yield Nursery(process)
    finally:
        process.kill()
        await process.wait()


async def series(kills: int, folder: Path, *, lookup: bool, seed: int = 1) -> Figures:
    """Kill a sender `kills` times, let the last one finish, and count."""
    source = chance(seed)
    server = ChatServer(lambda: source.choice(FATES) if source.random() < FAULTY else "ok")
    address, log = await server.start(), folder / "log"
    died: set[int] = set()
    async with nursery() as forks:
        for life in range(kills):
            order = _order(address, folder, life, source, lookup=lookup)
            after = None if order.die_at else source.random() * LONGEST_LIFE
            if await forks.live(order, after, early=source.random() < EARLY):
                died.add(life)
        last = Order(address, str(folder / "store"), str(log), kills, 0, lookup)
        assert await forks.live(last, None) == 0
    await server.close()
    return figures(log.read_text(), server.accepted, died)


def _order(address: str, folder: Path, life: int, source: Random, *, lookup: bool) -> Order:
    die_at = source.randrange(1, STEPS) if life % 2 else 0
    new = source.randrange(0, 5)
    return Order(address, str(folder / "store"), str(folder / "log"), life, new, lookup, die_at)


def figures(log: str, accepted: list[Copy], died: set[int]) -> Figures:
    """Compare what was promised with what arrived.

    A further copy is explained by a doubtful answer to the one before, or by the death of the
    sender of that one: what it sent last may be taken after it died, so that times do not tell.
    Nothing explains a copy of what was settled before.
    """
    words = [line.split() for line in log.splitlines()]
    promised = {name for word, name, _ in words if word == "owed"}
    copies: dict[str, list[Copy]] = {}
    for copy in accepted:
        copies.setdefault(copy.delivery, []).append(copy)
    told = Counter({name: len(found) for name, found in copies.items()})
    digests = "\n".join(c.text for c in accepted if "told sooner" in c.text)
    lost = [n for n in promised if not told[n] and f"EASES {n}" not in digests]
    pairs = [pair for found in copies.values() for pair in pairwise(found)]
    odd = [1 for a, b in pairs if not a.doubtful and (a.life not in died or a.life == b.life)]
    settled = {name: float(at) for word, name, at in words if word == "sent"}
    return Figures(
        kills=len(died),
        owed=len(promised),
        lost=len(lost),
        copies=len(pairs),
        unexplained=len(odd),
        after_settled=sum(b.at > settled.get(b.delivery, b.at) for _, b in pairs),
        disorder=sum(_is_early(name, copies) for name in promised),
        most=max(told.values(), default=0),
    )


def _is_early(name: str, copies: dict[str, list[Copy]]) -> bool:
    """Whether an update arrived before its alert."""
    story, _, number = name.rpartition("-")
    alert, update = copies.get(f"{story}-1"), copies.get(name)
    if number != "2" or not alert or not update:
        return False
    return update[0].at < alert[0].at


def explored() -> dict[str, int]:
    """Live through every script with every pair of crashes; count what went wrong."""
    seen = Counter[str]()
    for lookup in (True, False):
        for script in scripts(2):
            whole = virtual.run(explore(script, (), lookup=lookup))
            for first in range(1, whole.steps + 1):
                for second in (None, *range(1, whole.steps + 1, 2)):
                    crashes = (first,) if second is None else (first, second)
                    verdict = virtual.run(explore(script, crashes, lookup=lookup))
                    seen["scenarios"] += 1
                    seen["lost"] += verdict.lost
                    seen["disorder"] += verdict.disorder
                    seen["too many"] += verdict.extra > (0 if lookup else verdict.doubts)
    return dict(seen)


def main() -> None:
    """Print the figures."""
    logging.disable(logging.CRITICAL)
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for lookup in (True, False):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            found = asyncio.run(series(kills, Path(folder), lookup=lookup))
        name = "with look-up" if lookup else "without"
        print(f"{name}: {found} in {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201  # its purpose
    began = time.monotonic()
    print(f"explored: {explored()} in {time.monotonic() - began:.0f} s")  # noqa: T201  # as above


if __name__ == "__main__":
    main()
