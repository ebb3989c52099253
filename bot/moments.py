"""Instants as people type them: "2h", "until Monday", "2026-12-01 09:00", "tomorrow 8am". Pure."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import UsageError
from bot.language import tr
from bot.schedules import clock_time
from bot.timetable import instant

FURTHEST = timedelta(days=2 * 366)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(
    r"(?:in |for )?(\d{1,4})\s*(m|min|minutes?|h|hours?|hrs?|d|days?|w|weeks?)", re.IGNORECASE
)
_DATED = re.compile(
    r"(?:on |at )?(?P<day>\d{4}-\d{1,2}-\d{1,2}|today|tomorrow|(?:next )?[a-z]{3,9})?"
    r"(?:[\sT]*(?:at )?(?P<at>\d[\d:.]*\s*(?:am|pm)?))?",
    re.IGNORECASE,
)


def moment_of(typed: str, now: datetime, zone: ZoneInfo, usual: time) -> datetime:
    """Return the instant in UTC that a person means; `usual` is the time of a day without one.

    Days and weeks keep the time on the wall. Raises UsageError for what is past or unclear.
    """
    text = " ".join(typed.split())
    found = _span(text, now, zone) or _dated(text, now, zone, usual)
    if found is None:
        raise _mistake(tr('"{words}" is not a time that is understood.', words=text))
    if found <= now:
        raise _mistake(tr('"{words}" is past.', words=text))
    if found - now > FURTHEST:
        raise _mistake(tr('"{words}" is more than two years away.', words=text))
    return found


def _mistake(what: str) -> UsageError:
    hint = tr("Try 2h, 3d, tomorrow, Monday or 2026-12-01 09:00.")
    return UsageError(f"{what} {hint}")


def _span(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    count, unit = int(found[1]), found[2][0].casefold()
    if unit in {"m", "h"}:
        return now + count * timedelta(minutes=1 if unit == "m" else 60)
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=count * (7 if unit == "w" else 1))
    return instant(day, local.time(), zone)


def _dated(text: str, now: datetime, zone: ZoneInfo, usual: time) -> datetime | None:
    found = _DATED.fullmatch(text)
    if found is None or not text:
        return None
    today = now.astimezone(zone).date()
    at = clock_time(found["at"]) if found["at"] else usual
    if found["day"] is None:
        later = (instant(today + timedelta(days=n), at, zone) for n in (0, 1))
        return next(when for when in later if when > now)
    word = found["day"].casefold().removeprefix("next ")
    if word in {"today", "tomorrow"}:
        return instant(today + timedelta(days=word == "tomorrow"), at, zone)
    if word[0].isdigit():
        return _on_date(word, at, zone)
    ahead = _weekday(word)
    if ahead is None:
        return None
    days = (ahead - today.weekday()) % 7
    when = instant(today + timedelta(days=days), at, zone)
    return when if when > now else instant(today + timedelta(days=days + 7), at, zone)


def _on_date(word: str, at: time, zone: ZoneInfo) -> datetime:
    year, month, day = map(int, word.split("-"))
    try:
        return instant(datetime(year, month, day, tzinfo=zone).date(), at, zone)
    except (ValueError, OverflowError) as error:
        raise _mistake(tr('"{words}" is not a date.', words=word)) from error


def _weekday(word: str) -> int | None:
    named = (n for n, name in enumerate(_DAYS) if len(word) >= 3 and name.startswith(word))
    return next(named, None)
