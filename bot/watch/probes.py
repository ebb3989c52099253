"""/healthz and /readyz on loopback, for whoever supervises the process.

/healthz answers while the loop runs. /readyz is 200 once every check holds, else 503, and names
the checks; it holds no id and no secret.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import SettingsError

Checks = Callable[[], Mapping[str, bool]]
"""Each check by its name, as it is now."""


@asynccontextmanager
async def probed(port: int, checks: Checks) -> AsyncIterator[int]:
    """Answer probes while the block runs; yield the port (0 takes a free one).

    Raises SettingsError where the port cannot be had.
    """

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_request: web.Request) -> web.Response:
        found = dict(checks())
        return web.json_response(found, status=200 if all(found.values()) else 503)

    app = web.Application(client_max_size=1024)
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await _listen(runner, port)
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    except OSError as error:
        raise SettingsError(
            f"HEALTH_PORT {port} cannot be listened on ({error.strerror}); choose another."
        ) from error
