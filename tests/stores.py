"""Stores for tests: open one, fill it, ask it everything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.model import (
    ChatId,
    Delivery,
    DeliveryId,
    Kind,
    Message,
    StoryId,
)
from bot.store import TinyStore
from tests.builders import CHAT, NOON

MINUTE = timedelta(minutes=1)


def owed(name: str = "d1", chat: str = CHAT.id, **given: object) -> Delivery:
    """Return a delivery that is owed."""
    usual = {"kind": Kind.ALERT, "message": Message(lines=()), "created": NOON, "not_before": NOON}
    return Delivery(**({"id": DeliveryId(name), "chat": ChatId(chat)} | usual | given))  # type: ignore[arg-type]  # a builder


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[TinyStore]:
    """Open a store and close it afterwards."""
    store = TinyStore.open(folder)
    try:
        yield store
    finally:
        await store.close()


def answers(store: TinyStore) -> object:
    """Return all that the store says."""
    stories = [StoryId("S0"), StoryId("S1"), StoryId("S2")]
    chats = [ChatId("x"), ChatId("y")]
    told = store.figures(NOON - MINUTE, NOON + MINUTE)
    return (
        store.known("abcdef"),
        [(of, list(store.items(of)), store.story(of)) for of in stories],
        [list(store.stories(NOON + minute * MINUTE)) for minute in range(4)],
        list(store.owed()),
        [list(store.delivered(chat, of)) for chat in chats for of in stories],
        [list(store.subscriptions(chat)) for chat in (None, *chats)],
        (told.items, told.stories, told.sent, told.uncertain, told.dead, told.expired),
        (sorted(map(str, told.owed)), told.seen_after, told.sent_after),
    )
