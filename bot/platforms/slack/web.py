"""Slack's Web API by slack_sdk, without its hidden retries, and with our errors."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SendError, TryLaterError
from bot.model import Attachment
from bot.platforms.slack.access import Access
from bot.platforms.slack.meaning import FAILURES, meaning, of_app_token
from bot.platforms.turnstile import Turnstile

_QUIET = logging.getLogger("exportwire.slack.sdk")  # at DEBUG the SDK writes whole messages
_QUIET.setLevel(logging.WARNING)
TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
SPACING = 1.07  # seconds between two posts into one channel
WHOLE = 28.5 / 6  # posts a second into all channels: our own ceiling is 300 a minute
_KEPT = 5_000


class Web:
    """One connection pool, opened at the first call. Posts into a channel keep their distance."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None
        self._free: dict[str, float] = {}
        self._whole = Turnstile(WHOLE)

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the open pool."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
            self._client = None
        return self._session

    @property
    def client(self) -> AsyncWebClient:
        """Return the SDK's client, which never repeats a request: only the outbox does."""
        session = self.session
        if self._client is None:
            self._client = AsyncWebClient(
                token=self._access.bot_token,
                base_url=self._access.base,
                session=session,
                retry_handlers=[],
                logger=_QUIET,
            )
        return self._client

    async def call(self, method: str, **given: Any) -> Mapping[str, Any]:
        """Return Slack's answer. Raises SendError."""
        try:
            answer = await self.client.api_call(method, json=given)
        except FAILURES as error:
            raise meaning(error) from None  # the original may quote what was sent
        return {**answer.data, "headers": answer.headers} if isinstance(answer.data, dict) else {}

    async def read(self, method: str, **given: Any) -> Mapping[str, Any]:
        """Return the answer of a reading method; these take no JSON. Raises SendError."""
        try:
            answer = await self.client.api_call(method, params=given)
        except FAILURES as error:
            raise meaning(error) from None  # as above
        return answer.data if isinstance(answer.data, dict) else {}

    async def open_socket(self, app_token: str) -> Mapping[str, Any]:
        """Return the address of a new socket, good for one use. Raises SendError."""
        try:
            answer = await self.client.apps_connections_open(app_token=app_token)
        except FAILURES as error:
            raise of_app_token(meaning(error)) from None  # as above
        return answer.data if isinstance(answer.data, dict) else {}

    async def post(self, room: str, *, patience: float, **given: Any) -> Mapping[str, Any]:
        """Post into a room, not sooner than a second after the last post. Raises SendError.

        `patience` is how many seconds it may wait for its turn; beyond it, TryLaterError.
        """
        loop = asyncio.get_running_loop()
        when = max(loop.time(), self._free.get(room, 0.0))
        _check(when - loop.time(), patience, "chat")
        self._free.pop(room, None)  # the newest stay last
        self._free[room] = when + SPACING
        if len(self._free) > _KEPT:
            del self._free[next(iter(self._free))]
        await asyncio.sleep(when - loop.time())
        wait = self._whole.wait(loop.time())
        _check(wait, patience, "method")
        await self._whole.passed()
        self._free[room] = max(self._free.get(room, 0.0), loop.time() + SPACING)
        return await self.call("chat.postMessage", channel=room, **given)

    async def reply(self, room: str, **given: Any) -> None:
        """Post an answer; once more where Slack asks to wait. Raises SendError."""
        try:
            await self.post(room, patience=60, **given)
        except TryLaterError as error:
            if error.wait is None:
                raise
            await asyncio.sleep(min(error.wait.total_seconds(), 30))
            await self.post(room, patience=60, **given)

    async def upload(self, room: str, file: Attachment, thread: str) -> None:
        """Post a file into a room. Raises SendError."""
        data = file.text.encode()
        place = await self.read("files.getUploadURLExternal", filename=file.name, length=len(data))
        await self._put(str(place.get("upload_url", "")), data)
        below = {"thread_ts": thread} if thread else {}
        named = [{"id": place.get("file_id"), "title": file.name}]
        await self.call("files.completeUploadExternal", files=named, channel_id=room, **below)

    async def _put(self, url: str, data: bytes) -> None:
        try:
            async with self.session.post(url, data=data, allow_redirects=False) as answer:
                if answer.status >= 400:
                    raise SendError(f"Slack does not take the file ({answer.status})")
        except FAILURES as error:
            raise meaning(error) from None  # the address lets anybody upload

    async def respond(self, url: str, body: Mapping[str, Any]) -> None:
        """Send an answer to the address that came with a command. Raises SendError."""
        try:
            async with self.session.post(url, json=body, allow_redirects=False) as answer:
                if answer.status >= 400:
                    raise SendError(f"Slack takes no answer to this command ({answer.status})")
        except FAILURES as error:
            raise meaning(error) from None  # the address lets anybody answer

    async def close(self) -> None:
        """Close the pool."""
        if self._session:
            await self._session.close()


def _check(wait: float, patience: float, scope: str) -> None:
    if wait > patience:
        text = "others have used the posts that Slack allows just now"
        raise TryLaterError(text, timedelta(seconds=wait), scope, told=True)
