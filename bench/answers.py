"""(g) What a person waits for: the own time of answers, with 100,000 items kept.

python -m bench.answers [100000]
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from msgspec import structs

from bench import prose
from bench.report import Bar, Result, spread
from bot.app import assembled
from bot.classify.topics import ancestors
from bot.cluster import Stories
from bot.listen import Listener
from bot.model import (
    Changes,
    Chat,
    ChatId,
    Command,
    Direction,
    Item,
    ItemId,
    Label,
    Story,
    StoryId,
    Subscription,
    Topic,
)
from bot.pipeline import KEPT_TEXT
from bot.settings import load
from bot.store import TinyStore

ITEMS, SHARE = 100_000, 0.06  # how many are kept, and which part of them begin a story
RARE = 500  # among so many of the oldest items, the news holds the rare words
AT_ONCE = 1_000
SPAN = timedelta(days=90)
TEXT = 1_000  # characters
ACTORS = ("CN", "US", "JP", "KR", "EU")
GOODS = tuple(map(Topic, ("gallium", "germanium", "tungsten", "ai-chips", "wheat", "lng")))
NOW = datetime(2025, 6, 19, 12, tzinfo=UTC)
CHAT = Chat(id=ChatId("telegram:1:1"), platform="telegram", account="1", room="1", title="")
ASKED = {
    "/latest all": "all",
    "/latest, subscriptions": "",
    "a common topic": "critical-minerals",
    "a common word": "exporters",
    "two words": "shipments germanium issuer:cn",
    "a rare word": "zanzibar",
    "a word of no story": "quetzalcoatl",
    "a rare phrase": '"zanzibar harbour"',
    "not a word": "gallium -ministry",
}


def run(items: int = ITEMS, times: int = 7) -> list[Result]:
    """Measure each answer several times, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        taken = asyncio.run(_asked(Path(folder), items, times))
    rows = [(name, [spread(each[1:]), spread(each[:1])]) for name, each in taken.items()]
    bars = [Bar(f"(g) {name}, ms", median(each[1:]), 50) for name, each in taken.items()]
    title = f"(g) answers to /latest, {items:,} items kept: CPU ms"
    return [Result(title, ["asked again", "first time"], rows, bars)]


async def _asked(folder: Path, items: int, times: int) -> dict[str, list[float]]:
    store = TinyStore.open(folder)
    for changes in _kept(items, random.Random(3)):  # noqa: S311  # invents news
        await store.commit(changes)
    await store.close()
    async with assembled(load(data_dir=folder), [], lambda _rooms: (), clock=lambda: NOW) as parts:
        await parts.late
        await parts.skim()
        found = dict[str, list[float]]()
        for _ in range(times + 1):
            for name, words in ASKED.items():
                found.setdefault(name, []).append(await _one(parts.listener, words))
        return found


async def _one(listener: Listener, words: str) -> float:
    spent = time.process_time()
    await listener.answer(Command(chat=CHAT, verb="latest", argument=words))
    return 1e3 * (time.process_time() - spent)


def _kept(items: int, chance: random.Random) -> Iterator[Changes]:
    """Yield the archive in commits."""
    wish = Subscription(chat=CHAT.id, query="gallium OR germanium OR issuer:jp", created=NOW)
    yield Changes(chats=(CHAT,), subscriptions=(wish,))
    for first in range(0, items, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, items))
        kept = [_met(NOW - SPAN * (1 - n / items), n, chance) for n in numbers]
        stories = tuple(story for _, story in kept if story)
        yield Changes(items=tuple(item for item, _ in kept), stories=stories)


def _met(when: datetime, number: int, chance: random.Random) -> tuple[Item, Story | None]:
    """Return an item as it is kept; where it is news, with the story that it begins."""
    news = chance.random() < SHARE
    title, text = (prose.controlled if news else prose.everyday)(chance, TEXT)
    if news and number < RARE:
        text = f"{text} It was told in Zanzibar harbour."
    item = Item(
        id=ItemId(f"item-{number}"),
        source="bench",
        url=f"https://site{number % 500}.example/{number}",
        title=title,
        text=text if news else text[:KEPT_TEXT],
        lang="en",
        published=when,
        seen=when,
    )
    if not news:
        return item, None
    story = Stories().place(item, _label(chance)).story
    story = replace(story, id=StoryId(f"S{number}"))
    return structs.replace(item, story=story.id), story


def _label(chance: random.Random) -> Label:
    goods = chance.sample(GOODS, 2)
    return Label(
        relevant=True,
        score=1.0,
        topics=tuple(dict.fromkeys(t for g in goods for t in (g, *ancestors(g)))),
        issuers=(chance.choice(ACTORS),),
        action="ban",
        direction=Direction.RESTRICT,
    )


def main() -> None:
    for result in run(int(sys.argv[1]) if sys.argv[1:] else ITEMS):
        print(result.text())


if __name__ == "__main__":
    main()
