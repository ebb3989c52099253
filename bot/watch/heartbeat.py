"""A dead man's switch: an address that is asked while the bot is well, and only then.

The address may hold a secret, so that neither it nor what a failure says of it is logged.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import httpx

log = logging.getLogger("exportwire.watch")
EVERY = timedelta(minutes=1)
LOOK = timedelta(seconds=5)  # between looks while something is wrong
LONGEST = timedelta(seconds=15)


class Heartbeat:
    """Pings `url` each time that `ails` finds nothing wrong."""

    def __init__(
        self, url: str, ails: Callable[[], str], *, client: httpx.AsyncClient, every: timedelta
    ) -> None:
        self._url, self._ails, self._client, self._every = url, ails, client, every
        self._told: str | None = None

    async def run(self) -> None:
        """Ping until cancelled."""
        while True:
            wrong = self._ails()
            self._tell(f"heartbeat rests: {wrong}" if wrong else await self._ping())
            await asyncio.sleep((min(LOOK, self._every) if wrong else self._every).total_seconds())

    async def _ping(self) -> str:
        """Ask the address; return what went wrong."""
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                answer = await self._client.get(self._url)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return f"heartbeat not taken: {type(error).__name__}"
        return "" if answer.is_success else f"heartbeat not taken: HTTP {answer.status_code}"

    def _tell(self, news: str) -> None:
        if news == self._told:
            return
        self._told = news
        if news:
            log.warning(news)
        else:
            log.info("heartbeat goes out")


async def beat(url: str, ails: Callable[[], str], *, every: timedelta = EVERY) -> None:
    """Ping `url` every so often while `ails` returns "", until cancelled."""
    async with httpx.AsyncClient(timeout=LONGEST.total_seconds()) as client:
        await Heartbeat(url, ails, client=client, every=every).run()
