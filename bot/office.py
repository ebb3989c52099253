"""What a command handler may use: store, live wishes, catalogue, counts and the time."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot import query as ql
from bot.match import Wishes, facts_of, subject_of
from bot.model import (
    Changes,
    ChatId,
    Delivery,
    DeliveryId,
    Entry,
    Item,
    Label,
    Placement,
    Row,
    Story,
)
from bot.outbox import cancel
from bot.ports import Clock, Listed, Store
from bot.query.marks import marks_of
from bot.skim import Skim
from bot.tally import Tally

MONTH = timedelta(days=30)
ALWAYS = datetime.min.replace(tzinfo=UTC)
_NOWHERE = ql.Word("\0")  # no text holds it
BREATH = 20  # stories that are looked through at a stretch


@dataclass(frozen=True, slots=True)
class Trial:
    """What it takes to try a page: `page` reads one (SourceError), `place` keeps nothing."""

    page: Callable[[str], Awaitable[Item]]
    place: Callable[[Item, Label], Placement]
    threshold: float


@dataclass(frozen=True, slots=True)
class Offer:
    """What an address offers: a row, its newest items and whether each is news, other addresses."""

    row: Row
    items: tuple[tuple[Entry, bool], ...]
    others: tuple[str, ...]


class Scouting(Protocol):
    """Who adds sources; see `bot/scout.py`. All raise UsageError where it cannot be."""

    async def look(self, chat: ChatId, url: str) -> Offer:
        """Return what an address offers, to be kept from this chat. Raises SourceError."""

    async def keep(self, chat: ChatId, name: str) -> Row:
        """Keep an offer ("": the last one), and poll it for the first time."""

    async def remove(self, name: str) -> Row:
        """Poll a source that was added no more."""


class Sender(Protocol):
    """Who sends what is owed, and alone changes it; see `bot/dispatch/`."""

    def wake(self, new: Iterable[Delivery]) -> None:
        """Hear that deliveries were committed."""

    def review(self, chats: Iterable[ChatId]) -> None:
        """Hear that chats' settings were committed."""

    async def withdraw(self, deliveries: Iterable[DeliveryId]) -> frozenset[DeliveryId]:
        """Cancel deliveries; return those that were still owed, once that is durable."""


@dataclass(frozen=True, slots=True)
class Office:
    """The handlers' whole world. `resting` tells whether an account ("slack:T1") is left alone."""

    store: Store
    wishes: Wishes
    rows: Sequence[Row]
    clock: Clock
    tally: Tally
    started: datetime
    resting: Callable[[str], bool] = lambda _account: False
    trial: Trial | None = None
    sender: Sender | None = None
    scout: Scouting | None = None
    skim: Skim = field(default_factory=Skim)

    async def commit(self, changes: Changes) -> None:
        """Make changes durable, then live: in the wishes, and in what is owed already."""
        await self.store.commit(changes)
        wishes = (*changes.unsubscribed, *changes.subscriptions)
        for wish in changes.unsubscribed:
            self.wishes.remove(wish)
        for wish in changes.subscriptions:
            self.wishes.add(wish)
        if self.sender:
            self.sender.wake(changes.deliveries)
            self.sender.review({*(c.id for c in changes.chats), *(w.chat for w in wishes)})

    async def withdraw(self, rows: Sequence[Delivery]) -> int:
        """Cancel what is owed; return how many of it had not been sent yet."""
        if self.sender:
            return len(await self.sender.withdraw(row.id for row in rows))
        await self.store.commit(Changes(deliveries=tuple(cancel(r, "withdrawn") for r in rows)))
        return len(rows)

    async def found(
        self, query: ql.Query | None, since: datetime, most: int | None = None
    ) -> list[Story]:
        """Return the stories since `since` that a query holds for (None: all), newest first.

        At most `most`. The bot goes on meanwhile: what is not skimmed yet is read whole.
        """
        now, found = self.clock(), list[Story]()
        stories = self.store.stories(since)
        for at in range(len(stories)):
            if at % BREATH == 0:
                await asyncio.sleep(0)
            if query is None or self.skim.may_hold(*stories.edition(at), query):
                found += self._read(stories, at, query, now)
            if len(found) == most:
                break
        return found

    async def skim_all(self) -> None:
        """Learn what the stories hold that are not known yet, so that no question waits for it."""
        await self.found(_NOWHERE, ALWAYS)

    def _read(
        self, stories: Listed, at: int, query: ql.Query | None, now: datetime
    ) -> Iterator[Story]:
        """Yield the story at a place if it is still kept and a query holds for it."""
        with contextlib.suppress(LookupError):
            story = stories[at]
            if query is None:
                yield story
                return
            asked = self._subject(story, query, now)
            if asked.text and not self.skim.knows(*stories.edition(at)):
                self.skim.learn(*stories.edition(at), marks_of(asked))
            if ql.matches(query, asked):
                yield story

    def _subject(self, story: Story, query: ql.Query, now: datetime) -> ql.Subject:
        if not ql.literal(query):  # facts alone need no texts
            age, facts = (
                max(now - story.first_seen, timedelta()),
                facts_of(story.label, story, None),
            )
            return ql.Subject("", frozenset(), facts, age, story.first_seen)
        kept = (self.store.item(report.item) for report in story.reports)
        return subject_of(story, filter(None, kept), now)
