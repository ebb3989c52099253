"""Time zones as people name them: "Asia/Shanghai", "shanghai", "New York", "Beijing"."""

import difflib
import re
from functools import cache
from zoneinfo import available_timezones

from bot.clean import clean
from bot.errors import UsageError
from bot.language import tr

_PLACES = {  # what people name that has no IANA name of its own
    "utc": "UTC", "zulu": "UTC",
    "china": "Asia/Shanghai", "prc": "Asia/Shanghai", "beijing": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai", "guangzhou": "Asia/Shanghai", "japan": "Asia/Tokyo",
    "osaka": "Asia/Tokyo", "korea": "Asia/Seoul", "south_korea": "Asia/Seoul",
    "taiwan": "Asia/Taipei", "hsinchu": "Asia/Taipei", "hongkong": "Asia/Hong_Kong",
    "india": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata", "bengaluru": "Asia/Kolkata", "penang": "Asia/Kuala_Lumpur",
    "uk": "Europe/London", "england": "Europe/London", "germany": "Europe/Berlin",
    "frankfurt": "Europe/Berlin", "munich": "Europe/Berlin", "hamburg": "Europe/Berlin",
    "france": "Europe/Paris", "netherlands": "Europe/Amsterdam", "rotterdam": "Europe/Amsterdam",
    "eindhoven": "Europe/Amsterdam", "switzerland": "Europe/Zurich", "geneva": "Europe/Zurich",
    "milan": "Europe/Rome", "barcelona": "Europe/Madrid", "washington": "America/New_York",
    "boston": "America/New_York", "houston": "America/Chicago", "dallas": "America/Chicago",
    "san_francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles",
    "dubai": "Asia/Dubai",
}  # fmt: skip
_SHORT = {
    "est": "New York", "edt": "New York", "et": "New York", "est5edt": "New York",
    "cst": "Shanghai", "cdt": "Chicago", "cst6cdt": "Chicago",
    "mst": "Denver", "mdt": "Denver", "mst7mdt": "Denver",
    "pst": "Los Angeles", "pdt": "Los Angeles", "pst8pdt": "Los Angeles", "hst": "Honolulu",
    "gmt": "London", "bst": "London", "wet": "Lisbon", "cet": "Berlin", "cest": "Berlin",
    "met": "Berlin", "eet": "Helsinki", "msk": "Moscow",
    "ist": "Kolkata", "jst": "Tokyo", "kst": "Seoul", "hkt": "Hong Kong",
    "sgt": "Singapore", "myt": "Kuala Lumpur", "aest": "Sydney", "aedt": "Sydney",
    "nzst": "Auckland", "nzdt": "Auckland",
}  # fmt: skip
_OFFSET = re.compile(r"(?:utc|gmt|etc/gmt)?[+\-−]?\d.*|(?:utc|gmt|etc/gmt)[+\-−]?\d.*")


def zone_named(typed: str) -> str:
    """Return the IANA name of the zone that a person means. Raises UsageError with a suggestion."""
    word = clean(typed, 64)
    key = "_".join(word.casefold().replace(",", " ").split())
    if key in _SHORT:
        raise UsageError(
            tr(
                '"{word}" is short for several zones, or holds for half of a year. '
                "Name a city instead: /timezone {city}",
                word=word,
                city=_SHORT[key],
            ),
            f"timezone {_SHORT[key]}",
        )
    if _OFFSET.fullmatch(key):
        raise UsageError(
            tr(
                '"{word}" does not follow summer time. Name a city instead: /timezone Singapore',
                word=word,
            )
        )
    found = _PLACES.get(key) or _names().get(key)
    if found is None:
        raise _unknown(word, key)
    return found


def _unknown(word: str, key: str) -> UsageError:
    names = {**_names(), **_PLACES}
    near = difflib.get_close_matches(key, names, 1, 0.75)
    if near:
        return UsageError(
            tr(
                'There is no time zone "{word}". Did you mean /timezone {zone}?',
                word=word,
                zone=names[near[0]],
            ),
            f"timezone {names[near[0]]}",
        )
    return UsageError(
        tr(
            'There is no time zone "{word}". Name a city or an IANA zone, for example: '
            "/timezone Asia/Shanghai",
            word=word,
        )
    )


@cache
def _names() -> dict[str, str]:
    """Return zones by their names, and by their cities, without case."""
    zones = sorted(name for name in available_timezones() if "/" in name)
    cities = (z for z in reversed(zones) if z.partition("/")[0] in _CONTINENTS)
    return {
        **{zone.rpartition("/")[2].casefold(): zone for zone in cities},
        **{zone.casefold(): zone for zone in zones if not zone.startswith("Etc/")},
    }


_CONTINENTS = frozenset(
    {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
