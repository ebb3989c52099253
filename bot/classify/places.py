"""What countries are known by: names, adjectives, capitals, authorities, rules, and companies.

Each matcher gives ISO 3166 alpha-2 codes, or "EU".
"""

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from bot.classify.terms import Matcher, lexicon, normalise


@cache
def countries() -> Matcher:
    """Return what finds countries by any of their names."""
    return Matcher(
        {
            code: [t for terms in row.values() for t in terms]
            for code, row in lexicon("countries").items()
        }
    )


@cache
def named() -> Matcher:
    """Return what finds countries by their names and by those who speak for them."""
    people = {code: row.get("people", ()) for code, row in lexicon("agencies").items()}
    rows = lexicon("countries").items()
    return Matcher(
        {
            code: [*(t for terms in row.values() for t in terms), *people.get(code, ())]
            for code, row in rows
        }
    )


@cache
def agencies() -> Matcher:
    """Return what finds the authorities of countries."""
    return Matcher({code: row["terms"] for code, row in lexicon("agencies").items()})


@cache
def rules() -> Matcher:
    """Return what finds lists and rules that only one country has."""
    rows = lexicon("agencies").items()
    return Matcher({code: row["rules"] for code, row in rows if "rules" in row})


@cache
def _names() -> Mapping[str, str]:
    rows = lexicon("countries").items()
    named = {
        normalise(t.strip("=*")): c for c, row in rows for terms in row.values() for t in terms
    }
    return named | {code.casefold(): code for code in lexicon("countries")}


def country_for(words: str) -> str | None:
    """Return the ISO code that a person means by a name, an adjective or the code, small letters."""
    code = _names().get(normalise(words))
    return code.casefold() if code else None


@cache
def obeying() -> Matcher:
    """Return what finds companies, as the country whose controls bind them."""
    rows = [row for row in lexicon("companies").values() if "under" in row]
    under = {row["under"] for row in rows}
    return Matcher(
        {c: [n for row in rows if row["under"] == c for n in row["names"]] for c in under}
    )


_DOMAINS = {"uk": "GB", "eu": "EU", "ai": "", "co": "", "io": "", "tv": "", "me": "", "hk": ""}
"""Top-level domains that are no country's code, or sold to everyone."""
_SPOKEN = {"ja": "JP", "ko": "KR", "ru": "RU", "es": "ES", "fr": "FR", "id": "ID", "de": "DE"}


_SIMPLIFIED = re.compile("[国业产发对关东车与为这时开长门见贝说许证]")


def home_of(url: str, lang: str, text: str = "") -> str:
    """Return the country that an outlet writes in, by its domain or else its language, or ""."""
    end = (urlsplit(url).hostname or "").rpartition(".")[2]
    domain = _DOMAINS.get(end, end.upper())
    if domain in lexicon("countries"):
        return domain
    if lang == "zh":
        return "CN" if _SIMPLIFIED.search(text) else "TW"
    return _SPOKEN.get(lang, "")


_SITES = {
    "gov.cn": "CN", "federalregister.gov": "US", "bis.gov": "US", "bis.doc.gov": "US", "treasury.gov": "US",
    "commerce.gov": "US", "justice.gov": "US", "state.gov": "US", "whitehouse.gov": "US", "gov.uk": "GB",
    "europa.eu": "EU", "meti.go.jp": "JP", "korea.kr": "KR", "trade.gov.tw": "TW", "moea.gov.tw": "TW",
    "government.nl": "NL", "rijksoverheid.nl": "NL", "bafa.de": "DE", "dgft.gov.in": "IN", "canada.ca": "CA",
    "government.ru": "RU",
}  # fmt: skip


def site_of(url: str) -> str:
    """Return the country whose authority publishes at an address, or ""."""
    host = urlsplit(url).hostname or ""
    return next((c for site, c in _SITES.items() if host == site or host.endswith(f".{site}")), "")
