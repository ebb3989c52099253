"""The Store over our TinyDB: commits of values, look-ups by index. See `bot/ports.py`.

Reads come from memory and are values of their own. Commits that wait at the same time share one
write and one sync; each is a transaction, and they are applied in the order in which they came.
"""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
from tinydb import TinyDB

from bot.errors import DamagedError, StoreError
from bot.model import (
    Changes,
    Chat,
    ChatId,
    Delivery,
    DeliveryId,
    Item,
    ItemId,
    SourceState,
    Story,
    StoryId,
    Subscription,
)
from bot.store.codec import digest, doc_id, encoded, wish_id
from bot.store.engine import Engine
from bot.store.index import Index
from bot.store.recover import Change
from bot.store.table import JournalTable

SCHEMA = 1
T = TypeVar("T")


class JournalDB(TinyDB):
    """TinyDB with our tables on our engine; its public API is TinyDB's own."""

    table_class = JournalTable  # type: ignore[assignment]  # TinyDB declares its own class too narrowly
    default_storage_class = Engine  # type: ignore[assignment]  # likewise


@dataclass(frozen=True, slots=True)
class _Waiting:
    rows: Sequence[Change]
    changes: Changes
    done: "asyncio.Future[None]"


class TinyStore:
    """Everything the bot remembers. Open one with `open` or, for tests, `memory`."""

    def __init__(self, folder: Path | None) -> None:
        self.database = JournalDB(folder)
        self._engine: Engine = self.database.storage  # type: ignore[assignment]  # our own class
        self._decoders: dict[type, msgspec.json.Decoder[Any]] = {}
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._snapshot: asyncio.Task[None] | None = None
        self._check_schema()
        self._index = Index(self._engine.docs)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the store in a folder, made where it is missing.

        Raises LockedError, DamagedError: nothing was changed then.
        """
        return cls(folder)

    @classmethod
    def memory(cls) -> Self:
        """Return an empty store that is nowhere on disk."""
        return cls(None)

    def _check_schema(self) -> None:
        meta = self.database.table("meta")
        found = meta.get(doc_id=1)
        if found is None:
            self._engine.change("meta", {1: encoded({"schema": SCHEMA})})
        elif found["schema"] > SCHEMA:
            raise DamagedError(
                f"The store was written by a newer version (schema {found['schema']}); "
                "run that version, or give this one another folder with --data."
            )

    def _value(self, table: str, key: int, kind: type[T]) -> T | None:
        data = self._engine.docs(table).get(key)
        return self._decode(data, kind) if data is not None else None

    def _decode(self, data: bytes, kind: type[T]) -> T:
        decoder = self._decoders.get(kind)
        if decoder is None:
            decoder = self._decoders[kind] = msgspec.json.Decoder(kind)
        return decoder.decode(data)  # type: ignore[no-any-return]  # the decoder is of that kind

    # -- reading ----------------------------------------------------------------------------

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        met = self._index.met
        return frozenset(key for key in keys if digest(key) in met)

    def item(self, item: ItemId) -> Item | None:
        return self._value("items", doc_id(item), Item)

    def story(self, story: StoryId) -> Story | None:
        return self._value("stories", doc_id(story), Story)

    def stories(self, since: datetime) -> Sequence[Story]:
        return Newest(self, self._index.stories_since(since.timestamp()))

    def source(self, name: str) -> SourceState:
        return self._value("sources", doc_id(name), SourceState) or SourceState(name=name)

    def chat(self, chat: ChatId) -> Chat | None:
        return self._value("chats", doc_id(chat), Chat)

    def subscriptions(self, chat: ChatId | None = None) -> Sequence[Subscription]:
        keys = self._engine.docs("subscriptions") if chat is None else self._index.wishes(chat)
        found = (self._value("subscriptions", key, Subscription) for key in keys)
        return sorted(filter(None, found), key=lambda wish: wish.created)

    def delivery(self, delivery: DeliveryId) -> Delivery | None:
        return self._value("deliveries", doc_id(delivery), Delivery)

    def owed(self) -> Sequence[Delivery]:
        return self._deliveries(self._index.owed)

    def delivered(self, chat: ChatId, story: StoryId) -> Sequence[Delivery]:
        return self._deliveries(self._index.told(chat, story))

    def _deliveries(self, keys: Iterable[int]) -> Sequence[Delivery]:
        found = (self._value("deliveries", key, Delivery) for key in keys)
        return sorted(filter(None, found), key=lambda d: (d.created, d.id))

    # -- committing -------------------------------------------------------------------------

    async def commit(self, changes: Changes) -> None:
        """See `Store.commit`. Cancelling the caller does not undo what was asked."""
        rows = list(self._rows(changes))
        if not rows:
            return
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(rows, changes, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.ensure_future(self._write())
        await asyncio.shield(done)

    def _rows(self, changes: Changes) -> Iterator[Change]:
        yield from (("items", doc_id(v.id), encoded(v)) for v in changes.items)
        yield from (("stories", doc_id(v.id), encoded(v)) for v in changes.stories)
        yield from (("deliveries", doc_id(v.id), encoded(v)) for v in changes.deliveries)
        yield from (("sources", doc_id(v.name), encoded(v)) for v in changes.sources)
        yield from (("chats", doc_id(v.id), encoded(v)) for v in changes.chats)
        yield from (("subscriptions", wish_id(v), None) for v in changes.unsubscribed)
        yield from (("subscriptions", wish_id(v), encoded(v)) for v in changes.subscriptions)
        for chat in changes.forgotten:
            yield "chats", doc_id(chat), None
            yield from (("subscriptions", key, None) for key in self._index.wishes(chat))
            yield from (("deliveries", key, None) for key in self._index.deliveries(chat))

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            rows = [waiting.rows for waiting in batch]
            try:
                await asyncio.to_thread(self._engine.append, rows)
            except StoreError as error:
                for waiting in batch:
                    _fail(waiting.done, error)
                continue
            self._index.before(rows)
            self._engine.apply(rows)
            self._index.after(rows)
            for waiting in batch:
                if not waiting.done.done():
                    waiting.done.set_result(None)
            await self._compact()

    async def _compact(self) -> None:
        busy = self._snapshot is not None and not self._snapshot.done()
        if busy or not self._engine.wants_snapshot:
            return
        tables = await asyncio.to_thread(self._engine.turn)
        generation, sequence = self._engine.position
        self._snapshot = asyncio.ensure_future(
            asyncio.to_thread(self._engine.settle, tables, generation, sequence)
        )

    async def close(self) -> None:
        """Finish what was asked, and give the files back."""
        for task in (self._writer, self._snapshot):
            if task is not None:
                with contextlib.suppress(StoreError):
                    await task
        self.database.close()


def _fail(done: "asyncio.Future[None]", error: StoreError) -> None:
    if not done.done():
        done.set_exception(type(error)(str(error)))


class Newest(Sequence[Story]):
    """Stories, newest first, read only as far as they are looked at."""

    def __init__(self, store: TinyStore, ids: Sequence[int]) -> None:
        self._store, self._ids = store, ids

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return Newest(self._store, self._ids[at])
        return self._store._value("stories", self._ids[at], Story)  # noqa: SLF001  # its own view
