"""How a run ends, in real processes: in order, at once, or by a kill that a supervisor repairs."""

import asyncio
import signal
from dataclasses import replace

import pytest

from bot.app import utc_now
from bot.model import Changes, State
from bot.stop import unless
from tests import botprocess
from tests.botprocess import owed
from tests.newshost import News

TITLES = (
    "China suspends export controls on five rare earth elements until November",
    "Vietnam bans exports of unprocessed rare earth ore from January",
)


@pytest.fixture
async def world(tmp_path):
    async with botprocess.world(tmp_path) as made:
        yield made


def fresh(*names):
    """Messages that are owed from now on; an old one would come as a digest."""
    now = utc_now()
    rows = (replace(owed(name, name), created=now, not_before=now) for name in names)
    return Changes(deliveries=tuple(rows))


async def test_a_signal_stops_claims_and_finishes_what_is_in_flight(world):
    """One message is in flight, and its answer comes after the signal; the next stays owed."""
    await world.store(fresh("first", "second"))
    world.telegram.free.clear()
    async with world.bot() as bot:
        await world.telegram.sent(1)
        bot.process.terminate()
        await bot.says("stopping")
        world.telegram.free.set()
        status = await bot.ended()

    store = await world.store()
    first, second = store.delivery("first"), store.delivery("second")
    told, waiting = sorted((first, second), key=lambda d: d.state is State.PENDING)
    assert status == 0
    assert (told.state, told.attempts, waiting.state, waiting.attempts) == ("sent", 1, "pending", 0)
    assert len(world.telegram.posts) == 1


async def test_a_single_round_is_given_up_in_order_too(world):
    await world.store(fresh("first"))
    world.telegram.free.clear()
    async with world.bot("--once") as bot:
        await world.telegram.sent(1)
        bot.process.send_signal(signal.SIGINT)
        await bot.says("stopping")
        world.telegram.free.set()
        assert await bot.ended() == 0

    assert (await world.store()).delivery("first").state is State.SENT


async def test_a_service_that_has_gone_away_does_not_hold_the_stop_up(world):
    async with world.bot() as bot:
        await bot.says("poll ok")
        await world.telegram.close()
        bot.process.terminate()
        assert await bot.ended() == 0


async def _killed(bot):
    bot.process.kill()
    assert await bot.ended() == -signal.SIGKILL


async def _told_twice_to_stop(bot):
    """The second signal does not wait for what is in flight."""
    bot.process.terminate()
    await bot.says("stopping")
    bot.process.terminate()
    assert await bot.ended() == -signal.SIGTERM


async def test_a_supervisor_that_restarts_it_loses_nothing(world):
    """Ended with an alert in flight in each life: that one is told once more, and none is lost."""
    for life, (title, ended) in enumerate(zip(TITLES, (_told_twice_to_stop, _killed), strict=True)):
        async with world.bot() as bot:
            await bot.says("poll ok")
            await world.telegram.until(lambda done=2 * life: len(world.telegram.posts) == done)
            world.telegram.free.clear()
            world.news.news.append(News("rss", 11 + life, title))
            await world.telegram.until(lambda new=title: world.telegram.told(new))
            await ended(bot)
        world.telegram.free.set()
        states = [delivery.state for delivery in (await world.store()).owed()]
        assert states == [State.SENDING]
    async with world.bot() as bot:
        await world.telegram.until(lambda: len(world.telegram.posts) == 2 * len(TITLES))
        bot.process.terminate()
        assert await bot.ended() == 0

    assert [world.telegram.told(title) for title in TITLES] == [2, 2]
    assert not (await world.store()).owed()


async def test_work_is_given_up_where_the_stop_comes_first():
    async def work():
        await asyncio.Event().wait()

    stop = asyncio.get_running_loop().create_future()
    stop.set_result(None)
    await asyncio.wait_for(unless(stop, work()), 5)


async def test_work_that_fails_says_so():
    async def work():
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await unless(asyncio.get_running_loop().create_future(), work())
