"""Chats that were forgotten while this process runs, and what may still be asked for them.

Who decided on a delivery before its chat was forgotten may ask to store it after. None of that may
bring the chat's data back.
"""

from dataclasses import replace

from bot.model import Changes, ChatId
from bot.store.codec import doc_id
from bot.store.engine import Engine


class Forgotten:
    """The chats that were forgotten and did not come back, by what has become durable."""

    def __init__(self, engine: Engine) -> None:
        self._chats: set[int] = set()
        engine.watch(self._changed, ("chats",))

    def _changed(self, _table: str, chat: int, _before: bytes | None, after: bytes | None) -> None:
        if after is None:
            self._chats.add(chat)
        else:
            self._chats.discard(chat)

    def without(self, changes: Changes) -> Changes:
        """Return a commit without what it holds of forgotten chats; an active chat comes back."""
        if not self._chats:
            return changes
        gone = {chat for chat in _named(changes) if doc_id(chat) in self._chats}
        gone -= {chat.id for chat in changes.chats if chat.active}
        if not gone:
            return changes
        return replace(
            changes,
            chats=tuple(c for c in changes.chats if c.id not in gone),
            subscriptions=tuple(w for w in changes.subscriptions if w.chat not in gone),
            objections=tuple(o for o in changes.objections if o.chat not in gone),
            deliveries=tuple(d for d in changes.deliveries if d.chat not in gone),
        )


def _named(changes: Changes) -> set[ChatId]:
    """Return the chats that a commit holds something of."""
    wishes, said = changes.subscriptions, changes.objections
    named = {chat.id for chat in changes.chats} | {each.chat for each in changes.deliveries}
    return named | {wish.chat for wish in wishes} | {objection.chat for objection in said}
