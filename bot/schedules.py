"""Schedules and quiet hours as people type them, in their one stored spelling. Pure."""

import re
from datetime import time

from bot.errors import UsageError
from bot.language import tr
from bot.timetable import STRICT

USUAL = time(8)
"""When a daily digest comes, where no time was given."""
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?")
_EVERY = {
    "now": "now",
    "at once": "now",
    "immediately": "now",
    "hourly": "hourly",
    "every hour": "hourly",
    "daily": "daily",
    "every day": "daily",
    "weekdays": "weekdays",
    "every weekday": "weekdays",
    "on weekdays": "weekdays",
    "立即": "now",
    "即時": "now",
    "每小时": "hourly",
    "每小時": "hourly",
    "毎時": "hourly",
    "每天": "daily",
    "每日": "daily",
    "毎日": "daily",
    "工作日": "weekdays",
    "平日": "weekdays",
}
_UNKNOWN = ("weekly", "monthly", "every week", "every month", "twice daily")
_TAIL = re.compile(
    rf"(?:^|\s)(?P<every>{'|'.join(sorted((*_EVERY, *_UNKNOWN), key=len, reverse=True))})"
    r"(?:\s+(?:at\s+)?(?P<at>\d[\d:.]*\s*(?:am|pm|h)?))?(?P<strict>\s+strict)?\s*$",
    re.IGNORECASE,
)
_QUIET = re.compile(
    r"(?P<start>\d[\d:.]*\s*(?:am|pm)?)\s*(?:-|–|—|to|until|till)\s*(?P<end>\d[\d:.]*\s*(?:am|pm)?)"
    r"(?P<strict>\s+strict)?",
    re.IGNORECASE,
)


def split(typed: str) -> tuple[str, str]:
    """Return a wish without its schedule, and the schedule as it is stored ("" where none is).

    "rare-earth daily at 8" is ("rare-earth", "daily 08:00"); a word in quotes is no schedule.
    Raises UsageError.
    """
    found = _TAIL.search(typed)
    if found is None:
        return typed, ""
    every = " ".join(found["every"].casefold().split())
    if every not in _EVERY:
        raise UsageError(
            tr(
                'There is no schedule "{words}". Try now, hourly, daily 08:00 or weekdays 07:30. '
                'To watch that very word, put it in quotes: "{words}".',
                words=every,
            )
        )
    return typed[: found.start()], _stored(_EVERY[every], found["at"], found["strict"])


def schedule(typed: str) -> str:
    """Return a schedule alone as it is stored. Raises UsageError."""
    words, found = split(typed)
    if not found or words.strip():
        raise UsageError(
            tr(
                '"{words}" is no schedule. Try now, hourly, daily 08:00 or weekdays 07:30.',
                words=typed.strip(),
            )
        )
    return found


def _stored(every: str, at: str | None, strict: str | None) -> str:
    if every in {"now", "hourly"} and at:
        raise UsageError(
            tr('"{words}" has no time of its own. Try daily {at}.', words=every, at=at.strip())
        )
    when = f"{clock_time(at) if at else USUAL:%H:%M}"
    parts = (every, when if every in {"daily", "weekdays"} else "", STRICT if strict else "")
    return every if every == "now" else " ".join(filter(None, parts))


def clock_time(typed: str) -> time:
    """Return the time that "8", "08:00", "8.30" or "8:30 pm" means. Raises UsageError."""
    found = _TIME.fullmatch(typed.strip().casefold())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    half = found[3] if found else None
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        hour = 24
    if hour > 23 or minute > 59:
        raise UsageError(
            tr('"{words}" is not a time. Times are written 08:00 or 22:30.', words=typed.strip())
        )
    return time(hour, minute)


def quiet_hours(typed: str, zone: str) -> str:
    """Return quiet hours as they are stored: "22:00-07:00 strict". Raises UsageError."""
    found = _QUIET.fullmatch(typed.strip())
    if found is None:
        raise _no_quiet_hours(tr('"{words}" is not understood.', words=typed.strip()), zone)
    try:
        start, end = clock_time(found["start"]), clock_time(found["end"])
    except UsageError as error:
        raise _no_quiet_hours(str(error), zone) from error
    if start == end:
        raise _no_quiet_hours(tr("Quiet hours cannot end when they begin."), zone)
    return f"{start:%H:%M}-{end:%H:%M}" + (f" {STRICT}" if found["strict"] else "")


def _no_quiet_hours(why: str, zone: str) -> UsageError:
    hint = tr("Try /quiet 22:00-07:00, in {zone} (change with /timezone).", zone=zone)
    return UsageError(f"{why} {hint}")


def told(schedule: str) -> str:
    """Return a schedule in words: "at once", "in a daily digest at 08:00"."""
    every, _, rest = schedule.partition(" ")
    at, strict = rest.removesuffix(STRICT).strip(), rest.endswith(STRICT)
    match every:
        case "hourly":
            words = tr("in an hourly digest")
        case "daily":
            words = tr("in a daily digest at {at}", at=at)
        case "weekdays":
            words = tr("in a digest on weekdays at {at}", at=at)
        case _:
            return tr("at once")
    return tr("{when}, high severity too", when=words) if strict else words
