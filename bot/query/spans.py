"""Since when: spans of time and days, as people type them."""

import re
from datetime import date, timedelta

from bot.errors import UsageError
from bot.language import tr

_SPAN = re.compile(r"(\d{1,4})(h|d|w)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def since(value: str) -> timedelta | date:
    """Return what "7d", "12h", "4w" or "2026-11-01" means. Raises UsageError."""
    if found := _SPAN.fullmatch(value):
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except ValueError:
        raise UsageError(
            tr('"{value}" is no time span and no day. Try 7d, 12h, 4w or 2026-11-01.', value=value)
        ) from None
