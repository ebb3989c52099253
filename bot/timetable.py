"""When a delivery may come: schedules of subscriptions, quiet hours and pauses. Pure.

Times are a clock's on the chat's wall. One that a change of the clocks leaves out comes as much
later as the clocks went forward; of one that comes twice the first counts. So each local day has
each time once, and every instant has one next slot.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.model import Chat, Delivery, Kind, Subscription

FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
"""The end of a pause without one."""
STRICT = "strict"
"""The last word of a schedule or of quiet hours that high severity does not pass either."""
_STORIES = frozenset({Kind.ALERT, Kind.UPDATE, Kind.EDIT})
_UNHELD = frozenset({Kind.OPERATOR, Kind.EDIT})  # an edit rings nobody
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """Until when a delivery waits, and for what: "paused", "quiet hours", "daily 08:00"."""

    until: datetime
    why: str


def hold(
    delivery: Delivery, chat: Chat, wishes: Iterable[Subscription], now: datetime
) -> Hold | None:
    """Return what a delivery still waits for, None where it may come now.

    `wishes` are its chat's subscriptions. A story that several ask for comes at the first slot of
    any. A pause holds everything; a reminder passes quiet hours, since a person chose its time.
    """
    if delivery.kind in _UNHELD:
        return None
    zone = zone_of(chat)
    free = Hold(now, "")
    paused = Hold(chat.paused, "paused") if chat.paused else free
    found = max(free, paused, _slot(delivery, wishes, zone, free), key=lambda each: each.until)
    if delivery.kind is not Kind.REMINDER and not _passes(delivery, chat.quiet):
        closes = quiet_until(found.until, chat.quiet, zone)
        found = Hold(closes, "quiet hours") if closes else found
    return found if found.until > now else None


def unwanted(delivery: Delivery, chat: Chat, wishes: Iterable[Subscription]) -> str:
    """Return why nobody in its chat waits for a delivery any more, "" where somebody does."""
    if delivery.kind not in _STORIES:
        return ""
    if delivery.story in chat.muted:
        return "the chat muted this story"
    if delivery.wishes and not any(wish.query in delivery.wishes for wish in wishes):
        return "the chat is no longer subscribed to it"
    return ""


def zone_of(chat: Chat) -> ZoneInfo:
    """Return a chat's time zone; UTC where its name is not known here."""
    try:
        return ZoneInfo(chat.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _slot(delivery: Delivery, wishes: Iterable[Subscription], zone: ZoneInfo, free: Hold) -> Hold:
    asked = [wish.delivery for wish in wishes if wish.query in delivery.wishes]
    if not asked or any(_passes(delivery, schedule) for schedule in asked):
        return free
    slots = (Hold(next_slot(each, delivery.created, zone), each) for each in asked)
    return min(slots, key=lambda each: each.until)


def _passes(delivery: Delivery, rule: str) -> bool:
    return delivery.urgent and not rule.endswith(STRICT)


def next_slot(schedule: str, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first slot of a schedule after an instant; of "now" that is the instant."""
    every, _, rest = schedule.partition(" ")
    match every:
        case "hourly":
            return _next_hour(after, zone)
        case "daily" | "weekdays":
            at = _time(rest.partition(" ")[0])
            return next(
                when
                for day in _days(after.astimezone(zone).date() - _DAY)
                if every == "daily" or day.weekday() < 5
                if (when := instant(day, at, zone)) > after
            )
        case _:
            return after


def _time(written: str) -> time:
    """Return a time as it is stored; midnight for what could only come from a damaged store."""
    try:
        return time.fromisoformat(written)
    except ValueError:
        return time()


def _next_hour(after: datetime, zone: ZoneInfo) -> datetime:
    local = after.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return (after + (_HOUR - past)).astimezone(UTC)


def _days(first: date) -> Iterator[date]:
    day = first
    while True:
        yield day
        day += _DAY


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when it is `at` on a local day, in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def quiet_until(at: datetime, quiet: str, zone: ZoneInfo) -> datetime | None:
    """Return when the quiet hours end in which an instant lies, None where it lies in none."""
    if not quiet:
        return None
    start, _, end = quiet.partition(" ")[0].partition("-")
    spans = windows(at, at, _time(start), _time(end), zone)
    return next((closes for opens, closes in spans if opens <= at < closes), None)


def windows(
    since: datetime, until: datetime, start: time, end: time, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the daily hours that may touch a time, in UTC; they may go over midnight."""
    day = since.astimezone(zone).date() - _DAY
    while day <= until.astimezone(zone).date():
        last = day if start < end else day + _DAY
        yield instant(day, start, zone), instant(last, end, zone)
        day += _DAY
