"""When a measure takes effect or ends, as far as the text says so, in eight languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero января jänner",
            "february feb februar février fevrier febrero февраля",
            "march mar märz mars marzo марта",
            "april apr avril abril апреля",
            "may mai mayo мая",
            "june jun juni juin junio июня",
            "july jul juli juillet julio июля",
            "august aug août aout agosto августа",
            "september sep sept septembre septiembre сентября",
            "october oct oktober octobre octubre октября",
            "november nov novembre noviembre ноября",
            "december dec dezember décembre decembre diciembre декабря",
        ),
        1,
    )
    for name in names.split()
}
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er)?"
_WEST = (
    rf"(?:{_DAY}\s*(?:de |of )?(?P<month>{_NAME})\.?(?:,?\s*(?:de(?:l)? )?(?P<year>20\d\d))?"
    rf"|(?P<month2>{_NAME})\.?\s*(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s*(?P<year2>20\d\d))?)"
)
_EAST = r"(?:(?P<year>20\d\d)\s*(?:年|년)\s*)?(?P<month>\d{1,2})\s*(?:月|월)\s*(?P<day>\d{1,2})\s*(?:日|일)"
_BEGINS = re.compile(
    r"\b(?:effective(?: from| on| as of)?|from|as of|starting(?: on| from)?|takes? effect(?: on)?|in force (?:from|on|since)"
    r"|will take effect(?: on)?|since|beginning|ab(?: dem)?|seit(?: dem)?|gilt ab|à partir du|à compter du|dès le|depuis le|entr\w+ en vigueur le"
    rf"|a partir del?|desde el|entr\w+ en vigor el|с)\s+{_WEST}",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"\b(?:until|till|through|expires? on|expiring on|bis(?: zum)?|jusqu'au|hasta el|до|по)\s+{_WEST}",
    re.IGNORECASE,
)
_BEGINS_EAST = re.compile(
    rf"{_EAST}(?=\s*(?:起|から|より|に施行|施行|に発効|正式实施|正式實施|实施|實施|生效|부터|에 시행|시행|自))|(?:自|从|從)\s*{_EAST.replace('?P<year>', '').replace('?P<month>', '').replace('?P<day>', '')}"
)
_ENDS_EAST = re.compile(
    rf"(?:至|到|直至|截至)\s*{_EAST}|{_EAST.replace('?P<', '?P<e')}(?=\s*(?:まで|止|为止|까지))"
)
_NOW = re.compile(
    r"\b(?:with immediate effect|effective immediately|takes? effect immediately|mit sofortiger Wirkung|avec effet immédiat|con efecto inmediato)\b"
    r"|немедленно|自公布之日起|自发布之日起|即日起|即日施行|同日施行|즉시 시행",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which a measure begins and ends."""

    begins: tuple[date, ...]
    ends: tuple[date, ...]


def days_of(text: str, published: date | None) -> Days:
    """Return the days that `text` (of `tidy`) names; a missing year is the nearest to `published`."""
    begins = [*_found(_BEGINS, text, published), *_found(_BEGINS_EAST, text, published)]
    if published and _NOW.search(text):
        begins.append(published)
    ends = [*_found(_ENDS, text, published), *_found(_ENDS_EAST, text, published)]
    return Days(tuple(sorted(set(begins) - set(ends))), tuple(sorted(set(ends))))


def _found(pattern: re.Pattern[str], text: str, near: date | None) -> Iterator[date]:
    for match in pattern.finditer(text):
        groups = [group for group in match.groups() if group]
        if day := _day(groups, near):
            yield day


def _day(groups: list[str], near: date | None) -> date | None:
    """Return the day of a match's year, month and day, in whatever order they were written."""
    year = next((int(g) for g in groups if len(g) == 4 and g.isdecimal()), None)
    rest = [g for g in groups if not (len(g) == 4 and g.isdecimal())]
    if len(rest) != 2:
        return None
    named = next((_MONTHS[g.lower()] for g in rest if g.lower() in _MONTHS), None)
    month = named or int(rest[0])
    day = int(next(g for g in rest if g.isdecimal()) if named else rest[1])
    return _nearest(year, month, day, near)


def _nearest(year: int | None, month: int, day: int, near: date | None) -> date | None:
    if year is None and near is None:
        return None
    years = [year] if year else [near.year - 1, near.year, near.year + 1] if near else []
    found = [when for y in years if (when := _valid(y, month, day))]
    if near is None or year:
        return found[0] if found else None
    soon = near + timedelta(days=100)  # what is announced lies ahead more often than behind
    return min(found, key=lambda when: abs((when - soon).days), default=None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
