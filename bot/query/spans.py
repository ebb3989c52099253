"""Spans of time as people type them."""

import re
from datetime import timedelta

from bot.errors import UsageError
from bot.language import tr

_SPAN = re.compile(r"(\d{1,4})(h|d|w)")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def span(value: str) -> timedelta:
    """Return what "7d", "12h" or "4w" means. Raises UsageError."""
    found = _SPAN.fullmatch(value)
    if not found:
        raise UsageError(tr('"{value}" is not a time span. Try 7d, 12h or 4w.', value=value))
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
