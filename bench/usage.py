"""What a program used: CPU seconds with all its processes, memory, stalls of its loop."""

import asyncio
import contextlib
import os
import resource
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")
_STEP = 0.005


def cpu() -> float:
    """Return the CPU seconds of this process and of its processes, ended or alive."""
    ended = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in ended) + sum(map(_spent, family()))


def family(process: str = "self") -> Iterator[str]:
    """Yield the ids of the processes that this one started and that run, theirs included."""
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in task.read_text().split():
            yield child
            yield from family(child)


def _spent(process: str) -> float:
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, stat[11:15])) / _TICKS
    return 0.0


def cpu_of(process: str) -> float:
    """Return the CPU seconds of another process and of its living ones, by its id."""
    return sum(map(_spent, (process, *family(process))))


def peak() -> float:
    """Return the most memory that this process and its living ones held, in MB."""
    return sum(_status(process, "VmHWM") for process in ("self", *family()))


def held(process: str = "self") -> float:
    """Return the memory that a process and its living ones hold now, in MB; shared pages once."""
    return sum(map(alone, (process, *family(process))))


def alone(process: str = "self") -> float:
    """Return the memory that a process holds now, in MB; of a page that n share, its n-th part."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _status(process: str, name: str) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
    return 0.0


class Stalls:
    """How long the loop stood still: a probe that should wake every 5 ms, and by how much it fails.

    On a busy machine a process waits for a core, too. `used` counts only what our own thread
    computed between two wakes, which is what a program can help.
    """

    def __init__(self) -> None:
        self.late: list[float] = []
        self.used: list[float] = []

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[Self]:
        """Probe while the block runs."""
        probe = asyncio.create_task(self._probe())
        try:
            yield self
        finally:
            probe.cancel()

    async def _probe(self) -> None:
        while True:
            began, spent = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_STEP)
            self.late.append(time.perf_counter() - began - _STEP)
            self.used.append(time.thread_time() - spent)

    def worst(self, of: list[float]) -> float:
        """Return the 99.9th percentile in milliseconds."""
        return 1e3 * sorted(of)[int(len(of) * 0.999)] if of else 0.0
