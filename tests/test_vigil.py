"""A running bot as its supervisor sees it: probes, heartbeat, systemd, and its logs as JSON."""

import asyncio
import json
import socket

import httpx
import pytest
from aiohttp import web

from tests import botprocess

SECRET = "canary4711"  # noqa: S105  # the canary


@pytest.fixture
async def world(tmp_path):
    async with botprocess.world(tmp_path) as made:
        yield made


class Beats:
    """A dead man's switch on loopback."""

    def __init__(self) -> None:
        self.came = asyncio.Event()

    async def start(self):
        app = web.Application()
        app.router.add_get("/{secret}", self._beat)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self.runner.addresses[0][1]}/{SECRET}"

    async def _beat(self, _request):
        self.came.set()
        return web.Response()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


async def ready(client, port):
    """Wait until the bot is ready; return what it said before."""
    said: list[dict[str, bool]] = []
    async with asyncio.timeout(40):
        while True:
            try:
                answer = await client.get(f"http://127.0.0.1:{port}/readyz")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
                continue
            if answer.status_code == 200:
                return [*said, answer.json()]
            said.append(answer.json())
            await asyncio.sleep(0.05)


async def test_probes_heartbeat_and_systemd_of_a_real_process(world):
    port, beats = free_port(), Beats()
    url = await beats.start()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("")
        async with (
            world.bot(
                HEALTH_PORT=str(port),
                HEARTBEAT_URL=url,
                LOG_FORMAT="json",
                LOG_LEVEL="debug",
                NOTIFY_SOCKET="@" + systemd.getsockname()[1:].decode(),
            ) as bot,
            httpx.AsyncClient() as client,
        ):
            told = await ready(client, port)
            assert (await client.get(f"http://127.0.0.1:{port}/healthz")).text == "ok\n"
            await asyncio.wait_for(beats.came.wait(), 40)
            bot.process.terminate()
            assert await bot.ended() == 0
        words = {systemd.recv(100) for _ in range(3)}
    await beats.runner.cleanup()

    assert told[-1] == {"store": True, "first round": True, "telegram": True}
    assert words == {b"READY=1", b"WATCHDOG=1", b"STOPPING=1"}
    events = [json.loads(line) for line in bot.log]
    assert {"time", "level", "event"} <= set.intersection(*map(set, events))
    assert any(e["event"] == "poll ok" and e["source"] == "rss" for e in events)
    assert SECRET not in "".join(bot.log)
