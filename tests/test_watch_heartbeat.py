"""The heartbeat goes out while all is well, rests while it is not, and never shows its address."""

import asyncio
import logging
from datetime import timedelta

import pytest
from aiohttp import web

from bot.watch.heartbeat import beat
from tests.botprocess import until

SECRET = "canary-4711"  # noqa: S105  # the canary
EVERY = timedelta(milliseconds=10)


class Watcher:
    """A loopback service that counts pings; `status` is what it answers."""

    def __init__(self) -> None:
        self.pings, self.status, self.url = 0, 200, ""
        self.pinged = asyncio.Event()

    async def start(self):
        app = web.Application()
        app.router.add_get("/{secret}", self._ping)
        self.runner = web.AppRunner(app, access_log=None)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self.runner.addresses[0][1]}/{SECRET}"

    async def _ping(self, request):
        assert request.match_info["secret"] == SECRET
        self.pings += 1
        self.pinged.set()
        return web.Response(status=self.status)


@pytest.fixture
async def watcher():
    made = Watcher()
    made.url = await made.start()
    yield made
    await made.runner.cleanup()


def told(caplog):
    return [r.getMessage() for r in caplog.records if r.name == "exportwire.watch"]


async def test_it_beats_while_well_and_rests_while_ill(watcher, caplog):
    caplog.set_level(logging.INFO, "exportwire.watch")
    wrong = "3 of 4 sources are late"
    ills = {"": wrong}
    task = asyncio.create_task(beat(watcher.url, lambda: ills.get("", ""), every=EVERY))
    await until(lambda: told(caplog))
    assert watcher.pings == 0

    ills.clear()
    await until(lambda: watcher.pings >= 3)
    ills[""] = wrong
    await until(lambda: told(caplog)[-1].startswith("heartbeat rests"))
    task.cancel()

    rests = f"heartbeat rests: {wrong}"
    assert told(caplog) == [rests, "heartbeat goes out", rests]


async def test_a_ping_that_fails_is_told_once_without_its_address(watcher, caplog):
    caplog.set_level(logging.DEBUG)
    watcher.status = 500
    task = asyncio.create_task(beat(watcher.url, str, every=EVERY))
    await until(lambda: watcher.pings >= 3)
    await watcher.runner.cleanup()
    await until(lambda: told(caplog)[-1].endswith("ConnectError"))
    task.cancel()

    assert told(caplog).count("heartbeat not taken: HTTP 500") == 1
    assert told(caplog).count("heartbeat not taken: ConnectError") == 1
    assert SECRET not in "".join(told(caplog))
