"""A day of polling, deciding and sending in virtual time: one seed drives all that happens.

    python -m tests.simulator [SEED [HOURS [SOURCES]]]

The poller, the pipeline, the store on a disk, the sender and the commands are the real ones; the
clock, the network, the disk's faults and the chat services are invented. After every commit the
laws are checked. A broken one raises `Broken`, which names the seed; it is kept in SEEDS, whose
days are lived through again by the tests.
"""

import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

from tests.simulation.chats import Broken
from tests.simulation.world import Services, World
from tests.torture.say import figure, say
from tests.virtual import VirtualLoop

SEEDS = Path(__file__).parent / "data/simulator/seeds.txt"


def simulate(
    seed: int, hours: float = 24, sources: int = 1000, services: Services | None = None
) -> World:
    """Live through a day; return the world as it is then. Raises Broken."""
    with (
        tempfile.TemporaryDirectory(dir=memory()) as folder,
        asyncio.Runner(loop_factory=VirtualLoop) as runner,
    ):
        return runner.run(_simulate(seed, hours, sources, Path(folder), services))


async def _simulate(
    seed: int, hours: float, sources: int, folder: Path, services: Services | None
) -> World:
    world = World(seed, hours, sources, folder, services)
    await world.run()
    return world


def memory() -> str | None:
    """Return a folder in memory, where there is one: no real disk is waited for."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a fresh folder in it


def kept() -> list[tuple[int, float, int]]:
    """Return the seeds that once broke a law, each with its hours and sources."""
    rows = [line.split() for line in SEEDS.read_text().splitlines() if not line.startswith("#")]
    return [(int(seed), float(hours), int(sources)) for seed, hours, sources in rows]


def keep(seed: int, hours: float, sources: int) -> None:
    """Keep a seed that broke a law."""
    if (seed, hours, sources) not in kept():
        with SEEDS.open("a") as file:
            file.write(f"{seed} {hours:g} {sources}\n")


def report(seed: int, hours: float, sources: int, services: Services | None = None) -> bool:
    """Simulate one day and print what happened; return whether every law held."""
    began = time.perf_counter()
    try:
        world = simulate(seed, hours, sources, services)
    except Broken as error:
        if services is None:  # with real sockets no day is quite like another
            keep(seed, hours, sources)
        say(f"BROKEN {error} (kept in {SEEDS.name})")
        return False
    sent = {name: len(service.accepted) for name, service in world.services.items()}
    laws, took = world.laws, time.perf_counter() - began
    figure(
        f"seed {seed}: {hours:g} h, {sources} sources, {world.polls} polls, {laws.commits} commits,"
        f" {len(laws.urls)} items, {world.crashes} crashes, {world.commands} commands, sent {sent},"
        f" trace {laws.trace:08x}, in {took:.1f} s"
    )
    return True


def main() -> int:
    """Simulate one day, or as much as is asked for; return 1 where a law was broken."""
    logging.disable(logging.CRITICAL)
    given = [*sys.argv[1:], "", "", ""]
    held = report(int(given[0] or 1), float(given[1] or 24), int(given[2] or 1000))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
