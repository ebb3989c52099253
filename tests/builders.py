"""Values for tests, with everything that a test does not care about filled in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model import (
    Chat,
    ChatId,
    Direction,
    Entry,
    Item,
    ItemId,
    Label,
    Report,
    Row,
    Stage,
    Story,
    StoryId,
    Subscription,
    Topic,
)

NOON = datetime(2025, 6, 19, 12, tzinfo=UTC)
CHAT = Chat(id=ChatId("console::local"), platform="console", room="local")


def row(**given: Any) -> Row:
    return Row(**({"name": "harbour", "kind": "feed", "url": "http://news.example/feed"} | given))


def entry(**given: Any) -> Entry:
    return Entry(**({"key": "k1", "url": "https://news.example/1", "title": "A headline"} | given))


def item(**given: Any) -> Item:
    usual: dict[str, Any] = {
        "id": ItemId("i1"),
        "source": "harbour",
        "url": "https://news.example/1",
        "title": "China approves some rare earth export licences",
        "lang": "en",
        "published": NOON - timedelta(seconds=40),
        "seen": NOON,
        "outlet": "news.example",
    }
    return Item(**(usual | given))


def label(**given: Any) -> Label:
    usual: dict[str, Any] = {
        "relevant": True,
        "score": 0.97,
        "topics": (Topic("rare-earth"),),
        "issuers": ("CN",),
        "action": "licence-approval",
        "direction": Direction.EASE,
        "stage": Stage.ANNOUNCED,
    }
    return Label(**(usual | given))


def report(**given: Any) -> Report:
    usual: dict[str, Any] = {
        "item": ItemId("i1"),
        "source": "harbour",
        "publisher": "news.example",
        "url": "https://news.example/1",
        "title": "China approves some rare earth export licences",
        "lang": "en",
        "published": NOON - timedelta(seconds=40),
        "seen": NOON,
        "official": False,
    }
    return Report(**(usual | given))


def story(**given: Any) -> Story:
    usual: dict[str, Any] = {
        "id": StoryId("A7F3"),
        "reports": (report(),),
        "label": label(),
        "first_seen": NOON,
        "updated": NOON,
    }
    return Story(**(usual | given))


def wish(query: str = "rare-earth", chat: str = "console::local", **given: Any) -> Subscription:
    usual: dict[str, Any] = {"chat": ChatId(chat), "query": query, "created": NOON}
    return Subscription(**(usual | given))
