"""What is told together: alerts that come too late to be told one by one. Pure."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.bulletin import bulletin
from bot.model import Chat, Delivery, DeliveryId, Kind, Row, SourceState, Story, StoryId
from bot.outbox import TELLS, expire
from bot.timetable import windows

CATCH_UP_AFTER = timedelta(hours=1)
QUIET = timedelta(seconds=20)  # the other sources are back by then
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


def is_catching_up(
    state: SourceState, row: Row, now: datetime, limit: timedelta = CATCH_UP_AFTER
) -> bool:
    """Whether a source answers for the first time after an unplanned gap longer than `limit`.

    Its own interval, the hours in which it is not asked and a wait that it named are no gap.
    """
    if state.succeeded is None or now <= state.succeeded:
        return False
    since = state.succeeded + row.every
    if state.not_before is not None:
        since = max(since, min(state.not_before, now))
    return active(since, now, row) > limit


def active(since: datetime, until: datetime, row: Row) -> timedelta:
    """Return how much of a time lies within a source's hours."""
    found = _HOURS.fullmatch(row.hours)
    if found is None:
        return max(timedelta(), until - since)
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]) % 24, int(found[4]))
    total = timedelta()
    for first, last in windows(since, until, start, end, ZoneInfo(row.zone)):
        total += max(timedelta(), min(last, until) - max(first, since))
    return total


def held_back(deliveries: Iterable[Delivery], now: datetime) -> tuple[Delivery, ...]:
    """Return new deliveries with the alerts marked to be told in their chats' next digest."""
    return tuple(
        replace(d, late=True, not_before=now + QUIET) if d.kind is Kind.ALERT else d
        for d in deliveries
    )


def gathered(
    deliveries: Sequence[Delivery],
    chat: Chat,
    story: Callable[[StoryId], Story | None],
    now: datetime,
    reason: str,
) -> tuple[tuple[Delivery, ...], tuple[Delivery, ...]]:
    """Return one chat's late deliveries as expired, and the one digest that tells what they said.

    `story` finds a story as it is now, which is how the digest tells it.
    """
    told = [d for d in deliveries if d.kind in TELLS]
    digests = (_digest(told, chat, story, now),) if told else ()
    within = digests[0].id if digests else None
    return tuple(replace(expire(d, reason), within=within) for d in deliveries), digests


def _digest(
    told: Sequence[Delivery], chat: Chat, story: Callable[[StoryId], Story | None], now: datetime
) -> Delivery:
    name = "|".join(("digest", chat.id, *(d.id for d in told)))
    return Delivery(
        id=DeliveryId(hashlib.sha256(name.encode()).hexdigest()[:24]),
        chat=chat.id,
        kind=Kind.DIGEST,
        message=bulletin(told, chat, story),
        created=now,
        not_before=now,
    )
