"""Secondary indices: every look-up that the bot makes, kept beside the documents.

Each index is told of every change of a document, and knows nothing but documents: built anew from
a folder it is what it was.
"""

from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from struct import iter_unpack
from typing import Any, TypeVar

import msgspec

from bot.model import Kind, State
from bot.store.codec import digest, recent_digest

ENDED = frozenset({State.SENT, State.DEAD, State.EXPIRED, State.CANCELLED, State.UNCERTAIN})
FAILED = frozenset({State.DEAD, State.EXPIRED, State.UNCERTAIN})
OWED = "owed"
SLOT = 15 * 60  # seconds: the midnight of every zone begins a slot
T = TypeVar("T")


class ItemFields(msgspec.Struct):
    """What the index looks at in an item; the other fields are skipped, not decoded."""

    seen: datetime
    keys: tuple[str, ...] = ()
    story: str | None = None


class StoryFields(msgspec.Struct):
    """What the index looks at in a story."""

    first_seen: datetime
    updated: datetime


class DeliveryFields(msgspec.Struct):
    """What the index looks at in a delivery."""

    chat: str
    created: datetime
    kind: Kind
    sent: datetime | None = None
    state: State = State.PENDING
    story: str | None = None
    within: str | None = None

    @property
    def failed(self) -> bool:
        """Whether it came to nothing: what a digest tells did not, and nobody waits for an edit."""
        return self.state in FAILED and self.within is None and self.kind is not Kind.EDIT


class WishFields(msgspec.Struct):
    """What the index looks at in a subscription."""

    chat: str


class Identities(msgspec.Struct):
    """Digests of identity keys whose items are gone, eight bytes each."""

    digests: bytes


class Digests:
    """A set of 64-bit numbers that only grows, in little more than eight bytes each."""

    def __init__(self) -> None:
        self._buckets = [array("Q") for _ in range(0x4000)]

    def update(self, numbers: Iterable[int]) -> None:
        """Add numbers."""
        buckets = self._buckets
        for number in numbers:
            bucket = buckets[number & 0x3FFF]
            if number not in bucket:
                bucket.append(number)

    def known(self, keys: Iterable[str]) -> list[str]:
        """Return those of some keys whose numbers are here."""
        buckets = self._buckets
        return [k for k in keys if (n := recent_digest(k)) in buckets[n & 0x3FFF]]


class Groups:
    """Document ids by what their documents have in common."""

    FEW = 8  # most groups are small: a tuple is smaller than a set, and no garbage collector's work

    def __init__(self) -> None:
        self._groups: dict[Hashable, tuple[int, ...] | set[int]] = {}

    def add(self, name: Hashable, doc_id: int) -> None:
        """Put a document into a group."""
        group = self._groups.get(name, ())
        if isinstance(group, set):
            group.add(doc_id)
        elif doc_id not in group:
            larger = (*group, doc_id)
            self._groups[name] = larger if len(larger) <= self.FEW else set(larger)

    def discard(self, name: Hashable, doc_id: int) -> None:
        """Take a document out of a group."""
        group = self._groups.get(name, ())
        if isinstance(group, set):
            group.discard(doc_id)
        else:
            group = self._groups[name] = tuple(each for each in group if each != doc_id)
        if not group:
            del self._groups[name]

    def __getitem__(self, name: Hashable) -> frozenset[int]:
        return frozenset(self._groups.get(name, ()))


class Counts:
    """How many documents have something in common."""

    def __init__(self) -> None:
        self._counts: Counter[Hashable] = Counter()

    def add(self, name: Hashable, _doc_id: int) -> None:
        """Count a document."""
        self._counts[name] += 1

    def discard(self, name: Hashable, _doc_id: int) -> None:
        """Count a document no more."""
        self._counts[name] -= 1
        if not self._counts[name]:
            del self._counts[name]

    def __getitem__(self, name: Hashable) -> int:
        return self._counts.get(name, 0)


def slot(when: datetime) -> int:
    """Return the number of the quarter of an hour that an instant is in."""
    return int(when.timestamp() // SLOT)


class Order:
    """Document ids by an instant."""

    def __init__(self) -> None:
        self._places: list[tuple[float, int]] = []

    def add(self, when: datetime, doc_id: int) -> None:
        """Put a document at an instant."""
        insort(self._places, (when.timestamp(), doc_id))

    def discard(self, when: datetime, doc_id: int) -> None:
        """Take a document from its instant."""
        place = (when.timestamp(), doc_id)
        at = bisect_left(self._places, place)
        if self._places[at : at + 1] == [place]:
            del self._places[at]

    def since(self, when: datetime) -> Sequence[int]:
        """Return the ids at or after an instant, newest first."""
        start = bisect_left(self._places, (when.timestamp(), -1))
        return [doc_id for _, doc_id in reversed(self._places[start:])]


class Index:
    """All indices. `docs` gives a table's documents, which are read once at the beginning."""

    def __init__(self, docs: Callable[[str], Mapping[int, bytes]]) -> None:
        self.met = Digests()
        self.reported = Groups()  # items by story
        self.updated = Order()  # stories
        self.owed = Groups()  # deliveries that are not at an end, all under OWED
        self.told = Groups()  # deliveries by (chat, story)
        self.chats = Groups()  # deliveries by chat
        self.wishes = Groups()  # subscriptions by chat
        self.seen = Counts()  # items by the slot in which they were first seen
        self.begun = Counts()  # stories by the slot in which they were first seen
        self.sent = Groups()  # deliveries by the slot in which they were sent, without edits
        self.failed = Counts()  # failed deliveries by (state, slot they were made in)
        self._digest = digest
        for table, decode in FIELDS.items():
            for doc_id, data in docs(table).items():
                for index, name in self._places(decode(data)):
                    index.add(name, doc_id)
        self._digest = recent_digest

    def __call__(self, table: str, doc_id: int, before: bytes | None, after: bytes | None) -> None:
        """Take note of a document's change."""
        decode = FIELDS[table]
        old = () if before is None else (*self._places(decode(before)),)
        new = () if after is None else (*self._places(decode(after)),)
        for place in old:
            if place not in new:
                place[0].discard(place[1], doc_id)
        for place in new:
            if place not in old:
                place[0].add(place[1], doc_id)

    def _places(self, fields: Any) -> Iterator[tuple[Groups | Order | Counts, Any]]:
        match fields:
            case ItemFields(keys=keys, story=story):
                self.met.update(map(self._digest, keys))
                yield self.seen, slot(fields.seen)
                if story is not None:
                    yield self.reported, story
            case StoryFields(updated=updated):
                yield self.updated, updated
                yield self.begun, slot(fields.first_seen)
            case DeliveryFields():
                yield from self._delivery(fields)
            case WishFields(chat=chat):
                yield self.wishes, chat
            case Identities(digests=digests):
                self.met.update(number for (number,) in iter_unpack("<Q", digests))
            case _:
                raise TypeError(f"There is no index of {type(fields).__name__}.")

    def _delivery(self, fields: DeliveryFields) -> Iterator[tuple[Groups | Order | Counts, Any]]:
        if fields.state not in ENDED:
            yield self.owed, OWED
        elif fields.failed:
            yield self.failed, (fields.state, slot(fields.created))
        elif fields.sent and fields.kind is not Kind.EDIT:
            yield self.sent, slot(fields.sent)
        yield self.told, (fields.chat, fields.story)
        yield self.chats, fields.chat


def _decoder(kind: type[T]) -> Callable[[bytes], T]:
    return msgspec.json.Decoder(kind).decode


FIELDS: Mapping[str, Callable[[bytes], Any]] = {
    "items": _decoder(ItemFields),
    "stories": _decoder(StoryFields),
    "deliveries": _decoder(DeliveryFields),
    "subscriptions": _decoder(WishFields),
    "identities": _decoder(Identities),
}
