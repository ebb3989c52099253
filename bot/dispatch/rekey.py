"""What a chat's end or move means for all that it holds, as one commit each."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import Changes, Chat, ChatId, Delivery, DeliveryId, State
from bot.outbox import ENDS, cancel
from bot.ports import Store

REMEMBERED = timedelta(days=45)  # stories of which a moved chat stays told


def closed(store: Store, chat: Chat, current: Delivery, reason: str) -> Changes:
    """Return the changes that let a chat rest: what it is owed is cancelled, its wishes stay."""
    waiting = {State.PENDING, State.AMBIGUOUS}  # what is in flight settles itself
    others = (d for d in _owed(store, chat, current.id) if d.state in waiting)
    cancelled = (cancel(d, reason) for d in (current, *others))
    return Changes(chats=(replace(chat, active=False),), deliveries=tuple(cancelled))


def moved_to(chat: Chat, room: str) -> Chat:
    """Return a chat under its new room."""
    parts = (chat.platform, chat.account, room, *filter(None, [chat.thread]))
    return replace(chat, id=ChatId(":".join(parts)), room=room)


def moved(store: Store, chat: Chat, room: str, current: Delivery, now: datetime) -> Changes:
    """Return the changes that give a chat its new id, with all that it wants, is owed and was told.

    Receipts do not move: in the new room they name nothing.
    """
    return _rekeyed(store, chat, room, (current, *_owed(store, chat, current.id)), now)


def migrated(store: Store, chat: Chat, room: str, now: datetime) -> Changes | None:
    """Return the same for a chat whose move was announced; None where it has moved already."""
    if chat.room == room or not (chat.active or store.subscriptions(chat.id)):
        return None
    return _rekeyed(store, chat, room, _owed(store, chat), now)


def followed(changes: Changes, sent: Delivery, store: Store) -> Changes:
    """Return what sending a delivery came to, where its room moved meanwhile."""
    stored = store.delivery(sent.id)
    if stored is None or stored.chat == sent.chat:
        return changes
    rows = changes.deliveries
    there = (replace(d, chat=stored.chat, receipt="") if d.chat == sent.chat else d for d in rows)
    return replace(changes, deliveries=tuple(there))


def _rekeyed(
    store: Store, chat: Chat, room: str, owed: Iterable[Delivery], now: datetime
) -> Changes:
    new, wishes = moved_to(chat, room), store.subscriptions(chat.id)
    told = _told(store, chat, now - REMEMBERED)
    return Changes(
        chats=(replace(chat, active=False), new),
        subscriptions=tuple(replace(wish, chat=new.id) for wish in wishes),
        unsubscribed=tuple(wishes),
        deliveries=tuple(
            [replace(d, chat=new.id) for d in owed]
            + [replace(d, chat=new.id, receipt="") for d in told]
        ),
    )


def _owed(store: Store, chat: Chat, current: DeliveryId | None = None) -> list[Delivery]:
    """Return what a chat is owed beside `current`."""
    return [delivery for delivery in store.owed(chat.id) if delivery.id != current]


def _told(store: Store, chat: Chat, since: datetime) -> Iterable[Delivery]:
    for story in store.stories(since):
        for delivery in store.delivered(chat.id, story.id):
            if delivery.state in ENDS:
                yield delivery
