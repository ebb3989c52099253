"""GDELT DOC 2.0: articles that GDELT's crawl found, as a JSON list."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from types import MappingProxyType
from typing import ClassVar

from bot.decode import text_of
from bot.model import Page, Parsed, Request, Row
from sources import links, option
from sources.answer import json_of, mapping, rows_at, string_at
from sources.draft import Draft, parsed_of

_WANTED = "GDELT's JSON list of articles"
_SPACED = re.compile(r"\s+(?=[,.;:!?%)\]’”](?:\s|$))|(?<=[(\[“‘])\s+")
_LANGUAGES = {
    "arabic": "ar",
    "chinese": "zh",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "norwegian": "no",
    "polish": "pl",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "turkish": "tr",
    "ukrainian": "uk",
    "vietnamese": "vi",
}


class Gdelt:
    """A search, whole in the row's address. A refusal comes as plain text, often under 200.

    `published` is when GDELT saw an article, minutes after it went out: no other date is given.
    """

    options: ClassVar[option.Options] = MappingProxyType({})
    needed: ClassVar[frozenset[str]] = frozenset()

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the one search."""
        del now
        return (Request(url=row.url),)

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return the articles; `{}` is GDELT's way to say that there are none."""
        answer = mapping(json_of(text_of(page, row), _WANTED), _WANTED)
        rows = rows_at(answer, "articles", _WANTED) if answer else []
        return parsed_of([_draft(one) for one in rows], page, row)


def _draft(one: dict[str, object]) -> Draft:
    link = string_at(one, "url")
    return Draft(
        title=escape(_SPACED.sub("", string_at(one, "title")), quote=False),
        link=link,
        key=link,
        date=string_at(one, "seendate"),
        lang=_LANGUAGES.get(string_at(one, "language").lower(), ""),
        outlet=string_at(one, "domain") or links.host_of(link),
    )


SOURCE = Gdelt()
