"""The Store over our TinyDB: commits of values, look-ups by index. See `bot/ports.py`.

Reads come from memory and are values of their own, which nobody can change the store through.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

from bot.errors import StoreError
from bot.model import (
    Changes,
    Chat,
    ChatId,
    Delivery,
    DeliveryId,
    Figures,
    Item,
    ItemId,
    Objection,
    Row,
    SourceState,
    Story,
    StoryId,
    Subscription,
)
from bot.store.backup import current
from bot.store.codec import doc_id
from bot.store.commits import Commits
from bot.store.database import Database
from bot.store.figures import figures
from bot.store.index import FIELDS, OWED, Index
from bot.store.retention import Dropped, Retention
from bot.store.schema import migrate
from bot.store.shelf import Newest, Shelf
from bot.store.table import Docs
from bot.store.told import Told, told
from bot.store.writer import Writer

T = TypeVar("T")


class TinyStore:
    """Everything the bot remembers. Open one with `open`, `glimpse` or, for tests, `memory`."""

    def __init__(self, folder: Path | None, tables: dict[str, Docs] | None = None) -> None:
        self.database = Database(folder)
        self._engine = engine = self.database.engine
        try:
            if tables:
                engine.replace(tables)
            migrate(engine)
        except BaseException:
            self.database.close()
            raise
        self.index = Index(engine.docs)
        engine.watch(self.index, FIELDS)
        self._items = Shelf(engine, "items", Item, keep=0)
        self._stories = Shelf(engine, "stories", Story, keep=1000)
        self._deliveries = Shelf(
            engine, "deliveries", Delivery, keep=10_000
        )  # more than is owed at once
        self._sources = Shelf(engine, "sources", SourceState, keep=0)  # its cursor can be changed
        self._rows = Shelf(engine, "rows", Row, keep=0)  # likewise its options
        self._chats = Shelf(engine, "chats", Chat, keep=5000)
        self._wishes = Shelf(engine, "subscriptions", Subscription, keep=20000)
        self._objections = Shelf(engine, "objections", Objection, keep=0)
        self.writer = Writer(engine)
        self._commits = Commits(self, engine, self.writer)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the store in a folder, made where it is missing.

        Raises LockedError, DamagedError and other StoreErrors: nothing was changed then.
        """
        return cls(folder)

    @classmethod
    def memory(cls) -> Self:
        """Return an empty store that is nowhere on disk."""
        return cls(None)

    @classmethod
    def glimpse(cls, folder: Path) -> Self:
        """Return what a folder holds now, in memory alone: a bot that runs there goes on.

        Raises StoreError where there is no store, DamagedError and DiskError.
        """
        return cls(None, current(folder).tables)

    @property
    def trouble(self) -> StoreError | None:
        """Why commits fail: FullError while the disk is full, DiskError for good; else None."""
        return self.writer.trouble

    async def failed(self) -> None:
        """Wait until there is `trouble`."""
        await self.writer.failed.wait()

    async def has_room(self) -> bool:
        """Whether a full disk takes commits again. Raises DiskError."""
        return await self.writer.has_room()

    def figures(self, today: datetime, now: datetime) -> Figures:
        """See `Store.figures`."""
        made = figures(self._engine, self.index, today, now)
        return replace(made, trouble=str(self.trouble)) if self.trouble else made

    @property
    def bytes_on_disk(self) -> int:
        """The size of the newest snapshot and the running journal."""
        return self._engine.bytes_on_disk

    @property
    def last_snapshot(self) -> datetime | None:
        """When the newest snapshot was written, or None where there is none yet."""
        return self._engine.last_snapshot

    # -- reading ----------------------------------------------------------------------------

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """See `Archive.known`."""
        return frozenset(self.index.met.known(keys))

    def item(self, item: ItemId) -> Item | None:
        """See `Archive.item`."""
        return self._items.get(doc_id(item))

    def items(self, story: StoryId) -> Sequence[Item]:
        """Return the items of a story that are still kept, oldest first."""
        found = self._items.values(self.index.reported[story])
        return sorted(found, key=lambda item: (item.when, item.id))

    def story(self, story: StoryId) -> Story | None:
        """See `Archive.story`."""
        return self._stories.get(doc_id(story))

    def stories(self, since: datetime) -> Newest:
        """See `Archive.stories`. A story is read when it is looked at."""
        return Newest(self._stories, self.index.updated.since(since))

    def source(self, name: str) -> SourceState:
        """See `Archive.source`."""
        return self._sources.get(doc_id(name)) or SourceState(name=name)

    def sources(self) -> Sequence[SourceState]:
        """Return all that is remembered of sources, by their names."""
        found = self._sources.values(self._engine.docs("sources"))
        return sorted(found, key=lambda state: state.name)

    def rows(self) -> Sequence[Row]:
        """See `Archive.rows`."""
        kept = self._rows.values(self._engine.docs("rows"))
        return sorted(kept, key=lambda row: row.name)

    def chat(self, chat: ChatId) -> Chat | None:
        """See `Subscriptions.chat`."""
        return self._chats.get(doc_id(chat))

    def chats(self) -> Sequence[Chat]:
        """Return all chats that are known, by their ids."""
        return sorted(self._chats.values(self._engine.docs("chats")), key=lambda chat: chat.id)

    def subscriptions(self, chat: ChatId | None = None) -> Sequence[Subscription]:
        """See `Subscriptions.subscriptions`."""
        every = self._engine.docs("subscriptions")
        found = self._wishes.values(every if chat is None else self.index.wishes[chat])
        return sorted(found, key=lambda wish: (wish.created, wish.chat, wish.query))

    def objections(self) -> Sequence[Objection]:
        """See `Objections.objections`."""
        found = self._objections.values(self._engine.docs("objections"))
        return sorted(found, key=lambda objection: (objection.when, objection.by))

    def delivery(self, delivery: DeliveryId) -> Delivery | None:
        """See `Outbox.delivery`."""
        return self._deliveries.get(doc_id(delivery))

    def owed(
        self, chat: ChatId | None = None, *, besides: Iterable[DeliveryId] = ()
    ) -> Sequence[Delivery]:
        """See `Outbox.owed`. What is left out is not even decoded."""
        every = self.index.owed[OWED].difference(map(doc_id, besides))
        return self._oldest_first(every if chat is None else every & self.index.chats[chat])

    def delivered(self, chat: ChatId, story: StoryId) -> Sequence[Delivery]:
        """See `Outbox.delivered`."""
        return self._oldest_first(self.index.told[chat, story])

    def told(self, chat: ChatId, story: StoryId) -> Sequence[Told]:
        """See `Outbox.told`."""
        docs = self._engine.docs("deliveries")
        found = (told(docs[key]) for key in self.index.told[chat, story])
        return sorted(found, key=lambda each: (each.created, each.id))

    def _oldest_first(self, keys: Iterable[int]) -> Sequence[Delivery]:
        return sorted(self._deliveries.values(keys), key=lambda owed: (owed.created, owed.id))

    # -- committing -------------------------------------------------------------------------

    async def commit(self, changes: Changes) -> None:
        """See `Store.commit`. Cancelling the caller does not undo what was asked."""
        await self._commits.commit(changes)

    async def drop(self, before_items: datetime, before_stories: datetime) -> Dropped:
        """Let go of what is older; identities stay known. See `bot/store/retention.py`."""
        return await Retention(self._engine, self.writer).drop(before_items, before_stories)

    async def compact(self) -> None:
        """Write a snapshot now: what was deleted leaves the disk too, and a restart is fast."""
        await self.writer.compact()

    async def close(self) -> None:
        """Finish what was asked, and give the files back."""
        await self.writer.close()
        self.database.close()
