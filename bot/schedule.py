"""When things run: APScheduler, kept safe from clocks that jump. The only user of APScheduler.

APScheduler reads the wall clock. Measured: with the clock set back an hour an interval job does
not run at all for that hour. So a watch compares the wall clock with the monotonic one and, when
they part, re-arms every job from the monotonic time that is left. Jobs only *start* tasks of our
own, since the scheduler's shutdown cancels coroutines that it runs itself.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger("exportwire.schedule")
Run = Callable[[], Awaitable[None]]
WATCH = 15.0  # seconds between looks at the two clocks
PARTED = 2.0  # seconds by which they may differ in between
UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class _Job:
    run: Run
    every: timedelta
    due: float  # monotonic seconds


class Schedule:
    """Runs jobs at their own pace until closed. `speed` divides every span (1: real time)."""

    def __init__(
        self,
        *,
        speed: float = 1.0,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._speed = speed
        self._wall, self._monotonic = wall, monotonic
        self._jobs: dict[str, _Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()
        self._watching: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def every(
        self, name: str, span: timedelta, run: Run, *, first: timedelta, jitter: timedelta
    ) -> None:
        """Run `run` after `first`, then every `span`, later by a random part of `jitter`.

        Never sooner: APScheduler's own jitter goes both ways, so that half of it is in the span.
        """
        spread = int(jitter.total_seconds() / self._speed / 2)
        span, first = span / self._speed + timedelta(seconds=spread), first / self._speed
        self._jobs[name] = _Job(run, span, self._monotonic() + first.total_seconds())
        trigger = IntervalTrigger(
            seconds=max(span.total_seconds(), 0.01),
            timezone=UTC,
            jitter=spread or None,
        )
        start = datetime.fromtimestamp(self._wall() + first.total_seconds(), UTC)
        self._scheduler.add_job(
            self.fire, trigger, args=[name], id=name, replace_existing=True, next_run_time=start
        )

    def cancel(self, name: str) -> None:
        """Run a job no more."""
        self._jobs.pop(name, None)
        with contextlib.suppress(JobLookupError):
            self._scheduler.remove_job(name)

    def start(self) -> None:
        """Begin; must be called in the running event loop."""
        self._scheduler.start()
        self._watching = asyncio.ensure_future(self._watch())

    async def fire(self, name: str) -> None:
        """Start a job's task now, unless its last one still runs."""
        job = self._jobs.get(name)
        if job is None:
            return
        job.due = self._monotonic() + job.every.total_seconds()
        if name not in self._busy:
            self._busy.add(name)
            self._keep(asyncio.ensure_future(self._run(name, job)))

    async def _run(self, name: str, job: _Job) -> None:
        try:
            await job.run()
        except Exception:
            log.exception("job failed", extra={"job": name})
        finally:
            self._busy.discard(name)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self) -> None:
        wall, monotonic = self._wall(), self._monotonic()
        while True:
            await asyncio.sleep(WATCH)
            parted = (self._wall() - wall) - (self._monotonic() - monotonic)
            wall, monotonic = self._wall(), self._monotonic()
            if abs(parted) > PARTED:
                log.warning("the clock jumped", extra={"seconds": round(parted, 1)})
                self.rearm()

    def rearm(self) -> None:
        """Give every job the next run that the monotonic clock says it is due."""
        wall, monotonic = self._wall(), self._monotonic()
        for name, job in self._jobs.items():
            due = datetime.fromtimestamp(wall + max(0.0, job.due - monotonic), UTC)
            self._scheduler.modify_job(name, next_run_time=due)

    def armed(self) -> dict[str, float]:
        """Return when each job runs next, as the scheduler sees it (wall clock, seconds)."""
        return {job.id: job.next_run_time.timestamp() for job in self._scheduler.get_jobs()}

    async def close(self, grace: timedelta = timedelta(seconds=20)) -> None:
        """Start nothing more; give running tasks `grace` to end, then cancel them."""
        if self._scheduler.running:
            self._scheduler.pause()
            await asyncio.sleep(0)  # what it has begun runs; it would cancel it, as an error,
            await asyncio.sleep(0)  # and takes note of its end
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)  # the shutdown itself runs by call_soon
        if self._watching:
            self._watching.cancel()
        if running := set(self._tasks):
            await asyncio.wait(running, timeout=grace.total_seconds())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
