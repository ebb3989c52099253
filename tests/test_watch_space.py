"""A disk that is full or fails, under a real process: nothing is lost, and it is told."""

import asyncio
import resource
import shutil
from datetime import timedelta

import pytest

from bot.errors import DiskError, FullError, TryLaterError
from bot.model import Changes, Delivery
from bot.store.recover import path_of
from bot.watch.space import WELL, Keeper
from tests import botprocess, fakechats
from tests.botprocess import CHAT, PERSON, until
from tests.builders import NOON, item
from tests.disk import limited, replaced
from tests.fakechats import FakeChats
from tests.newshost import News
from tests.stores import opened

TITLE = "China suspends export controls on five rare earth elements until November"
FULL = "No space is left for the store"
OPERATOR = fakechats.chat()


@pytest.fixture
async def world(tmp_path):
    async with botprocess.world(tmp_path) as made:
        yield made


def fill(bot, world):
    """Let no file of the bot grow beyond its journal; return the limits to be put back."""
    newest = max(world.data.glob("journal-*"))
    before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    limits = (newest.stat().st_size, before[1])
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, limits)
    return before


def keeper(store, *nets, woken=print):
    platforms = {net.name: net for net in nets}
    look = timedelta(milliseconds=10)
    return Keeper(store, platforms, OPERATOR.id, lambda: NOON, woken, look)


async def test_a_failed_sync_ends_the_watch(tmp_path):
    async with opened(tmp_path) as store:
        with replaced(path_of(tmp_path, "journal", 0), "/dev/null"), pytest.raises(DiskError):
            await store.commit(Changes(chats=(OPERATOR,)))
        with pytest.raises(DiskError, match="Check the device"):
            await asyncio.wait_for(keeper(store).run(), 10)


async def test_an_operator_who_cannot_be_told_does_not_end_the_watch(tmp_path, caplog):
    async with opened(tmp_path) as store:
        await store.commit(Changes(chats=(OPERATOR,)))
        woken: list[Delivery] = []
        net = FakeChats(script=[TryLaterError("busy")], takes=0)
        with limited(0):
            with pytest.raises(FullError):
                await store.commit(Changes(chats=(OPERATOR,), items=(item(),)))
            task = asyncio.create_task(keeper(store, net, woken=woken.extend).run())
            await until(lambda: "could not be told" in caplog.text)
            assert not task.done()
        await until(lambda: woken)
        task.cancel()

    assert list(store.owed()) == woken
    assert [row.message.text for row in woken] == [WELL]


async def test_a_full_disk_is_told_reads_go_on_and_it_recovers_without_loss(world):
    telegram = world.telegram
    async with world.bot(OPERATOR_CHAT=CHAT.id) as bot:
        await bot.says("poll ok")
        before = fill(bot, world)
        world.news.news.append(News("rss", 11, TITLE))
        await telegram.until(lambda: telegram.told(FULL))
        asked = world.news.asked["rss"]
        await telegram.says(PERSON, "/subscriptions")
        await telegram.until(lambda: telegram.told("rare-earth"))
        await telegram.says(PERSON, "/subscribe gallium")
        await telegram.until(lambda: telegram.told("could not be saved"))
        assert not telegram.told(TITLE)
        assert world.news.asked["rss"] <= asked + 1

        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)
        await telegram.until(lambda: telegram.told(WELL) and telegram.told(TITLE))
        bot.process.terminate()
        assert await bot.ended() == 0

    assert [telegram.told(text) for text in (FULL, WELL, TITLE)] == [1, 1, 1]
    assert not any("Traceback" in line for line in bot.log)
    store = await world.store()
    assert not store.owed()
    assert [wish.query for wish in store.subscriptions(CHAT.id)] == ["rare-earth"]


async def test_a_disk_that_fails_ends_it_with_a_line_and_a_status(world, tmp_path):
    """EIO from a sync: what was not acknowledged is read again by the next start."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    async with world.bot() as bot:
        await bot.says("poll ok")
        tracer = await asyncio.create_subprocess_exec(
            strace, "-f", "-p", str(bot.process.pid), "-e", "inject=fdatasync:error=EIO",
            "-o", str(tmp_path / "trace"), stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert tracer.stderr
        line = await asyncio.wait_for(tracer.stderr.readline(), 20)
        if b"attached" not in line:
            await tracer.wait()
            pytest.skip(f"tracing is not permitted here: {line!r}")
        world.news.news.append(News("rss", 11, TITLE))
        status = await bot.ended()
        told = await bot.says("ended by the disk")
        await tracer.communicate()

    assert status == 3
    assert "Check the device" in told
    async with world.bot() as bot:
        await world.telegram.until(lambda: world.telegram.told(TITLE))
        bot.process.terminate()
        assert await bot.ended() == 0
