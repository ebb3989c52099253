"""Secondary indices: every look-up that the bot makes, kept beside the documents."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from bot.model import ChatId, State, StoryId
from bot.store.codec import digest
from bot.store.recover import Change

ENDED = frozenset({State.SENT, State.DEAD, State.EXPIRED, State.CANCELLED, State.UNCERTAIN})


class _Item(msgspec.Struct):
    keys: tuple[str, ...] = ()


class _Story(msgspec.Struct):
    updated: datetime


class _Delivery(msgspec.Struct):
    chat: str
    state: State
    story: str | None = None


class _Wish(msgspec.Struct):
    chat: str


class _Identities(msgspec.Struct):
    digests: list[int]


_item, _story = msgspec.json.Decoder(_Item).decode, msgspec.json.Decoder(_Story).decode
_delivery, _wish = msgspec.json.Decoder(_Delivery).decode, msgspec.json.Decoder(_Wish).decode
_identities = msgspec.json.Decoder(_Identities).decode


class Index:
    """All indices. `before` and `after` bracket the change of the documents themselves."""

    def __init__(self, docs: Callable[[str], Mapping[int, bytes]]) -> None:
        self._docs = docs
        self.met: set[int] = set()
        self.owed: set[int] = set()
        self._told: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        self._by_chat: defaultdict[str, set[int]] = defaultdict(set)
        self._wishes: defaultdict[str, set[int]] = defaultdict(set)
        self._by_time: list[tuple[float, int]] = []
        for table in _ADD:
            for key, data in docs(table).items():
                self._add(table, key, data)

    def stories_since(self, when: float) -> Sequence[int]:
        """Return the documents of stories updated at or after `when`, newest first."""
        start = bisect_left(self._by_time, (when, -1))
        return [key for _, key in reversed(self._by_time[start:])]

    def told(self, chat: ChatId, story: StoryId) -> frozenset[int]:
        """Return the deliveries of a story to a chat."""
        return frozenset(self._told.get((chat, story), ()))

    def wishes(self, chat: ChatId) -> frozenset[int]:
        """Return the subscriptions of a chat."""
        return frozenset(self._wishes.get(chat, ()))

    def deliveries(self, chat: ChatId) -> frozenset[int]:
        """Return all deliveries of a chat."""
        return frozenset(self._by_chat.get(chat, ()))

    def before(self, transactions: Iterable[Sequence[Change]]) -> None:
        """Take out what is about to be replaced or deleted."""
        for table, key, _ in (change for changes in transactions for change in changes):
            data = self._docs(table).get(key)
            if data is not None and table in _ADD:
                self._remove(table, key, data)

    def after(self, transactions: Iterable[Sequence[Change]]) -> None:
        """Put in what now stands."""
        touched = {(table, key) for changes in transactions for table, key, _ in changes}
        for table, key in touched:
            data = self._docs(table).get(key)
            if data is not None and table in _ADD:
                self._add(table, key, data)

    def _add(self, table: str, key: int, data: bytes) -> None:
        _ADD[table](self, key, data)

    def _remove(self, table: str, key: int, data: bytes) -> None:
        match table:
            case "stories":
                place = (_story(data).updated.timestamp(), key)
                at = bisect_left(self._by_time, place)
                if self._by_time[at : at + 1] == [place]:
                    del self._by_time[at]
            case "deliveries":
                found = _delivery(data)
                self.owed.discard(key)
                self._told[found.chat, found.story or ""].discard(key)
                self._by_chat[found.chat].discard(key)
            case "subscriptions":
                self._wishes[_wish(data).chat].discard(key)
            case _:
                pass  # an identity that was met stays met

    def _add_item(self, _key: int, data: bytes) -> None:
        self.met.update(map(digest, _item(data).keys))

    def _add_story(self, key: int, data: bytes) -> None:
        insort(self._by_time, (_story(data).updated.timestamp(), key))

    def _add_delivery(self, key: int, data: bytes) -> None:
        found = _delivery(data)
        if found.state not in ENDED:
            self.owed.add(key)
        self._told[found.chat, found.story or ""].add(key)
        self._by_chat[found.chat].add(key)

    def _add_wish(self, key: int, data: bytes) -> None:
        self._wishes[_wish(data).chat].add(key)

    def _add_identities(self, _key: int, data: bytes) -> None:
        self.met.update(_identities(data).digests)


_ADD: Mapping[str, Callable[[Index, int, bytes], None]] = {
    "items": Index._add_item,  # noqa: SLF001  # the table of the class itself
    "stories": Index._add_story,  # noqa: SLF001  # as above
    "deliveries": Index._add_delivery,  # noqa: SLF001  # as above
    "subscriptions": Index._add_wish,  # noqa: SLF001  # as above
    "identities": Index._add_identities,  # noqa: SLF001  # as above
}
