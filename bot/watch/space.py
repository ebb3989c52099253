"""What happens when the disk is full, or fails: one notice, and life again once there is space.

A notice that the disk is full cannot be owed, since that takes a commit; it is sent at once, as
well as may be. The one that says that all is well is owed like any other.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.errors import BotError, DiskError, FullError, StoreError
from bot.model import Changes, ChatId, Delivery
from bot.outbox import to_operator
from bot.ports import Clock, Platform, Store

log = logging.getLogger("exportwire.watch")
LOOK = timedelta(seconds=2)  # between looks whether there is space again
LONGEST = timedelta(seconds=20)
WELL = "There is space for the store again: sources are read and alerts are sent as before."


class Disk(Store, Protocol):
    """A store that can say how its disk does."""

    @property
    def trouble(self) -> StoreError | None:
        """Return why commits fail, None where they do not."""

    async def failed(self) -> None:
        """Wait until there is `trouble`."""

    async def has_room(self) -> bool:
        """Return whether a full disk takes commits again. Raises DiskError."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Watches a store's disk. `operator` is the chat that is told (None: the log alone is).

    `owed` is told of a notice that was committed.
    """

    store: Disk
    platforms: Mapping[str, Platform]
    operator: ChatId | None
    clock: Clock
    owed: Callable[[Iterable[Delivery]], None]
    look: timedelta = LOOK

    async def run(self) -> None:
        """Watch until cancelled. Raises DiskError where only a new start can help."""
        while True:
            await self.store.failed()
            trouble = self.store.trouble
            if isinstance(trouble, DiskError):
                raise trouble
            if isinstance(trouble, FullError):
                await self._wait_for_room(str(trouble))

    async def _wait_for_room(self, text: str) -> None:
        log.error("the disk is full", extra={"notice": text})
        telling = asyncio.create_task(self._send(text))
        while not await self.store.has_room():  # noqa: ASYNC110  # space comes without an event
            await asyncio.sleep(self.look.total_seconds())
        log.warning("the disk has space again")
        await telling
        if self.operator:
            await self._owe(to_operator(self.operator, WELL, self.clock()))

    async def _send(self, text: str) -> None:
        chat = self.store.chat(self.operator) if self.operator else None
        platform = self.platforms.get(chat.platform) if chat else None
        if chat is None or platform is None:
            return
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                await platform.send(chat, to_operator(chat.id, text, self.clock()))
        except (BotError, TimeoutError) as error:
            log.warning("the operator could not be told", extra={"error": str(error)})

    async def _owe(self, notice: Delivery) -> None:
        try:
            await self.store.commit(Changes(deliveries=(notice,)))
            self.owed([notice])
        except FullError:
            log.warning("the disk is full once more")
