"""How fast an item finds its story among many, and how well stories are told apart.

    python -m bench.stories                          10,000 invented stories: milliseconds an item
    python -m bench.stories ../shared/corpus/dev.jsonl   precision, recall, merges, splits

The corpus is played in its order and shuffled within each day; the two halves are parted by
event, so that a threshold that only suits one half shows.
"""

import argparse
import hashlib
import json
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.classify import classify
from bot.cluster import Stories
from bot.model import Direction, Item, ItemId, Label, StoryId, Topic
from bot.stream import item_of

HELD, ASKED = 10_000, 1_000
START = datetime(2025, 1, 1, tzinfo=UTC)
ACTORS = ("CN", "US", "JP", "KR", "EU", "IN", "RU", "MY", "VN", "ID", "CL", "CA", "AU", "GB", "DE")
GOODS = (
    "gallium",
    "germanium",
    "rare-earth",
    "antimony",
    "tungsten",
    "ai-chips",
    "lithium",
    "wheat",
)
ACTIONS = ("ban", "new-control", "licence-approval", "entity-listing", "statement", "lift")
USUAL = ("export", "control", "ministry", "new", "rules", "goods", "licence", "trade", "said")


@dataclass(frozen=True)
class Told:
    """A labelled row: its event, the item, and what the bot says of it."""

    event: str
    item: Item
    label: Label


def invented(number: int, chance: random.Random) -> tuple[Item, Label]:
    """Return a report of an event that resembles many others but is its own."""
    words = ["".join(chance.choices("bdfgklmnprstvaeiou", k=7)) for _ in range(12)]
    text = words + chance.choices(USUAL, k=14)
    chance.shuffle(text)
    when = START + timedelta(minutes=6.5 * number)
    item = Item(
        id=ItemId(f"i{number}"),
        source="bench",
        url=f"https://site{number % 500}.example/{number}",
        title=" ".join(text[:9]),
        text=" ".join(text[9:]),
        lang="en",
        published=when,
        seen=when,
    )
    label = Label(
        relevant=True,
        score=1.0,
        issuers=tuple(chance.choices(ACTORS, weights=[40, 30] + [3] * 13)),
        topics=tuple(map(Topic, chance.sample(GOODS, chance.choice([1, 1, 2, 3])))),
        action=chance.choice(ACTIONS),
        direction=chance.choice(tuple(Direction)),
    )
    return item, label


def speed() -> None:
    """Print how long a look-up takes with `HELD` stories held, in CPU milliseconds."""
    chance = random.Random(7)  # noqa: S311  # invents news, guards nothing
    stories, names, number = Stories(), set[StoryId](), 0
    while len(names) < HELD:
        placement = stories.place(*invented(number, chance))
        stories.put(placement.story)
        names.add(placement.story.id)
        number += 1
    taken = []
    for at in range(ASKED):
        item, label = invented(number - at % 500, chance)
        begun = time.process_time()
        stories.place(item, label)
        taken.append(1000 * (time.process_time() - begun))
    median, high = statistics.median(taken), statistics.quantiles(taken, n=100)[-1]
    print(f"{HELD} stories held: {median:.2f} ms median, {high:.2f} ms at the 99th percentile")


def read(path: Path) -> list[Told]:
    """Return the relevant rows of a corpus with our own labels."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [told(row) for row in rows if row["relevant"]]


def told(row: Mapping[str, str]) -> Told:
    item = item_of(row)
    label = classify(
        item.title, item.text, lang=item.lang, url=item.url, published=item.when, threshold=0
    )
    return Told(row["story"], item, label)


def played(rows: Sequence[Told]) -> dict[ItemId, StoryId]:
    """Return the story of each item, in the order given."""
    stories, found = Stories(), {}
    for row in rows:
        placement = stories.place(row.item, row.label)
        stories.put(placement.story)
        found[row.item.id] = placement.story.id
    return found


def figures(rows: Sequence[Told], found: Mapping[ItemId, StoryId]) -> str:
    """Return B-cubed precision, recall and F1, alerts per event, and false merges, as a line."""
    events, stories = defaultdict(set), defaultdict(set)
    for row in rows:
        events[row.event].add(row.item.id)
        stories[found[row.item.id]].add(row.event)
    items = defaultdict(set)
    for row in rows:
        items[found[row.item.id]].add(row.item.id)
    both = [(events[row.event], items[found[row.item.id]]) for row in rows]
    p = statistics.fmean(len(e & s) / len(s) for e, s in both)
    r = statistics.fmean(len(e & s) / len(e) for e, s in both)
    merged = sum(len(among) > 1 for among in stories.values())
    return (
        f"precision {p:.3f}  recall {r:.3f}  F1 {2 * p * r / (p + r):.3f}  alerts per event "
        f"{len(stories) / len(events):.2f}  false merges {merged} of {len(stories)}"
    )


def half_of(event: str) -> int:
    """Return which half an event is in."""
    return hashlib.sha256(event.encode()).digest()[0] % 2


def accuracy(path: Path) -> None:
    """Print how well stories are told apart: whole, by halves, shuffled; then what went wrong."""
    rows = read(path)
    found = played(rows)
    print("as seen  ", figures(rows, found))
    for half in (0, 1):
        print(f"half {half}   ", figures([r for r in rows if half_of(r.event) == half], found))
    for seed in range(3):
        chance = random.Random(seed)  # noqa: S311  # shuffles news, guards nothing
        mixed = sorted(rows, key=lambda row: (row.item.seen.date(), chance.random()))
        print("shuffled ", figures(rows, played(mixed)))
    wrong(rows, found)


def wrong(rows: Sequence[Told], found: Mapping[ItemId, StoryId]) -> None:
    """Print each story that holds several events, and each event in several stories."""
    for name, word in (("event", "merged"), ("story", "split")):
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            event, story = row.event, found[row.item.id]
            group, member = (story, event) if name == "event" else (event, story)
            groups[group][member] += 1
        for group, members in groups.items():
            if len(members) > 1:
                print(f"{word:7}", group, dict(members.most_common()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path, nargs="?", help="labelled rows, as JSON lines")
    path = parser.parse_args().corpus
    if path:
        accuracy(path)
    else:
        speed()


if __name__ == "__main__":
    main()
