"""The canonical, language-free words of an item that stories are compared by, across languages.

    cc:cn                every country that the news names, by itself or by an authority
    co:nvidia            every company      word:ethane  every product narrower than topics
    about:nvidia         a company that the title names
    way:general-licence  how licences are granted
    list:entity-list     the list or rule   num:32       how many entities, items or months

Only the title and the lead are read: what follows is background, and would join other events.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from bot.classify.passages import Passage
from bot.classify.places import agencies, countries
from bot.classify.terms import Hit, Matcher, lexicon

_LEAD = 3
"""How many passages tell the news: the title and two sentences."""
_THINGS = (
    r"entit|compan|firm|name|item|list|product|element|metal|part(?:y|ies)|nation|countr|licen|permit|package"
    r"|unternehmen|firmen|güter|produkt|positionen|entreprises|sociétés|produits|empresas|productos|компани|организаци|товар|позици"
)
_COUNTED = re.compile(
    rf"(?<![\d.,-])(\d{{1,4}})(?= (?:[\w-]+ ){{0,2}}(?:{_THINGS}))"
    r"|(\d{1,4})(?= ?(?:家|社|实体|實體|个|個|項|项|種|种|类|類|品目"
    r"|団体|カ国|か国|개|곳|종|건|間))",
    re.IGNORECASE,
)
_LARGE = re.compile(
    r"(?<![\d.,])(\d{1,5}(?:[.,]\d{1,3})?)\s?(?:(million|millionen|millones|mio|m|млн|百万|백만)"
    r"|(billion|milliarden?|mrd|mil millones|bn|млрд|十億|십억)|(万|萬|만)|(亿|億|억))(?![a-z])",
    re.IGNORECASE,
)
_SCALES = (10**6, 10**9, 10**4, 10**8)


def tokens_of(passages: Sequence[Passage]) -> frozenset[str]:
    """Return the tokens of the title and the lead."""
    lead = " ".join(passage.text for passage in passages[:_LEAD])
    title = len(passages[0].text)
    named = [hit for hit in _named().find(lead) if _told(hit, title)]
    titled = (hit.concept for hit in named if hit.start < title)
    return frozenset(
        (*(hit.concept for hit in named), *_about(titled), *_countries(lead), *_numbers(lead))
    )


def _about(titled: Iterable[str]) -> Iterator[str]:
    """Yield the companies of a title again, as whom the news is about."""
    yield from (f"about:{name[3:]}" for name in titled if name.startswith("co:"))


def _countries(text: str) -> Iterator[str]:
    for found in (countries().find(text), agencies().find(text)):
        yield from (f"cc:{hit.concept.casefold()}" for hit in found)


def _told(hit: Hit, title: int) -> bool:
    """Whether a name counts: lists and ways of licensing are often recalled, so the title's do."""
    return hit.start < title or not hit.concept.startswith(("list:", "way:"))


@cache
def _named() -> Matcher:
    """Return what finds lists, companies and products in one pass."""
    lists = {
        f"{kind}:{name}": terms
        for kind, rows in lexicon("lists").items()
        for name, terms in rows.items()
    }
    firms = {f"co:{name}": row["names"] for name, row in lexicon("companies").items()}
    goods = {f"word:{name}": terms for name, terms in lexicon("products").items()}
    return Matcher({**lists, **firms, **goods})


def _numbers(text: str) -> Iterator[str]:
    """Yield what is counted: 32 entities are not 28, and 90 days not a year."""
    for match in _COUNTED.finditer(text):
        yield f"num:{int(match[1] or match[2])}"
    for match in _LARGE.finditer(text):
        scale = next(size for size, unit in zip(_SCALES, match.groups()[1:], strict=True) if unit)
        yield f"num:{round(float(match[1].replace(',', '.')) * scale)}"
