"""What a supervisor is told over HTTP."""

import httpx
import pytest

from bot.errors import SettingsError
from bot.watch.probes import probed


async def ask(port, path):
    async with httpx.AsyncClient() as client:
        return await client.get(f"http://127.0.0.1:{port}{path}")


async def test_ready_once_every_check_holds():
    checks = {"store": True, "first round": False, "slack": True}
    async with probed(0, lambda: checks) as port:
        before = await ask(port, "/readyz")
        checks["first round"] = True
        after = await ask(port, "/readyz")
        alive = await ask(port, "/healthz")
        nothing = await ask(port, "/metrics")

    assert (before.status_code, before.json()["first round"]) == (503, False)
    assert (after.status_code, after.json()) == (200, checks)
    assert (alive.status_code, alive.text) == (200, "ok\n")
    assert nothing.status_code == 404


async def test_it_listens_on_loopback_alone_and_says_where_it_cannot():
    async with probed(0, dict) as port:
        with pytest.raises(SettingsError, match=f"HEALTH_PORT {port} cannot be listened on"):
            async with probed(port, dict):
                pass
