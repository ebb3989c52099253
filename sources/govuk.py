"""GOV.UK: an organisation's Atom feed of activity, or the search API."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import urlsplit

from bot.decode import text_of
from bot.model import Page, Parsed, Request, Row
from sources import feed, option
from sources.answer import json_of, rows_at, string_at
from sources.draft import Draft, parsed_of, rows_needed

_WANTED = "GOV.UK's search results"
_HOME = "https://www.gov.uk"


class GovUk:
    """A feed or a search. An item is known by its link: its id changes at each minor edit."""

    options: ClassVar[option.Options] = MappingProxyType({})
    needed: ClassVar[frozenset[str]] = frozenset()

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the one address."""
        return feed.SOURCE.requests(row, now)

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return what was published or changed; the link is the key in both forms."""
        known = replace(row, options={**row.options, "key": "link"})
        if not urlsplit(row.url).path.endswith(".json"):
            return feed.SOURCE.parse(page, known)
        rows = rows_at(json_of(text_of(page, row), _WANTED), "results", _WANTED)
        drafts = [_draft(one) for one in rows]
        rows_needed(drafts, "a search result")
        return parsed_of(drafts, page, known)


def _draft(one: dict[str, object]) -> Draft:
    return Draft(
        title=string_at(one, "title"),
        link=string_at(one, "link"),
        base=_HOME,  # links are relative to the site, not to the API
        text=string_at(one, "description"),
        date=string_at(one, "public_timestamp"),
    )


SOURCE = GovUk()
