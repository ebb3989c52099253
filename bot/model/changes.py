"""One commit of the store."""

from dataclasses import dataclass

from bot.model.chats import Chat, Delivery, Objection, Subscription
from bot.model.names import ChatId
from bot.model.sources import Item, Row, SourceState
from bot.model.stories import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One commit: everything in it becomes durable together, or nothing does.

    `rows` are sources that people added, `unlisted` those that they removed again.
    """

    items: tuple[Item, ...] = ()
    stories: tuple[Story, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    sources: tuple[SourceState, ...] = ()
    chats: tuple[Chat, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    unsubscribed: tuple[Subscription, ...] = ()
    objections: tuple[Objection, ...] = ()
    forgotten: tuple[ChatId, ...] = ()
    rows: tuple[Row, ...] = ()
    unlisted: tuple[Row, ...] = ()
