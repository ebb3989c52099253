"""Whose turn it is: few requests at once and some time between them, host by host."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import WaitError

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    spacing: float
    free: float = 0.0  # monotonic seconds: when the next request may start
    resumes: datetime | None = field(default=None)


class Turns:
    """Keeps `per_host` requests at once and `spacing` seconds between starts, for each host."""

    def __init__(self, per_host: int, spacing: float, sleep: Sleep) -> None:
        self._per_host, self._spacing, self._sleep = per_host, spacing, sleep
        self._hosts: dict[str, _Host] = {}

    @contextlib.asynccontextmanager
    async def turn(
        self, host: str, now: Callable[[], datetime], spacing: timedelta = timedelta()
    ) -> AsyncIterator[None]:
        """Wait for a turn and hold it. Raises WaitError while the host has asked for a pause.

        A longer `spacing` that is given once holds for that host from then on; where requests
        are not spaced at all, as in tests, neither are these.
        """
        known = self._host(host)
        if self._spacing:
            known.spacing = max(known.spacing, spacing.total_seconds())
        async with known.slots:
            await self._spaced(known)
            left = known.resumes - now() if known.resumes else timedelta()
            if left > timedelta():
                raise WaitError(f"{host} asked us to come back later", left)
            yield

    def pause(self, host: str, until: datetime) -> None:
        """Leave a host alone until then; an earlier end never shortens a pause."""
        known = self._host(host)
        known.resumes = max(until, known.resumes or until)

    def _host(self, host: str) -> _Host:
        if host not in self._hosts:
            self._hosts[host] = _Host(asyncio.Semaphore(self._per_host), self._spacing)
        return self._hosts[host]

    async def _spaced(self, known: _Host) -> None:
        now = asyncio.get_running_loop().time()
        start = max(now, known.free)
        known.free = start + known.spacing
        if start > now:
            await self._sleep(start - now)
