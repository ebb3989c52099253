"""Subscriptions as people make them: a few popular words and topics, and a long tail."""

import random
from datetime import UTC, datetime

from bot.classify.topics import topics
from bot.model import Chat, ChatId, Subscription

NOON = datetime(2025, 6, 19, 12, tzinfo=UTC)
TERMS = 5


def usual(count: int, chance: random.Random) -> tuple[tuple[Chat, ...], tuple[Subscription, ...]]:
    """Return as many chats, each with a wish of five terms, Zipf over topics and a long tail."""
    popular = chance.sample(list(topics()), len(topics()))
    names = popular + [f"firm{number}" for number in range(20_000)]
    weights = [*_zipf(len(popular), 0.2), *_zipf(20_000, 0.8)]
    picked = iter(chance.choices(names, weights, k=count * TERMS))
    wishes = tuple(_wish(n, [next(picked) for _ in range(TERMS)]) for n in range(count))
    return tuple(_chat(wish.chat) for wish in wishes), wishes


def _zipf(size: int, share: float) -> list[float]:
    """Return weights that sum up to a share, the n-th of them 1/n of the first."""
    whole = sum(1 / rank for rank in range(1, size + 1))
    return [share / rank / whole for rank in range(1, size + 1)]


def _wish(number: int, terms: list[str]) -> Subscription:
    name = ChatId(f"telegram:1:{number}")
    return Subscription(chat=name, query=" OR ".join(sorted(set(terms))), created=NOON)


def _chat(name: ChatId) -> Chat:
    return Chat(id=name, platform="telegram", account="1", room=name.rpartition(":")[2], title="")
