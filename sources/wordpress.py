"""WordPress: its feed, or its REST list of posts under /wp-json/."""

from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import urlsplit

from bot.decode import text_of
from bot.model import Page, Parsed, Request, Row
from sources import feed, option
from sources.answer import json_of, rows_at, string_at
from sources.draft import Draft, parsed_of, rows_needed

_WANTED = "WordPress's JSON list of posts"


class WordPress:
    """A blog. Its posts are known by their number, `?p=ID`, in the feed and in REST alike."""

    options: ClassVar[option.Options] = MappingProxyType(
        {"undated": option.flag, "empty": option.flag}
    )
    needed: ClassVar[frozenset[str]] = frozenset()

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the one address."""
        return feed.SOURCE.requests(row, now)

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return the posts. Raises ShapeError for what is neither a feed nor a list of posts."""
        if "/wp-json/" not in row.url:
            return feed.SOURCE.parse(page, row)
        rows = rows_at(json_of(text_of(page, row), _WANTED), "", _WANTED)
        drafts = [_draft(one, row) for one in rows]
        rows_needed(drafts, "a post")
        return parsed_of(drafts, page, row)


def _draft(one: dict[str, object], row: Row) -> Draft:
    universal = string_at(one, "date_gmt")
    content, excerpt = string_at(one, "content.rendered"), string_at(one, "excerpt.rendered")
    return Draft(
        title=string_at(one, "title.rendered"),
        link=string_at(one, "link"),
        key=string_at(one, "guid.rendered") or _number(one, row),
        text=max(content, excerpt, key=len),
        # this field is UTC, though it does not say so; `date` is the blog's own clock
        date=f"{universal}Z" if universal else string_at(one, "date"),
    )


def _number(one: dict[str, object], row: Row) -> str:
    """Return the guid that the feed would show, where REST was asked for few fields."""
    parts, number = urlsplit(row.url), string_at(one, "id")
    return f"{parts.scheme}://{parts.netloc}/?p={number}" if number else ""


SOURCE = WordPress()
