"""What a `Retry-After` header asks for."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=24)


def wait_of(header: str | None, now: datetime) -> timedelta | None:
    """Return the pause that a header asks for: seconds or an HTTP date; None where it makes none.

    A date that has passed, nonsense and negative numbers ask for nothing. Nobody keeps us away
    for longer than a day. RFC 9110, 10.2.3.
    """
    text = (header or "").strip()
    wait = _seconds(text) if text.isascii() and text.isdigit() else _until(text, now)
    return min(wait, LONGEST) if wait and wait > timedelta() else None


def _seconds(digits: str) -> timedelta:
    return LONGEST if len(digits) > 6 else timedelta(seconds=int(digits))


def _until(text: str, now: datetime) -> timedelta | None:
    try:
        when = parsedate_to_datetime(text[:60])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)) - now
