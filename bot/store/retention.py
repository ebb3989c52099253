"""Let old rows go in small pieces between other commits; the identities of items stay known."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import msgspec

from bot.model import Delivery, Message, Objection, State
from bot.store.codec import doc_id, identities, row_of
from bot.store.engine import Engine
from bot.store.index import ENDED
from bot.store.recover import Change
from bot.store.writer import Writer

PIECE = 200  # documents at most that are looked at, and then dropped, between two turns of others
AT_ONCE = 0.004  # seconds that looking at them takes at most
_TEXTLESS = Message(lines=())
_Rows = Callable[[Iterable[tuple[int, bytes]]], Iterator[Change]]


class _Item(msgspec.Struct):
    seen: datetime
    keys: tuple[str, ...] = ()


class _Story(msgspec.Struct):
    updated: datetime


class _Sent(msgspec.Struct):
    created: datetime
    state: State = State.PENDING
    story: str | None = None


_item = msgspec.json.Decoder(_Item).decode
_story = msgspec.json.Decoder(_Story).decode
_sent = msgspec.json.Decoder(_Sent).decode
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
        ids = deque(self._engine.docs(table))
        while ids:
            await self._writer.write(partial(self._piece, table, ids, rows), late=True)
        return before - len(self._engine.docs(table))

    def _piece(self, table: str, ids: deque[int], rows: _Rows) -> Sequence[Change]:
        return [*rows(self._next(table, ids))]

    def _next(self, table: str, ids: deque[int]) -> Iterator[tuple[int, bytes]]:
        """Take documents off `ids` until others must have their turn: by what this thread worked.

        A machine that is busy with others makes no piece smaller.
        """
        docs, until = self._engine.docs(table), time.thread_time() + AT_ONCE
        for _ in range(min(PIECE, len(ids))):
            key = ids.popleft()
            if key in docs:
                yield key, docs[key]
            if time.thread_time() > until:
                return

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
            sent = _sent(data)
            if sent.state not in ENDED or sent.created >= before:
                continue
            if sent.story is None or doc_id(sent.story) not in stories:
                yield "deliveries", key, None
            elif (delivery := _delivery(data)).message != _TEXTLESS:
                yield row_of(replace(delivery, message=_TEXTLESS))


def _old_items(before: datetime, found: Iterable[tuple[int, bytes]]) -> Iterator[Change]:
    old = {key: item for key, data in found if (item := _item(data)).seen < before}
    yield from (("items", key, None) for key in old)
    keys = {name for item in old.values() for name in item.keys}
    if keys:
        yield identities(keys)


def _old_stories(before: datetime, found: Iterable[tuple[int, bytes]]) -> Iterator[Change]:
    return (("stories", key, None) for key, data in found if _story(data).updated < before)
