"""What the store says of itself in numbers: counts from the indices, delays from the last rows.

Only the fields that are looked at are decoded: with 100,000 items this takes milliseconds.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice

import msgspec

from bot.model import Figures, Kind, Owed, State
from bot.store.codec import doc_id
from bot.store.engine import Engine
from bot.store.index import OWED, Index, slot

WEEK = timedelta(days=7)
LAST = 1_000  # stories and alerts that the delays are taken from


class _Report(msgspec.Struct):
    published: datetime | None
    seen: datetime
    day_only: bool = False

    def delay(self, until: datetime) -> float | None:
        """Return the seconds from publication, None where only the day of it is known."""
        if self.published is None or self.day_only:
            return None
        return max(0.0, (until - self.published).total_seconds())


class _Story(msgspec.Struct):
    reports: tuple[_Report, ...]
    baseline: bool = False


class _Sent(msgspec.Struct):
    kind: Kind
    sent: datetime
    story: str | None = None


_story = msgspec.json.Decoder(_Story).decode
_sent = msgspec.json.Decoder(_Sent).decode
_owed = msgspec.json.Decoder(Owed).decode


def figures(engine: Engine, index: Index, today: datetime, now: datetime) -> Figures:
    """Return the figures; `today` is when the day began."""
    day = range(slot(today), slot(now) + 1)
    week = range(slot(now - WEEK), slot(now) + 1)
    failed = {
        state: sum(index.failed[state, at] for at in week)
        for state in (State.UNCERTAIN, State.DEAD, State.EXPIRED)
    }
    deliveries = engine.docs("deliveries")
    return Figures(
        items=sum(index.seen[at] for at in day),
        stories=sum(index.begun[at] for at in day),
        sent=sum(len(index.sent[at]) for at in day),
        owed=tuple(_owed(deliveries[key]) for key in index.owed[OWED]),
        uncertain=failed[State.UNCERTAIN],
        dead=failed[State.DEAD],
        expired=failed[State.EXPIRED],
        seen_after=_rising(_seen_after(engine, index.updated.since(now - WEEK))),
        sent_after=_rising(_sent_after(engine, _newest(index, week))),
        bytes_on_disk=engine.bytes_on_disk,
        last_snapshot=engine.last_snapshot,
    )


def _rising(delays: Iterable[float | None]) -> tuple[float, ...]:
    return tuple(sorted(delay for delay in delays if delay is not None))


def _seen_after(engine: Engine, stories: Iterable[int]) -> Iterator[float | None]:
    docs = engine.docs("stories")
    for key in islice(stories, LAST):
        story = _story(docs[key])
        first = story.reports[0]
        if not story.baseline:
            yield first.delay(first.seen)


def _newest(index: Index, slots: range) -> Iterator[int]:
    sent = chain.from_iterable(index.sent[at] for at in reversed(slots))
    return islice(sent, LAST)


def _sent_after(engine: Engine, deliveries: Iterable[int]) -> Iterator[float | None]:
    docs, stories = engine.docs("deliveries"), engine.docs("stories")
    first: dict[int, _Report] = {}
    for delivery in map(_sent, (docs[key] for key in deliveries)):
        if delivery.kind is not Kind.ALERT or delivery.story is None:
            continue
        key = doc_id(delivery.story)
        if key not in first and key in stories:
            first[key] = _story(stories[key]).reports[0]
        if key in first:
            yield first[key].delay(delivery.sent)
