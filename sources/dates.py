"""When an entry was published, from whatever its source wrote; never a guess, never "now"."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_SEARCHED = 2_000
_PREFIX = len("Wednesday, ")
"""Before this position no other date can stand: the rest of the patterns are spared."""
EARLIEST = 2000
"""Years before this come from clocks that were never set, such as 1970."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC; with `day_only`, the start of a day in the source's own zone."""

    when: datetime
    day_only: bool = False


_CLOCK = (
    r"(?:[T\s,]+(?:at\s+)?(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2}))?(?:[.,]\d+)?"
    r"(?:\s*(?P<half>[apAP])\.?[mM]\b\.?)?"
    r"(?:\s*(?:\(?(?:GMT|UTC)?(?P<off>[+-]\d{1,2}:?\d{2})|(?P<zn>[A-Za-z]{1,5})\b))?)?"
)
_COMPACT = (
    r"(?:T?(?P<h>\d\d):?(?P<mi>\d\d):?(?P<s>\d\d)?"
    r"(?:(?P<off>[+-]\d\d:?\d\d)|(?P<zn>Z)?))?(?!\d)"
)
_YEAR = r"(?:(?P<zn>[A-Z]{1,5})\s+)?(?P<y>\d{4})(?!\d)"
_MONTH = r"(?P<mon>[^\W\d_]{3,10})\.?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 2026-09-23T08:00:00+02:00, 2026/9/3, [2026-10-03]
        r"(?<!\d)(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)" + _CLOCK,
        # Wed, 23 Sep 2026 08:00:00 +0200, 23. September 2026
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?{_MONTH},?[\s-]+(?:de\s+)?"
        r"(?P<y>\d{4}|\d{2})(?![\d:])" + _CLOCK,
        # September 23, 2026
        rf"\b{_MONTH}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)" + _CLOCK,
        # Wed Sep 23 08:00:00 GMT 2026
        rf"\b{_MONTH}\s+(?P<d>\d{{1,2}})\s+(?P<h>\d\d):(?P<mi>\d\d):(?P<s>\d\d)\s+" + _YEAR,
        # 2026年9月23日 08:00, 2026년 9월 23일
        r"(?<!\d)(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]?"
        + _CLOCK,
        # 20260923T080000Z, 20260923
        r"(?<!\d)(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)" + _COMPACT,
    )
)
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) (?:GMT|([+-]\d\d)(\d\d))"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen",
            "feb fev",
            "mar mrz",
            "apr avr abr",
            "may mai mag maj mei",
            "jun juin giu",
            "jul juil lug",
            "aug aou ago",
            "sep set",
            "oct okt ott",
            "nov",
            "dec dez dic des",
        ),
        1,
    )
    for name in names.split()
}
_OFFSETS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MET": 1,
    "MEZ": 1, "CEST": 2, "MEST": 2, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "HKT": 8, "SGT": 8,
    "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "EST": -5, "EDT": -4, "CST": -6,
    "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}


def moment_of(text: str, zone: str, form: str = "") -> Moment | None:
    """Return the first date in `text`, or None where there is none that can be true.

    `zone` is the IANA zone of a date that names none. `form`, a strptime pattern, is needed
    only for orders that cannot be told apart, such as 09/10/2026.
    """
    if form:
        return _by_form(text, zone, form)
    if moment := _usual(text):
        return moment
    best: tuple[int, Moment] | None = None
    for pattern in _PATTERNS:
        found = _first(pattern, text[:_SEARCHED], zone)
        if found and (best is None or found[0] < best[0]):
            best = found
            if found[0] <= _PREFIX:
                break
    return best[1] if best else None


def _usual(text: str) -> Moment | None:
    """Return what nearly every RSS date says, without the search that the others need."""
    found = _USUAL.fullmatch(text)
    number = _MONTHS.get(found[2].lower()) if found else None
    if not found or not number:
        return None
    day, _, year, clock, hours, minutes = found.groups()
    offset = f"{hours}:{minutes}" if hours else "+00:00"
    try:
        placed = datetime.fromisoformat(f"{year}-{number:02}-{day}T{clock}{offset}")
    except ValueError:
        return None
    return _believable(placed, day_only=clock == "00:00:00")


def _first(pattern: re.Pattern[str], text: str, zone: str) -> tuple[int, Moment] | None:
    for found in pattern.finditer(text):
        if moment := _built(found.groupdict(), zone):
            return found.start(), moment
    return None


def _by_form(text: str, zone: str, form: str) -> Moment | None:
    try:
        read = datetime.strptime(" ".join(text.split()), form)  # noqa: DTZ007 - placed next line
    except ValueError:
        return None
    placed = read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))
    return _believable(placed, day_only="%H" not in form and "%I" not in form)


def _built(parts: dict[str, str | None], zone: str) -> Moment | None:
    month = int(parts.get("m") or 0) or _month(parts.get("mon") or "")
    if not month:
        return None
    try:
        day = datetime(_year(parts["y"] or ""), month, int(parts["d"] or 0))  # noqa: DTZ001 - below
        naive = day + _clock(parts)
        return _believable(_placed(naive, parts, zone), day_only=_dayish(parts))
    except (ValueError, OverflowError):
        return None


def _dayish(parts: dict[str, str | None]) -> bool:
    """Return whether only the day is known: software that knows no clock writes 00:00:00."""
    return parts.get("h") is None or [parts.get(key) for key in ("h", "mi", "s")] == ["00"] * 3


def _believable(placed: datetime, *, day_only: bool) -> Moment | None:
    if placed.year < EARLIEST:
        return None
    return Moment(placed.astimezone(UTC), day_only)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == len("26"):
        return year + (2000 if year < 70 else 1900)
    return year


def _month(name: str) -> int:
    bare = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return _MONTHS.get(bare[:4]) or _MONTHS.get(bare[:3], 0)


def _clock(parts: dict[str, str | None]) -> timedelta:
    hour, minute = int(parts.get("h") or 0), int(parts.get("mi") or 0)
    second = min(int(parts.get("s") or 0), 59)  # a leap second is not worth losing a date for
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half in "pP" else 0)
    if hour > 24 or minute > 59:
        raise ValueError(hour)
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _placed(naive: datetime, parts: dict[str, str | None], zone: str) -> datetime:
    if offset := parts.get("off"):
        return naive.replace(tzinfo=_fixed(offset))
    home = naive.replace(tzinfo=ZoneInfo(zone))
    name = (parts.get("zn") or "").upper()
    # a source in Shanghai that writes CST means its own, not Chicago's
    if not name or name == home.tzname():
        return home
    return naive.replace(tzinfo=_named(name) or home.tzinfo)


@lru_cache(maxsize=64)
def _fixed(offset: str) -> tzinfo:
    digits = offset[1:].replace(":", "").zfill(4)
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if offset.startswith("-") else span)


def _named(name: str) -> tzinfo | None:
    if name in _OFFSETS:
        return timezone(timedelta(hours=_OFFSETS[name]))
    return ZoneInfo(_PLACES[name]) if name in _PLACES else None
