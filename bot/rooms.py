"""What the chat services learn of rooms: closed to the bot, open again, or under another id."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.dispatch.ledger import merged
from bot.dispatch.rekey import migrated
from bot.model import Changes, Chat
from bot.ports import Clock
from bot.store import TinyStore

log = logging.getLogger("exportwire.rooms")


def _unheard(_changes: Changes) -> None:
    pass


class Rooms:
    """Keeps the chats of a room true. `follow` hears what a move changed."""

    def __init__(self, store: TinyStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self.follow: Callable[[Changes], None] = _unheard

    async def standing(self, room: Chat, active: bool) -> None:  # noqa: FBT001  # the platforms' shape
        """Let a room's chats rest when the bot is removed, and wake them when it is back."""
        chats = (chat for chat in self._of(room) if chat.active is not active)
        changed = tuple(replace(chat, active=active) for chat in chats)
        if changed:
            await self._store.commit(Changes(chats=changed))

    async def moved(self, room: Chat, new: str) -> None:
        """Give a room's chats their new id, with what they want and are owed, in one commit."""
        now = self._clock()
        parts = [migrated(self._store, chat, new, now) for chat in self._of(room)]
        changes = merged([part for part in parts if part is not None])
        if new and changes.chats:
            log.info("room moved", extra={"chat": room.id, "to": new})
            await self._store.commit(changes)
            self.follow(changes)

    def _of(self, room: Chat) -> Sequence[Chat]:
        place = (room.platform, room.account, room.room)
        return [c for c in self._store.chats() if (c.platform, c.account, c.room) == place]
