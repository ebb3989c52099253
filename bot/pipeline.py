"""The flow, in one pure function: what to keep and what to owe for a poll's new items.

    source.poll ─> entries ─> fresh? (identity) ─> items
                                                     │
          ┌──────────────────────────────────────────┘
          v
       classify   relevant? topics, issuer, targets, action, direction, stage, dates
          v
       place      which story is it, and does it say anything that a reader must know?
          v
       match      which chats asked for this, and what were they told already?
          v
       Changes    items + stories + deliveries owed, one commit   ─> store ─> dispatch ─> chat

`bot/edit.py` runs it and commits; `bot/dispatch/` sends what is owed.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs

from bot.classify import label_of, summary
from bot.cluster import Stories
from bot.model import (
    Change,
    Changes,
    Delivery,
    DeliveryId,
    Item,
    Label,
    Placement,
    Story,
    StoryId,
)
from bot.owing import Desk, owe

KEPT_TEXT = 400  # characters kept of an item that is not relevant
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What one batch comes to. `before` holds the stories as they were, to undo a failed commit."""

    items: tuple[Item, ...]
    stories: tuple[Story, ...]
    deliveries: tuple[Delivery, ...]
    before: tuple[tuple[StoryId, Story | None], ...]
    copies: int = 0

    def changes(self) -> Changes:
        """Return the plan as one commit."""
        return Changes(items=self.items, stories=self.stories, deliveries=self.deliveries)


def plan(items: Iterable[Item], desk: Desk, now: datetime) -> Plan:
    """Decide what becomes of new items, in the order given, in one go; see `steps`."""
    deciding = steps(items, desk, now)
    while True:
        try:
            next(deciding)
        except StopIteration as done:
            made: Plan = done.value
            return made


def steps(items: Iterable[Item], desk: Desk, now: datetime) -> Generator[None, None, Plan]:
    """Decide what becomes of new items, in the order given, with many pauses.

    There is one after each item, and after each chat that asked for its story: thousands may.

    The desk's stories grow as items are placed, so that two items of one batch share a story;
    `undo` takes that back where the commit fails. What is given up in the middle is undone here.
    """
    before: dict[StoryId, Story | None] = {}
    try:
        return (yield from _steps(items, desk, now, before))
    except BaseException:
        _restore(before.items(), desk.stories)
        raise


def _steps(
    items: Iterable[Item], desk: Desk, now: datetime, before: dict[StoryId, Story | None]
) -> Generator[None, None, Plan]:
    kept: list[Item] = []
    stories: dict[StoryId, Story] = {}
    owed: dict[DeliveryId, Delivery] = {}
    copies = 0
    for at, item in enumerate(items):
        if at:
            yield
        placement, item_kept, label = _place(item, desk)
        kept.append(item_kept)
        if placement is None:
            continue
        story = placement.story
        before.setdefault(story.id, desk.stories.get(story.id))
        desk.stories.put(story)
        stories[story.id] = story
        copies += placement.change is not Change.NEW
        if _is_news(placement, item, label):
            for delivery in owe(placement, item, desk, now, tuple(owed.values())):
                if delivery:
                    owed[delivery.id] = delivery
                yield
    return Plan(
        tuple(kept), tuple(stories.values()), tuple(owed.values()), tuple(before.items()), copies
    )


def undo(made: Plan, stories: Stories) -> None:
    """Put the desk's stories back as they were before `made`."""
    _restore(made.before, stories)


def _restore(before: Iterable[tuple[StoryId, Story | None]], stories: Stories) -> None:
    for story, earlier in before:
        if earlier is None:
            stories.drop(story)
        else:
            stories.put(earlier)


def _place(item: Item, desk: Desk) -> tuple[Placement | None, Item, Label]:
    label = label_of(item, desk.threshold, why=False)
    if not label.relevant:
        return None, structs.replace(item, text=item.text[:KEPT_TEXT]), label
    placement = desk.stories.place(item, label)
    if item.again and placement.change is Change.NEW and desk.stories.tells(item.url):
        return None, item, label  # another headline over a page that was told already
    told = summary(item.title, item.text, label) if item.quote else ""
    story = _told(placement.story, item, told, label)
    return replace(placement, story=story), structs.replace(item, story=story.id), label


def _told(story: Story, item: Item, text: str, label: Label) -> Story:
    """Return a story whose report of an item says how far the item saw the measure."""
    reports = tuple(
        replace(r, summary=text, stage=label.stage) if r.item == item.id else r
        for r in story.reports
    )
    return replace(story, reports=reports, baseline=story.baseline or _archived(story, item))


def _archived(story: Story, item: Item) -> bool:
    return item.baseline and len(story.reports) == 1


def _is_news(placement: Placement, item: Item, label: Label) -> bool:
    """Whether a chat is to hear of it at all.

    What was archived unsent stays so while it is only told again; another measure in the same
    matter is news, whatever story it was placed in.
    """
    if placement.change is Change.REPEAT or item.baseline:
        return False
    told_again = (
        placement.change is Change.COVERAGE and label.action == placement.story.label.action
    )
    return not (placement.story.baseline and told_again)
