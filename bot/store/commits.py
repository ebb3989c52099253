"""What a commit writes: its values, and what follows from them as the store is by then."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol

from bot.model import Changes, ChatId, Item, ItemId, Objection, State
from bot.store.codec import doc_id, identities, place_of, row_of
from bot.store.engine import Engine
from bot.store.forgotten import Forgotten
from bot.store.index import Index
from bot.store.recover import Change
from bot.store.writer import Writer

AT_ONCE = 100  # rows that are made at a stretch: a story may be owed to thousands of chats


class Held(Protocol):
    """What the store holds, as far as it matters here."""

    index: Index

    def item(self, item: ItemId) -> Item | None:
        """See `Archive.item`."""

    def objections(self) -> Sequence[Objection]:
        """See `Objections.objections`."""


class Commits:
    """Makes changes rows, and has them written."""

    def __init__(self, store: Held, engine: Engine, writer: Writer) -> None:
        self._store, self._engine, self._writer = store, engine, writer
        self._forgotten = Forgotten(engine)
        self._flying: Counter[ItemId] = Counter()  # items of commits that are not visible yet

    async def commit(self, changes: Changes) -> None:
        """See `Store.commit`. Cancelling the caller does not undo what was asked.

        News of more than `AT_ONCE` rows is asked once all of them are made.
        """
        rows = await _made(changes)  # now: a value that cannot be stored fails its own commit
        if not rows and not changes.forgotten:
            return
        ids = [item.id for item in changes.items]
        erase, again = bool(changes.forgotten), any(name in self._flying for name in ids)
        self._flying.update(ids)
        try:
            plan, urgent = partial(self._plan, rows, changes), self._settles(rows, changes)
            await self._writer.write(plan, late=erase or again, urgent=urgent, erase=erase)
        finally:
            self._landed(ids)

    def _landed(self, ids: Iterable[ItemId]) -> None:
        for name in ids:
            self._flying[name] -= 1
            if not self._flying[name]:
                del self._flying[name]

    def _plan(self, rows: Sequence[Change], changes: Changes) -> Sequence[Change]:
        """Return `rows` with what follows from them as the store is now."""
        kept = self._forgotten.without(changes)
        if kept is not changes:
            rows = [*_rows(kept)]
        return [*rows, *self._outlived(changes.items), *self._gone(changes.forgotten)]

    def _outlived(self, items: Iterable[Item]) -> Iterator[Change]:
        """Keep the identities that an item had and has no more."""
        lost: set[str] = set()
        newest: dict[ItemId, Item] = {}
        for item in items:
            if before := newest.get(item.id) or self._store.item(item.id):
                lost |= set(before.keys) - set(item.keys)
            newest[item.id] = item
        if lost:
            yield identities(lost)

    def _gone(self, chats: Iterable[ChatId]) -> Iterator[Change]:
        for chat in chats:
            yield "chats", doc_id(chat), None
            yield from (("subscriptions", key, None) for key in self._store.index.wishes[chat])
            yield from (("deliveries", key, None) for key in self._store.index.chats[chat])
            theirs = (o for o in self._store.objections() if o.chat == chat)
            yield from ((*place_of(objection), None) for objection in theirs)

    def _settles(self, rows: Sequence[Change], changes: Changes) -> bool:
        """Whether these are steps of deliveries that are owed already, and none is a claim."""
        owed = self._engine.docs("deliveries")
        if any(delivery.state is State.SENDING for delivery in changes.deliveries):
            return False
        return bool(rows) and all(t == "deliveries" and key in owed for t, key, _ in rows)


async def _made(changes: Changes) -> Sequence[Change]:
    """Return the rows of changes; of many that were decided on, others have turns meanwhile.

    Those are new. A commit that changes what is there must not be overtaken by what changes it too.
    """
    rows, decided = list[Change](), changes.items or changes.stories
    for row in _rows(changes):
        rows.append(row)
        if decided and len(rows) % AT_ONCE == 0:
            await asyncio.sleep(0)
    return rows


def _rows(changes: Changes) -> Iterator[Change]:
    yield from map(row_of, (*changes.items, *changes.stories, *changes.deliveries))
    yield from map(row_of, (*changes.sources, *changes.chats))
    yield from ((*place_of(wish), None) for wish in changes.unsubscribed)
    yield from map(row_of, (*changes.subscriptions, *changes.objections, *changes.rows))
    yield from ((*place_of(row), None) for row in changes.unlisted)
