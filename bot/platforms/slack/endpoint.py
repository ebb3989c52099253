"""HTTP mode: one address for everything that Slack sends, behind our own check of signatures."""

import asyncio
import logging
import time
from collections.abc import Sequence

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.platforms.slack.access import Access
from bot.platforms.slack.inbound import Desk
from bot.platforms.slack.signature import LONGEST, Guard

log = logging.getLogger("exportwire.slack")
PATH = "/slack/events"


class Endpoint:
    """Answers 401 to what is not Slack's, and hands the rest to the desk."""

    def __init__(self, guard: Guard, desk: Desk) -> None:
        self._guard, self._desk = guard, desk

    def application(self) -> web.Application:
        """Return the application that serves PATH."""
        app = web.Application(client_max_size=LONGEST)
        app.router.add_post(PATH, self._take)
        return app

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = request.headers
        stamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        if why := self._guard.refusal(stamp, signature, body, time.time()):
            log.warning("refused a request", extra={"why": why})
            return web.Response(status=401, text="refused")
        return await self._dispatch(request, body)

    async def _dispatch(self, request: web.Request, body: bytes) -> web.Response:
        try:
            text = body.decode()
            kept: dict[str, str | Sequence[str]] = {
                "content-type": request.headers.get("Content-Type", "")
            }
            asked = AsyncBoltRequest(body=text, query=request.query_string, headers=kept)
        except (ValueError, RecursionError):
            return web.Response(status=400, text="not readable")
        return await to_aiohttp_response(await self._desk.dispatch(asked))


async def serve(access: Access, desk: Desk) -> None:
    """Listen until cancelled. Raises OSError where the port is taken."""
    guard = Guard(access.signing_secret, time.time())
    runner = web.AppRunner(Endpoint(guard, desk).application(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, access.host, access.port).start()
        log.info("listening for Slack", extra={"address": str(runner.addresses[0])})
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
