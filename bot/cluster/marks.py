"""Marks: the canonical, language-free facts of an item that stories are compared by.

A mark is `kind:value`, such as "issuer:CN", "topic:gallium", "act:ban", "dir:restrict",
"doc:cn-mofcom-2025-61", "aim:jp", "firm:huawei", "day:2025-12-01", "round:13"; "head:restrict"
stands where the title itself tells the direction. A label's own tokens are marks as they are.
Two items in two languages that say the same have the same marks.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from bot.classify.topics import ancestors, topics
from bot.model import Item, Label

VAGUE = frozenset({"topic:other", "topic:dual-use"})
"""Topics that are said of nearly any control, and so tell no event from another."""
_LOOSE = frozenset({"list:control-list"})
"""A list of China's by that name; of others, the press calls any list of theirs so."""
_CODE = len("CN")
_NAMING = ("issuer", "aim", "cc")
_NUMERALS = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)}
_ROUND = re.compile(
    r"(?P<a>\d{1,3})\s?(?:st|nd|rd|th|\.|-?й|-?го|-?е|-?м|er|e|º|ª|°|\.º)?\s"
    r"(?:(?:eu|russia|новы\w+|санкционн\w+|sanctions?|western)\s)?"
    r"(?:package|round|tranche|sanktionspaket|paket|paquet\w*|пакет\w*|раунд\w*)"
    r"|第?(?P<b>[\d一二三四五六七八九十]{1,4})(?:轮|輪|弾|弹|批|次)(?:对|對)?\w{0,4}?(?:制裁|措施|清单|清單|許可|许可)?"
    r"|(?P<c>\d{1,3})차\s?(?:대러\s?)?(?:제재|패키지)",
    re.IGNORECASE,
)


def marks_of(item: Item, label: Label) -> frozenset[str]:
    """Return the marks of an item as its label and its title state them."""
    return frozenset((*_of_label(label), *_rounds(item.title)))


def _of_label(label: Label) -> Iterator[str]:
    yield from label.tokens - (frozenset() if "CN" in label.issuers else _LOOSE)
    yield from _actors(label)
    yield from (f"{aim_kind(name)}:{name.casefold()}" for name in label.targets)
    yield from (f"topic:{topic}" for topic in label.topics)
    yield from (f"doc:{number}" for number in label.documents)
    yield from (f"day:{day.isoformat()}" for day in (*label.effective, *label.expires))
    yield f"dir:{label.direction}"
    if not label.evidence or any(e.fact == "direction" and e.in_title for e in label.evidence):
        yield f"head:{label.direction}"
    if label.action:
        yield f"act:{label.action}"


def _actors(label: Label) -> Iterator[str]:
    """Yield who acts; one that is only guessed, without any words for it, is a country named."""
    worded = {found.value for found in label.evidence if found.fact == "issuer"}
    for code in label.issuers:
        guessed = label.evidence and code not in worded
        yield f"cc:{code.casefold()}" if guessed else f"issuer:{code}"


def aim_kind(target: str) -> str:
    """Return the kind of a target's mark: "aim" for a country's code, "firm" for a company."""
    return "aim" if len(target) == _CODE and target.isupper() else "firm"


def _rounds(title: str) -> Iterator[str]:
    """Yield which package or round of sanctions a title names: the 12th is not the 13th."""
    for found in _ROUND.finditer(title):
        number = found["a"] or found["b"] or found["c"]
        yield f"round:{int(number) if number.isdecimal() else _counted(number)}"


def _counted(numeral: str) -> int:
    """Return the value of a Chinese numeral below 100."""
    tens, ten, ones = numeral.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)


def by_kind(marks: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return marks by their kinds, "issuer" and so on; vague topics are left out.

    Topics that are no mere heading of others stand under "goods" as well, and every country that
    is named in whatever part under "land".
    """
    found: dict[str, set[str]] = {}
    for mark in marks:
        if mark in VAGUE:
            continue
        kind, _, value = mark.partition(":")
        found.setdefault(kind, set()).add(mark)
        if kind in _NAMING:
            found.setdefault("land", set()).add(f"land:{value.casefold()}")
        if kind == "topic" and value not in headings():
            found.setdefault("goods", set()).add(mark)
    return {kind: frozenset(some) for kind, some in found.items()}


@cache
def headings() -> frozenset[str]:
    """Return the topics that only gather others: what is under one may be quite different goods."""
    above = {topic: ancestors(topic) for topic in topics()}
    return frozenset(str(up) for ups in above.values() for up in ups if not above[up])


def series_of(document: str) -> str:
    """Return what a document number counts in: "doc:cn-mofcom-2025-61" in "doc:cn-mofcom-2025"."""
    return document.rpartition("-")[0]
