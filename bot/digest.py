"""What is told together: alerts that come too late to be told one by one. Pure."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import (
    ChatId,
    Delivery,
    DeliveryId,
    Kind,
    Line,
    LineStyle,
    Message,
    Row,
    SourceState,
    Span,
)
from bot.outbox import expire

CATCH_UP_AFTER = timedelta(hours=1)
QUIET = timedelta(seconds=20)  # the other sources are back by then
LONGEST = 15  # stories in one digest
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_DAY = timedelta(days=1)
_TELLS = frozenset({Kind.ALERT, Kind.UPDATE})
_SHOWN = frozenset({LineStyle.HEAD, LineStyle.TITLE})


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
    for first, last in _windows(since, until, start, end, ZoneInfo(row.zone)):
        total += max(timedelta(), min(last, until) - max(first, since))
    return total


def _windows(
    since: datetime, until: datetime, start: time, end: time, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the daily hours that may touch a time; they may go over midnight."""
    day = since.astimezone(zone).date() - _DAY
    while day <= until.astimezone(zone).date():
        last = day if start < end else day + _DAY
        opens, closes = datetime.combine(day, start, zone), datetime.combine(last, end, zone)
        yield (
            opens.astimezone(UTC),
            closes.astimezone(UTC),
        )  # a zone's own lengths ignore its shifts
        day += _DAY


def held_back(deliveries: Iterable[Delivery], now: datetime) -> tuple[Delivery, ...]:
    """Return new deliveries with the alerts marked to be told in their chats' next digest."""
    return tuple(
        replace(d, late=True, not_before=now + QUIET) if d.kind is Kind.ALERT else d
        for d in deliveries
    )


def gathered(
    deliveries: Sequence[Delivery], now: datetime, reason: str
) -> tuple[tuple[Delivery, ...], tuple[Delivery, ...]]:
    """Return one chat's late deliveries as expired, and the digests that tell what they said."""
    told = [d for d in deliveries if d.kind in _TELLS]
    parts = [told[at : at + LONGEST] for at in range(0, len(told), LONGEST)]
    return tuple(expire(d, reason) for d in deliveries), tuple(_digest(p, now) for p in parts)


def _digest(part: Sequence[Delivery], now: datetime) -> Delivery:
    chat = part[0].chat
    return Delivery(
        id=_name(chat, part),
        chat=chat,
        kind=Kind.DIGEST,
        message=_message(part),
        created=now,
        not_before=now,
    )


def _name(chat: ChatId, part: Sequence[Delivery]) -> DeliveryId:
    text = "|".join(("digest", chat, *(d.id for d in part)))
    return DeliveryId(hashlib.sha256(text.encode()).hexdigest()[:24])


def _message(part: Sequence[Delivery]) -> Message:
    count = "1 story" if len(part) == 1 else f"{len(part)} stories"
    head = Line((Span(f"{count} that could not be told sooner", strong=True),), LineStyle.HEAD)
    return Message(lines=(head, *(line for d in part for line in _lines(d))))


def _lines(delivery: Delivery) -> Iterator[Line]:
    for line in delivery.message.lines:
        if line.style in _SHOWN:
            style = LineStyle.TITLE if line.style is LineStyle.TITLE else LineStyle.BODY
            yield Line(line.spans, style)
    if delivery.story:
        yield Line((Span(f"/story {delivery.story}"),), LineStyle.SMALL)
