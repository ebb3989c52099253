"""The schedule drops no run and survives clocks that jump."""

import asyncio
from datetime import timedelta

from bot.schedule import Schedule
from tests import virtual
from tests.punctual import wall

SOON = timedelta(milliseconds=10)
NONE = timedelta(0)


async def test_runs_at_its_pace_and_never_twice_at_once():
    schedule, runs, at_once = Schedule(), [], []
    running = 0
    enough = asyncio.Event()

    async def job():
        nonlocal running
        running += 1
        at_once.append(running)
        runs.append(1)
        if len(runs) == 3:
            enough.set()
        await asyncio.sleep(0.03)  # longer than the span: the next run has to wait
        running -= 1

    schedule.every("a", SOON, job, first=NONE, jitter=NONE)
    schedule.start()
    async with asyncio.timeout(5):
        await enough.wait()
    await schedule.close()

    assert max(at_once) == 1


async def test_a_failing_job_runs_again_and_is_logged(caplog):
    schedule, runs, again = Schedule(), [], asyncio.Event()

    async def job():
        runs.append(1)
        if len(runs) == 2:
            again.set()
        raise RuntimeError("broken")

    schedule.every("bad", SOON, job, first=NONE, jitter=NONE)
    schedule.start()
    async with asyncio.timeout(5):
        await again.wait()
    await schedule.close()

    assert "job failed" in caplog.text


async def test_a_clock_set_back_an_hour_delays_nothing():
    """The scheduler believes the wall clock, so every job is armed anew from the monotonic one."""
    wall, ran = [1_750_000_000.0], asyncio.Event()

    async def job():
        ran.set()

    schedule = Schedule(wall=lambda: wall[0], monotonic=lambda: 0.0)
    schedule.every("a", timedelta(hours=1), job, first=timedelta(minutes=5), jitter=NONE)
    schedule.start()
    wall[0] -= 3600
    schedule.rearm()

    (armed,) = schedule.armed().values()
    await schedule.close()
    assert armed == 1_750_000_000.0 - 3600 + 300


async def test_speed_divides_every_span():
    schedule, ran = Schedule(speed=3600), asyncio.Event()

    async def job():
        ran.set()

    schedule.every("a", timedelta(hours=1), job, first=timedelta(minutes=1), jitter=NONE)
    schedule.start()
    async with asyncio.timeout(5):
        await ran.wait()
    await schedule.close()


async def test_close_lets_a_running_job_end_and_starts_no_more():
    schedule, began, ended = Schedule(), asyncio.Event(), []

    async def job():
        began.set()
        await asyncio.sleep(0.05)
        ended.append(1)

    schedule.every("a", SOON, job, first=NONE, jitter=NONE)
    schedule.start()
    await began.wait()
    await schedule.close()

    assert ended == [1]


def lived(stall, back):
    """Return how often a 5-minute job ran in an hour that begins with a stall or a jump."""

    async def main():
        loop, ran, offset = asyncio.get_running_loop(), [], [0.0]

        def now():
            return virtual.clock() + timedelta(seconds=offset[0])

        async def job():
            ran.append(loop.time())

        with wall(now):
            schedule = Schedule(wall=lambda: now().timestamp(), monotonic=loop.time)
            every = timedelta(minutes=5)
            schedule.every("a", every, job, first=timedelta(seconds=1), jitter=NONE)
            schedule.start()
            await asyncio.sleep(0)
            loop._jumping.now += stall  # type: ignore[attr-defined]  # noqa: SLF001  # virtual
            await asyncio.sleep(5)
            offset[0] = -back
            await asyncio.sleep(3600)
            await schedule.close()
        return len(ran)

    return virtual.run(main())


def test_a_job_that_was_due_in_a_stall_runs_after_it():
    assert lived(stall=30, back=0) == 13


def test_the_watch_notices_a_clock_set_back_and_no_run_is_lost():
    assert lived(stall=0, back=3600) >= 12


async def test_a_job_that_falls_due_as_it_closes_is_no_error(caplog):
    """APScheduler cancels what it has begun and not yet run, and calls that an error of the job."""
    schedule = Schedule()
    for number in range(20):
        schedule.every(
            f"job {number}", timedelta(days=1), _nothing, first=timedelta(), jitter=timedelta()
        )
    schedule.start()
    await schedule.close()
    for _ in range(3):
        await asyncio.sleep(0)  # what was cancelled is told

    assert caplog.text == ""


async def _nothing():
    return
