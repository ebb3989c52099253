"""Kills a sender, again and again, and counts what was lost or told twice.

`python -m tests.torture.dispatch` prints the figures of each service, and those of the exploration
with two crashes; it ends with 1 where a bar is missed. `--help` shows how to run less of it.
"""

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from random import Random  # noqa: TID251  # chance with a seed

from tests import virtual
from tests.chatserver import FATES, Copy
from tests.scenarios import Script, Verdict, explore, scripts
from tests.torture.say import figure, say
from tests.torture.sender import Order
from tests.torture.services import FLAVOURS, LOOKED_UP, service
from tests.virtual import chance

LONGEST_LIFE = 0.1  # seconds before a kill, from the first request
REAL_LIFE = 0.3  # with a real client, which takes its time to connect
EARLY = 0.1  # of the kills fall while a sender still starts
FAULTY = 0.25  # of requests
STEPS = 48  # named steps at which a life may end
CERTIFICATE = Path("tests/data/fetch/news.example.pem")
"""All that senders trust. None speaks TLS; reading all authorities is half the work of a life."""
PROGRESS = 100  # kills between two lines of a long run


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

        Unless `early`, the time to the kill runs from its first request, as its log tells, or from
        its end where it has nothing to send.
        """
        log = Path(order.log)
        before = _size(log)
        self._say(json.dumps(asdict(order)))
        await self._word("pid")
        if kill_after is not None:
            until = time.monotonic() + 2
            while not early and not _began(log, before) and time.monotonic() < until:  # noqa: ASYNC110  # another process writes it
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


def _began(log: Path, since: int) -> bool:
    """Whether a sender has made a request, or has ended, since its log was that long."""
    told = log.read_bytes()[since:] if log.exists() else b""
    return b"try " in told or b"end " in told


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


_DIGEST = "told sooner"  # what the first line of each says


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """Keep a forking process while the block runs."""
    pipe = asyncio.subprocess.PIPE
    environment = {"PATH": os.environ["PATH"], "SSL_CERT_FILE": str(CERTIFICATE)}  # noqa: TID251  # the child needs a PATH
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.torture.sender", stdin=pipe, stdout=pipe, env=environment
    )
    try:
        yield Nursery(process)
    finally:
        process.kill()
        await process.wait()


async def series(
    forks: Nursery, kills: int, folder: Path, flavour: str, *, seed: int = 1
) -> Figures:
    """Kill a sender `kills` times, let the last one finish, and count. Each hundred is told."""
    source = chance(seed)
    server = service(flavour, lambda: source.choice(FATES) if source.random() < FAULTY else "ok")
    address, log = await server.start(), folder / "log"
    died: set[int] = set()
    life = 0
    while len(died) < kills:
        order = _order(address, folder, life, source, flavour)
        longest = REAL_LIFE if flavour in {"slack", "telegram"} else LONGEST_LIFE
        after = None if order.die_at else source.random() * longest
        if await forks.live(order, after, early=source.random() < EARLY):
            died.add(life)
            if len(died) % PROGRESS == 0:
                say(f"  {flavour}: {len(died)} kills of {kills}, {len(server.accepted)} messages")
        life += 1
    last = Order(address, str(folder / "store"), str(log), life, 0, flavour)
    assert await forks.live(last, None) == 0
    await server.close()
    return figures(log.read_text(), server.accepted, died)


def _order(address: str, folder: Path, life: int, source: Random, flavour: str) -> Order:
    die_at = source.randrange(1, STEPS) if life % 2 else 0
    new = source.randrange(0, 2 if flavour == "slack" else 5)  # five posts a second are allowed
    return Order(address, str(folder / "store"), str(folder / "log"), life, new, flavour, die_at)


def figures(log: str, accepted: list[Copy], died: set[int]) -> Figures:
    """Compare what was promised with what arrived.

    A further copy is explained by a doubtful answer to the one before, or by the death of the
    sender of that one: what it sent last may be taken after it died, so that times do not tell;
    or by an answer that its sender says came too late. Nothing explains a copy of what was settled
    before.
    """
    words = [line.split() for line in log.splitlines()]
    promised = {name for word, name, _ in words if word == "owed"}
    copies: dict[str, list[Copy]] = {}
    # What a dead sender sent last may be taken after what the next one sent.
    # Digests have one first line, and are told apart by all their lines.
    for copy in sorted(accepted, key=lambda copy: copy.life):
        name = copy.text if _DIGEST in copy.text else copy.delivery
        copies.setdefault(name, []).append(copy)
    told = Counter({name: len(found) for name, found in copies.items()})
    digests = "\n".join(c.text for c in accepted if _DIGEST in c.text).split()
    lost = promised - told.keys() - set(digests)
    pairs = [pair for found in copies.values() for pair in pairwise(found)]
    odd = Counter(a.delivery for a, b in pairs if not (a.doubtful or _is_last(a, b, died)))
    odd -= Counter(name for word, name, _ in words if word == "late")
    settled = {name: float(at) for word, name, at in words if word == "sent"}
    return Figures(
        kills=len(died),
        owed=len(promised),
        lost=len(lost),
        copies=len(pairs),
        unexplained=odd.total(),
        after_settled=sum(b.at > settled.get(b.delivery, b.at) for _, b in pairs),
        disorder=sum(_is_early(name, copies) for name in promised),
        most=max(told.values(), default=0),
    )


def _is_last(copy: Copy, after: Copy, died: set[int]) -> bool:
    """Whether the sender of a copy died before it sent the next one."""
    return copy.life in died and copy.life != after.life


def _is_early(name: str, copies: dict[str, list[Copy]]) -> bool:
    """Whether an update arrived before its alert."""
    story, _, number = name.rpartition("-")
    alert, update = copies.get(f"{story}-1"), copies.get(name)
    if number != "2" or not alert or not update:
        return False
    return min(copy.at for copy in update) < min(copy.at for copy in alert)


def explored(rounds: float = 1) -> list[str]:
    """Live through every script with every pair of crashes; return what went wrong.

    A part of a round goes through as much of the scripts; every fiftieth of them is told.
    """
    began, seen = time.monotonic(), Counter[str]()
    chosen = [(script, lookup) for script in scripts(2) for lookup in (True, False)]
    kept = chosen[:: max(1, round(1 / rounds))]
    for number, (script, lookup) in enumerate(kept, 1):
        for verdict in _verdicts(script, lookup=lookup):
            seen["scenarios"] += 1
            seen["lost"] += verdict.lost
            seen["disorder"] += verdict.disorder
            seen["too many"] += verdict.extra > (0 if lookup else verdict.doubts)
        if number % 50 == 0:
            say(f"  explored: {number} scripts of {len(kept)}, {seen['scenarios']} scenarios")
    told = ", ".join(f"{count} {name}" for name, count in seen.items())
    figure(f"explored: {told}, in {time.monotonic() - began:.0f} s")
    return [f"explored: {n} {name}" for name, n in seen.items() if n and name != "scenarios"]


def _verdicts(script: Script, *, lookup: bool) -> Iterator[Verdict]:
    """Yield how a script ends with one crash at each step, and with a second one."""
    whole = virtual.run(explore(script, (), lookup=lookup))
    for first in range(1, whole.steps + 1):
        yield virtual.run(explore(script, (first,), lookup=lookup))
        for second in range(1, whole.steps + 1, 2):
            yield virtual.run(explore(script, (first, second), lookup=lookup))


def faults(found: Figures, flavour: str) -> list[str]:
    """Return which bars a series misses: where there is a look-up, no copy is explained."""
    bars = {
        "lost": found.lost,
        "told twice for no reason": found.unexplained,
        "told again after it was settled": found.after_settled,
        "out of order": found.disorder,
        "told twice despite the look-up": found.copies if flavour in LOOKED_UP else 0,
    }
    return [f"{flavour}: {count} {what}" for what, count in bars.items() if count]


def killed(flavour: str, kills: int, seed: int) -> list[str]:
    """Kill senders over one service; return which bars it misses."""

    async def run() -> Figures:
        with tempfile.TemporaryDirectory() as folder:
            async with nursery() as forks:
                return await series(forks, kills, Path(folder), flavour, seed=seed)

    began = time.monotonic()
    found = asyncio.run(run())
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in asdict(found).items())
    figure(f"{flavour}: {told}, in {time.monotonic() - began:.0f} s")
    return faults(found, flavour)


def main() -> int:
    """Print the figures; return 1 where a bar is missed."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="of each service")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", choices=[*FLAVOURS, "explore"])
    given = parser.parse_args()
    chosen = given.only or [*FLAVOURS, "explore"]
    bad = [f for name in FLAVOURS if name in chosen for f in killed(name, given.kills, given.seed)]
    if "explore" in chosen:
        bad += explored()
    say("\n".join(bad) if bad else "nothing lost, nothing told twice without a reason")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
