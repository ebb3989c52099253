"""Wording as support: the telling stems of a title and its lead, in any script, and their weight.

A stem is the first letters of a word without accents, so that inflections and many words that
languages share ("gallium", "Gallium", "германи") meet; Chinese, Japanese and Korean give pairs of
signs; names and numbers in Latin letters ("H20", "ASML") are the same in every language.
"""

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType

LEAD = 320
"""How many signs of the text tell the news; the rest is background."""
MOST = 64
"""How many stems are kept of one item, the most telling ones."""
_STEM = 6
_RARE = 0.004
"""In how large a share of the news a stem stands that the table does not name."""
_FULL = -math.log(_RARE)
_RUNS = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]+|[가-힣]+|[^\W_]+")
_THOUSANDS = re.compile(r"(?<=\d)[,.\u202f\u00a0](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?:19|20)\d\d")


def words_of(title: str, text: str) -> frozenset[str]:
    """Return the telling stems of a title and the lead of its text."""
    stems = set(stems_of(f"{title}\n{text[:LEAD]}"))
    if len(stems) > MOST:
        stems = set(sorted(stems, key=lambda stem: (-weight(stem), stem))[:MOST])
    return frozenset(stems)


def stems_of(text: str) -> Iterator[str]:
    """Yield the stems of a text in order, repeated ones repeatedly."""
    for run in _RUNS.findall(_plain(text)):
        if run[0] >= "\u3040":
            yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))
        elif run.isdecimal():
            if len(run) > 1 and not _YEAR.fullmatch(run):
                yield run
        elif len(run) > 2 or any(sign.isdecimal() for sign in run):
            yield run[:_STEM]


def _plain(text: str) -> str:
    """Lower the case, and take accents and thousands marks off; signs of Korean stay whole."""
    spread = unicodedata.normalize("NFKD", _THOUSANDS.sub("", text.casefold()))
    bare = "".join(sign for sign in spread if not "\u0300" <= sign <= "\u036f")
    return unicodedata.normalize("NFC", bare)


@cache
def _discounts() -> Mapping[str, float]:
    """Return how much less each usual stem tells than a rare one."""
    source = files("bot.cluster") / "usual.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            stem: math.log(int(percent) / 100 / _RARE)
            for percent, stems in table["percent"].items()
            for stem in stems.split()
        }
    )


@cache
def _usual() -> frozenset[str]:
    return frozenset(_discounts())


def weight(stem: str) -> float:
    """Return how telling a stem is: the logarithm of how rare it is in the news (natural)."""
    return _FULL - _discounts().get(stem, 0.0)


def total(stems: frozenset[str]) -> float:
    """Return the weight of several stems."""
    return _FULL * len(stems) - sum(map(_discounts().__getitem__, stems & _usual()))


_whole = lru_cache(maxsize=1_024)(total)  # a wording is compared with many


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two wordings are, 0..1: the shared weight beside the mean of both."""
    shared = one & other
    if not shared:
        return 0.0
    return total(shared) / math.sqrt(_whole(one) * _whole(other))
