"""A running bot under watch: its loop and disk, the probes, the heartbeat and the supervisor."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime

from bot.app import Parts
from bot.model import ChatId
from bot.settings import Settings, notify_socket
from bot.vitals import midnight
from bot.watch.pulse import Signs, ailment
from bot.watch.space import Keeper
from bot.watch.stall import watched
from bot.watch.supervisor import supervised

log = logging.getLogger("exportwire.watch")
Ears = Mapping[str, "asyncio.Task[None]"]
"""The tasks that hear the platforms."""


@contextlib.asynccontextmanager
async def vigil(
    parts: Parts, settings: Settings, checks: "Checks"
) -> AsyncIterator["asyncio.Task[None]"]:
    """Keep watch while the block runs; yield what ends, with a DiskError, when the disk fails."""
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(watched())
        if settings.health_port:
            from bot.watch.probes import probed  # noqa: PLC0415  # lazy: a tenth of a second

            await stack.enter_async_context(probed(settings.health_port, checks.ready))
        if settings.heartbeat_url:
            stack.push_async_callback(_ended, asyncio.create_task(_beat(parts, settings)))
        keeping = asyncio.create_task(_keeper(parts, settings).run())
        stack.push_async_callback(_ended, keeping)
        stack.enter_context(supervised(notify_socket()))
        yield keeping


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _keeper(parts: Parts, settings: Settings) -> Keeper:
    operator = ChatId(settings.operator_chat) if settings.operator_chat else None
    platforms = {platform.name: platform for platform in parts.platforms}
    woken = parts.dispatcher.wake
    return Keeper(parts.store, platforms, operator, parts.clock, woken)


async def _beat(parts: Parts, settings: Settings) -> None:
    from bot.watch.heartbeat import beat  # noqa: PLC0415  # only where it is asked for

    started = parts.clock()
    url = settings.heartbeat_url.get_secret_value() if settings.heartbeat_url else ""
    try:
        await beat(url, lambda: _ailment(parts, started))
    except Exception:
        log.exception("the heartbeat ended")  # whoever listens for it will notice


def _ailment(parts: Parts, started: datetime) -> str:
    now = parts.clock()
    signs = Signs(
        sources=[(row, parts.store.source(row.name)) for row in parts.rows],
        figures=parts.store.figures(midnight(now, "UTC"), now),
        chat=parts.store.chat,
        platforms=frozenset(platform.name for platform in parts.platforms),
        sent=parts.tally.reached,
        started=started,
    )
    return ailment(signs, now)


class Checks:
    """What /readyz tells."""

    def __init__(self, parts: Parts, ears: Ears, first_round: Callable[[], bool]) -> None:
        self._parts, self._ears, self._first_round = parts, ears, first_round

    def ready(self) -> Mapping[str, bool]:
        """Return each check by its name."""
        return {
            "store": self._parts.store.trouble is None,
            "first round": self._first_round(),
            **{name: self._is_up(name) for name in self._ears},
        }

    def _is_up(self, platform: str) -> bool:
        return not self._ears[platform].done() and not self._parts.dispatcher.resting(platform)
