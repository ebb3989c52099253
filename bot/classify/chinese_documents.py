"""Announcements and orders of Chinese authorities, in the spellings of eight languages."""

import re
from collections.abc import Iterator
from datetime import date

from bot.classify.numerals import HAN, han_value
from bot.classify.terms import lexicon

_YEAR = rf"(?:20\d\d|二[{HAN}]{{3}})"
_NUMBER = rf"(?:\d{{1,3}}|[{HAN}]{{1,5}})"
_UP_TO = r"至|到|-|~|〜|から|부터"
_ALSO = rf"[、,和及与與・·]|および|및|{_UP_TO}"
_NUMBERS = rf"[第제]? ?{_NUMBER}(?: ?[号號호]? ?(?:{_ALSO}) ?[第제]? ?{_NUMBER})* ?[号號호]"
_KIND = r"公告|通告|令|공고|명령"
_EAST = re.compile(
    rf"(?P<kind>{_KIND}) ?[〔(\[【]? ?(?:(?P<year>{_YEAR}) ?[年년]?)? ?[〕)\]】]? ?"
    rf"(?P<numbers>{_NUMBERS})"
    rf"|(?:(?P<year2>{_YEAR}) ?[年년]? ?)?(?P<numbers2>{_NUMBERS}) ?(?:的|の)?(?P<kind2>{_KIND})"
)
_YEAR_AHEAD = re.compile(rf"({_YEAR}) ?[年년](?:(?![。;])[^\d]){{0,24}}$")
_YEAR_BEHIND = re.compile(rf"^ ?[(〔\[]?(?:of )?({_YEAR})[年년)〕\]]")
_AND = r"(?:,|and|und|et|y|и|&|to|through|bis|-)(?: |(?<=-)|(?=\d))"
_NOS = rf"\d{{1,3}}(?:,? ?{_AND}(?:n[or]s?\.? ?)?\d{{1,3}}){{0,9}}"
_NOTICE = (
    r"announcements?|notices?|orders?|decrees?|bekanntmachung(?:en)?|annonces?|avis"
    r"|anuncios?|avisos?|объявлени\w+|уведомлени\w+|приказ\w*"
)
_WEST = re.compile(
    rf"\b(?P<kind>{_NOTICE})(?P<between>(?: (?!n[or]\.?\b)[^\W\d]+){{0,3}}?)"
    r" ?[\[(]?(?P<year>20\d\d)?[\])]?,? ?"
    r"(?:n[or]s?\b\.?(?: ?o\b)?|n ?°|n\.o|#|(?=\d{1,3}/20))\.? ?"
    rf"(?P<numbers>{_NOS})(?!\d)"
    r"(?:[ /]?(?:[(\[]|/|of|de|von|aus|vom|for|от|,)? ?"
    r"(?:\d{1,2}\.? (?:de )?[^\W\d]+\.?(?: de)? )?(?P<year2>20\d\d)\b)?",
    re.IGNORECASE,
)
_WESTERN = re.compile(r"(?:[Nn][or]s?|NO|°|\.o|#)\W{0,3}\d|\d/20")
_EASTERN = re.compile(r"[号號호]")
_CHINA = re.compile(
    r"MOFCOM|\bChin|Beijing|Peking|Pékin|Pekín|商[务務]部|中国|中國|大陆|大陸|不可靠[实實]体|[总總][署局]公告|中华人民"
    r"|중국|상무부|Кита|Пекин|税委会",
    re.IGNORECASE,
)
_ORDERS = ("令", "명령", "order", "decree", "приказ")
_NEAR = 70
"""How many signs from a number in Latin letters a word of China must stand: others count, too."""
_OTHERS = (
    (re.compile(r"不可靠[实實]体|工作机制|工作機制|unreliable entit", re.IGNORECASE), "cn-uel"),
    (re.compile(r"商[务務]部|MOFCOM|상무부|commerce", re.IGNORECASE), "cn-mofcom"),
    (re.compile(r"税委会|税则委员会|tariff commission", re.IGNORECASE), "cn-tariff"),
    (re.compile(r"海[关關](?:总署|總署)"), "cn-gacc"),
    (re.compile(r"工业和信息化部|工信部|MIIT"), "cn-miit"),
    (re.compile(r"[经経經][济済濟]?[产産產]|産業|산업|public $", re.IGNORECASE), ""),
)
"""Whose number it is by what stands shortly ahead: the first that does; "" is none of China's."""
_MONTHLY = 6
"""About how many announcements China's commerce ministry numbers in a month."""
_MOST = 20
"""The longest range of numbers that is believed."""


def announcements(text: str, published: date | None) -> Iterator[tuple[int, str]]:
    """Yield where each number stands in a text of `tidy`, and its id.

    One without a year is of the year in which it was published, or of the one before where so
    high a number is not due yet; without either it is left out, and so is one of no Chinese text.
    """
    if _EASTERN.search(text) and _CHINA.search(text):
        yield from _eastern(text, published)
    if _WESTERN.search(text) and _CHINA.search(text):
        yield from _western(text, published)


def _eastern(text: str, published: date | None) -> Iterator[tuple[int, str]]:
    for match in _EAST.finditer(text):
        kind = match["kind"] or match["kind2"]
        numbers = match["numbers"] or match["numbers2"]
        year = match["year"] or match["year2"] or _year_near(text, match)
        yield from _named(text, match.start(), kind, numbers, (year, published))


def _western(text: str, published: date | None) -> Iterator[tuple[int, str]]:
    for match in _WEST.finditer(text):
        if not _CHINA.search(text[max(0, match.start() - _NEAR) : match.end() + _NEAR]):
            continue
        year = match["year"] or match["year2"] or ""
        told = f"{match['kind']}{match['between']}".casefold()
        yield from _named(text, match.start(), told, match["numbers"], (year, published))


def _year_near(text: str, match: re.Match[str]) -> str:
    ahead = _YEAR_AHEAD.search(text[max(0, match.start() - 36) : match.start()])
    behind = _YEAR_BEHIND.match(text[match.end() : match.end() + 10])
    near = ahead or behind
    return near[1] if near else ""


def _named(
    text: str, start: int, kind: str, numbers: str, when: tuple[str, date | None]
) -> Iterator[tuple[int, str]]:
    series = _series(text[max(0, start - 44) : start] + kind, kind)
    year, published = when
    for number in _each(numbers) if series else ():
        stated = han_value(year) if year else _likely_year(series, number, published)
        if stated and number:
            yield start, f"{series}-{stated}-{number}"


def _series(ahead: str, kind: str) -> str:
    near = re.split(r"[。;!?]", ahead)[-1]
    found = next((name for pattern, name in _OTHERS if pattern.search(near)), "cn-mofcom")
    ordered = found == "cn-mofcom" and kind.startswith(_ORDERS)
    return f"{found}-order" if ordered else found


def _each(numbers: str) -> list[int]:
    """Return the numbers of a list or a range."""
    each = [han_value(n) for n in re.findall(_NUMBER, re.sub(r"[第제号號호]", " ", numbers))]
    ranged = re.search(rf"{_UP_TO}|\bto\b|through|bis", numbers)
    if ranged and len(each) == 2 and 0 < each[1] - each[0] < _MOST:
        return list(range(each[0], each[1] + 1))
    return each


def _likely_year(series: str, number: int, published: date | None) -> int | None:
    if published is None:
        return None
    for year in (published.year, published.year - 1):
        if f"{series}-{year}-{number}" in lexicon("measures")["topics"]:
            return year
    due = published.month * _MONTHLY + 2 * _MONTHLY
    return published.year if number <= due else published.year - 1
