"""Socket Mode: one connection, opened anew whenever it ends.

The SDK's own client goes on trying an address that is good for one use, so this one asks for a
new address each time.
"""

import asyncio
import json
import logging
from typing import Any

import aiohttp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.errors import AccountError, SendError
from bot.platforms.slack.access import Access
from bot.platforms.slack.inbound import Desk
from bot.platforms.slack.meaning import FAILURES
from bot.platforms.slack.web import Web

log = logging.getLogger("exportwire.slack")
_HEARTBEAT = 10.0
_FIRST_REST, _LONGEST_REST = 0.5, 30.0
_LONGEST = 4_000_000  # bytes of an envelope
_STEADY = 30.0  # seconds after which a connection counts as a good one


class Sockets:
    """Takes envelopes, acknowledges each, and hands them to the desk."""

    def __init__(self, access: Access, web: Web, desk: Desk) -> None:
        self._access, self._web, self._desk = access, web, desk

    async def run(self) -> None:
        """Listen until cancelled. Raises AccountError where the app token is refused."""
        loop, rest = asyncio.get_running_loop(), _FIRST_REST
        while True:
            began = loop.time()
            try:
                again = await self._listen(await self._address())
            except FAILURES as error:
                log.warning("Slack's socket failed", extra={"why": type(error).__name__})
                again = False
            except AccountError:
                raise
            except SendError as error:
                log.warning("Slack gives no socket", extra={"why": str(error)})
                again = False
            if again or loop.time() - began > _STEADY:
                rest = _FIRST_REST
            await asyncio.sleep(rest)
            rest = min(_LONGEST_REST, rest * 2)

    async def _address(self) -> str:
        if not self._access.app_token:
            raise AccountError(
                "SLACK_APP_TOKEN is not set; set it, or SLACK_SIGNING_SECRET for HTTP"
            )
        answer = await self._web.open_socket(self._access.app_token)
        return str(answer.get("url", ""))

    async def _listen(self, address: str) -> bool:
        """Take envelopes until the connection ends; return whether Slack asked for a new one."""
        session = self._web.session
        async with session.ws_connect(
            address, heartbeat=_HEARTBEAT, max_msg_size=_LONGEST
        ) as socket:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT and await self._take(
                    socket, message.data
                ):
                    return True
        return False

    async def _take(self, socket: aiohttp.ClientWebSocketResponse, data: str) -> bool:
        envelope = _read(data)
        if envelope.get("type") == "disconnect":
            return True
        payload = envelope.get("payload")
        if not envelope.get("envelope_id") or not isinstance(payload, dict):
            return False  # such as "hello"
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await self._desk.dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
        return False


def _read(data: str) -> dict[str, Any]:
    try:
        envelope = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return envelope if isinstance(envelope, dict) else {}
