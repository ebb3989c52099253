"""Let old rows go in small pieces between other commits; the identities of items stay known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import msgspec

from bot.model import Delivery, Message, Objection
from bot.store.codec import doc_id, identities, row_of
from bot.store.engine import Engine
from bot.store.index import ENDED
from bot.store.recover import Change
from bot.store.writer import Writer

PIECE = 500  # documents looked at between two commits of others
_TEXTLESS = Message(lines=())
_Rows = Callable[[Iterable[tuple[int, bytes]]], Iterator[Change]]


class _Item(msgspec.Struct):
    seen: datetime
    keys: tuple[str, ...] = ()


class _Story(msgspec.Struct):
    updated: datetime


_item = msgspec.json.Decoder(_Item).decode
_story = msgspec.json.Decoder(_Story).decode
_delivery = msgspec.json.Decoder(Delivery).decode
_objection = msgspec.json.Decoder(Objection).decode


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many rows have gone."""

    items: int
    stories: int
    deliveries: int


class Retention:
    """Drops by age. A delivery goes with its story; before that, an old one loses its text."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self._engine, self._writer = engine, writer

    async def drop(self, before_items: datetime, before_stories: datetime) -> Dropped:
        """Drop items first seen, and stories last updated, before these instants.

        Raises FullError, DiskError: what was not dropped is dropped another time.
        """
        dropped = Dropped(
            await self._sweep("items", partial(_old_items, before_items)),
            await self._sweep("stories", partial(_old_stories, before_stories)),
            await self._sweep("deliveries", partial(self._old_deliveries, before_items)),
        )
        await self._sweep("objections", self._orphans)
        return dropped

    async def _sweep(self, table: str, rows: _Rows) -> int:
        before = len(self._engine.docs(table))
        ids = list(self._engine.docs(table))
        for at in range(0, len(ids), PIECE):
            piece = ids[at : at + PIECE]
            await self._writer.write(partial(self._rows, table, piece, rows), late=True)
        return before - len(self._engine.docs(table))

    def _rows(self, table: str, ids: Iterable[int], rows: _Rows) -> Sequence[Change]:
        docs = self._engine.docs(table)
        return list(rows([(key, docs[key]) for key in ids if key in docs]))

    def _orphans(self, found: Iterable[tuple[int, bytes]]) -> Iterator[Change]:
        """Yield the objections to stories that are gone."""
        stories = self._engine.docs("stories")
        gone = (key for key, data in found if doc_id(_objection(data).story) not in stories)
        yield from (("objections", key, None) for key in gone)

    def _old_deliveries(
        self, before: datetime, found: Iterable[tuple[int, bytes]]
    ) -> Iterator[Change]:
        stories = self._engine.docs("stories")
        for key, data in found:
            delivery = _delivery(data)
            if delivery.state not in ENDED or delivery.created >= before:
                continue
            if delivery.story is None or doc_id(delivery.story) not in stories:
                yield "deliveries", key, None
            elif delivery.message != _TEXTLESS:
                yield row_of(replace(delivery, message=_TEXTLESS))


def _old_items(before: datetime, found: Iterable[tuple[int, bytes]]) -> Iterator[Change]:
    old = {key: item for key, data in found if (item := _item(data)).seen < before}
    yield from (("items", key, None) for key in old)
    keys = {name for item in old.values() for name in item.keys}
    if keys:
        yield identities(keys)


def _old_stories(before: datetime, found: Iterable[tuple[int, bytes]]) -> Iterator[Change]:
    return (("stories", key, None) for key, data in found if _story(data).updated < before)
