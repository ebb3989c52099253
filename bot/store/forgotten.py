"""Chats that were forgotten while this process runs, and what may still be asked for them.

Who decided on a delivery before its chat was forgotten may ask to store it after. None of that may
bring the chat's data back.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.model import Changes, ChatId


class Forgotten:
    """The chats that are forgotten and did not come back."""

    def __init__(self) -> None:
        self._chats: set[ChatId] = set()

    def note(self, changes: Changes) -> None:
        """Take note of a commit, in the order in which commits become durable."""
        self._chats -= {chat.id for chat in changes.chats}
        self._chats |= set(changes.forgotten)

    def spare(self, chats: Iterable[ChatId]) -> None:
        """Take back that chats were forgotten: that commit failed."""
        self._chats -= set(chats)

    def without(self, changes: Changes) -> Changes:
        """Return a commit without what it holds of forgotten chats; an active chat comes back."""
        chats = tuple(c for c in changes.chats if c.active or c.id not in self._chats)
        gone = self._chats - {chat.id for chat in chats}
        if not gone:
            return changes
        return replace(
            changes,
            chats=chats,
            subscriptions=tuple(w for w in changes.subscriptions if w.chat not in gone),
            objections=tuple(o for o in changes.objections if o.chat not in gone),
            deliveries=tuple(d for d in changes.deliveries if d.chat not in gone),
        )
