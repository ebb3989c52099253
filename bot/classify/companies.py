"""Companies that traders follow: by name, by any of their names, by ticker. Data in companies.toml."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from bot.classify.terms import lexicon, normalise


def company_for(words: str) -> str | None:
    """Return the company's name, as labels carry it, that a person means by `words`."""
    return _spelled().get(normalise(words))


def ticker_for(symbol: str) -> str | None:
    """Return the symbol of a listing ("MP", "NYSE:MP") in small letters, where one is followed."""
    wanted = symbol.rpartition(":")[2].casefold()
    return wanted if wanted in _tickers() else None


def near_company(words: str) -> str | None:
    """Return the followed company whose spelling is nearest to `words`."""
    near = get_close_matches(normalise(words), _spelled(), 1)
    return _spelled()[near[0]] if near else None


def listed(words: str) -> str:
    """Return a company with its listing, where one is followed: "MP Materials (NYSE:MP)"."""
    name = company_for(words) or words
    return f"{name} ({_listings()[name]})" if name in _listings() else name


def company_of(symbol: str) -> str:
    """Return the name of the company behind a followed symbol in small letters; else the symbol."""
    return next((name for name, at in _listings().items() if _symbol(at) == symbol), symbol)


@cache
def _spelled() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, row in lexicon("companies").items():
        for word in (key, key.replace("-", " "), row["name"], *row["names"]):
            found.setdefault(normalise(word.strip("=*")), row["name"])
    return found


@cache
def _listings() -> Mapping[str, str]:
    rows = lexicon("companies").values()
    return {row["name"]: row["listing"] for row in rows if "listing" in row}


def _symbol(listing: str) -> str:
    return listing.rpartition(":")[2].casefold()


@cache
def _tickers() -> frozenset[str]:
    return frozenset(map(_symbol, _listings().values()))
