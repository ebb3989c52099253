"""The order in which deliveries leave: one at a time in each chat, oldest first, threads in order.

Pure: a priority queue of chats for each account and track (messages, edits). Edits have lanes of
their own, so that they never hold up an alert.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, KeysView
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from bot.model import ChatId, Delivery, DeliveryId, Kind, State, StoryId
from bot.outbox import TELLS, is_planned

Track = tuple[str, str, bool]
"""Platform, account, and whether it carries edits."""
Thread = tuple[ChatId, StoryId | None]
Rank = tuple[bool, int]


@dataclass(slots=True)
class _Entry:
    delivery: Delivery
    due: datetime


@dataclass(slots=True)
class _Lane:
    entries: dict[DeliveryId, _Entry] = field(default_factory=dict)
    busy: bool = False
    planned: datetime | None = None


def track_of(delivery: Delivery) -> Track:
    """Return the track that a delivery takes."""
    platform, account = delivery.chat.split(":", 2)[:2]
    return platform, account, delivery.kind is Kind.EDIT


class Lanes:
    """All that is owed and not in flight. `head` failures make a delivery leave the head."""

    def __init__(self, head: int) -> None:
        self._head = head
        self._lanes: dict[tuple[ChatId, bool], _Lane] = {}
        self._heaps: dict[Track, list[tuple[datetime, int, ChatId]]] = {}
        self._threads: defaultdict[Thread, dict[DeliveryId, Rank]] = defaultdict(dict)
        self._where: dict[DeliveryId, Delivery] = {}
        self._count = count()

    def tracks(self) -> tuple[Track, ...]:
        """Return the tracks that have ever held something."""
        return tuple(self._heaps)

    def entries(self) -> Iterator[tuple[Delivery, datetime]]:
        """Yield every delivery with its due time."""
        for lane in self._lanes.values():
            for entry in lane.entries.values():
                yield entry.delivery, entry.due

    def known(self) -> KeysView[DeliveryId]:
        """Return the ids of all deliveries."""
        return self._where.keys()

    def of(self, chat: ChatId) -> tuple[Delivery, ...]:
        """Return a chat's messages, oldest first."""
        lane = self._lanes.get((chat, False), _Lane())
        return tuple(entry.delivery for entry in lane.entries.values())

    def is_busy(self, chat: ChatId) -> bool:
        """Whether one of a chat's messages is in flight."""
        lane = self._lanes.get((chat, False))
        return lane is not None and lane.busy

    def chats(self) -> tuple[ChatId, ...]:
        """Return the chats that are owed messages."""
        return tuple(chat for chat, edit in self._lanes if not edit)

    def holds(self, delivery: Delivery) -> bool:
        """Whether a delivery waits just as it is."""
        return self._where.get(delivery.id) == delivery

    def put(self, delivery: Delivery, due: datetime) -> None:
        """Add a delivery, or give it a new state or due time."""
        edit = delivery.kind is Kind.EDIT
        before = self._where.get(delivery.id, delivery)
        if before.chat != delivery.chat:
            self.drop(before)
        self._where[delivery.id] = delivery
        lane = self._lanes.setdefault((delivery.chat, edit), _Lane())
        lane.entries[delivery.id] = _Entry(delivery, due)
        self._thread(delivery)
        self._plan(delivery.chat, edit=edit)

    def _thread(self, delivery: Delivery) -> None:
        """Let a thread's later messages wait for this one, unless a digest is to tell it."""
        thread = (delivery.chat, delivery.story)
        if delivery.kind in TELLS and delivery.story and not delivery.late:
            self._threads[thread][delivery.id] = _rank(delivery)
        else:
            self._unthread(delivery)

    def _unthread(self, delivery: Delivery) -> None:
        thread = (delivery.chat, delivery.story)
        waiting = self._threads.get(thread, {})
        if waiting.pop(delivery.id, None) is not None:
            if not waiting:
                del self._threads[thread]
            self._plan(delivery.chat, edit=True)

    def drop(self, delivery: Delivery) -> None:
        """Take out a delivery that came to its end; what waited for it may go."""
        edit = delivery.kind is Kind.EDIT
        lane = self._lanes.get((delivery.chat, edit), _Lane())
        lane.entries.pop(delivery.id, None)
        self._where.pop(delivery.id, None)
        if not lane.entries and not lane.busy:
            self._lanes.pop((delivery.chat, edit), None)
        self._unthread(delivery)
        self._plan(delivery.chat, edit=edit)

    def take(self, track: Track, now: datetime) -> Delivery | None:
        """Return what is next on a track, if it is due; its lane is busy until `free`."""
        due = self.due(track)
        if due is None or due > now:
            return None
        chat = heapq.heappop(self._heaps[track])[2]
        lane = self._lanes[chat, track[2]]
        entry = self._next(lane)
        lane.planned = None
        if entry is None:
            return None
        lane.busy = True
        return entry.delivery

    def free(self, delivery: Delivery) -> None:
        """End the turn of a delivery's lane."""
        edit = delivery.kind is Kind.EDIT
        lane = self._lanes.get((delivery.chat, edit))
        if lane is None:
            return
        lane.busy = False
        if not lane.entries:
            del self._lanes[delivery.chat, edit]
        self._plan(delivery.chat, edit=edit)

    def due(self, track: Track) -> datetime | None:
        """Return when a track's next delivery is due, None where nothing waits."""
        heap = self._heaps.get(track, [])
        while heap:
            due, _, chat = heap[0]
            lane = self._lanes.get((chat, track[2]))
            if lane is not None and lane.planned == due and not lane.busy:
                return due
            heapq.heappop(heap)
        return None

    def _plan(self, chat: ChatId, *, edit: bool) -> None:
        lane = self._lanes.get((chat, edit))
        if lane is None or lane.busy:
            return
        entry = self._next(lane)
        if entry is None:
            lane.planned = None
            return
        if lane.planned != entry.due:
            lane.planned = entry.due
            heap = self._heaps.setdefault(track_of(entry.delivery), [])
            heapq.heappush(heap, (entry.due, next(self._count), chat))

    def _next(self, lane: _Lane) -> _Entry | None:
        """Return the head, or an entry that is due earlier and that its elders let pass."""
        best: _Entry | None = None
        for entry in lane.entries.values():
            if self._waits(entry.delivery):
                continue
            if best is None or entry.due < best.due:
                best = entry
            if not self._lets_pass(entry.delivery):
                break
        return best

    def _lets_pass(self, delivery: Delivery) -> bool:
        return (
            delivery.attempts >= self._head
            or delivery.late
            or delivery.state is State.AMBIGUOUS
            or is_planned(delivery)
        )

    def _waits(self, delivery: Delivery) -> bool:
        """Whether a thread's earlier message has to come first."""
        thread = self._threads.get((delivery.chat, delivery.story))
        if not thread or delivery.story is None:
            return False
        return delivery.kind is Kind.EDIT or min(thread.values()) < _rank(delivery)


def _rank(delivery: Delivery) -> Rank:
    """Return what orders a thread: not the times, which a clock that was set back has muddled."""
    return delivery.kind is not Kind.ALERT, delivery.revision
