"""A JSON answer that lists news, read by dotted paths; the general way to add a JSON source."""

import re
from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import quote

from bot.decode import text_of
from bot.model import Page, Parsed, Request, Row
from sources import option
from sources.answer import json_of, rows_at, string_at
from sources.draft import Draft, parsed_of, rows_needed

_WANTED = "JSON with a list"
_FIELD = re.compile(r"\{([\w.]{1,80})\}")


class JsonList:
    """A list at `rows` ("feed.entry"; "": the answer is the list), its parts by paths.

    Options: `title` (needed), `link`, `link_else` (an address with `{path}` in it, for rows
    without a link), `text`, `date`, `date_format` (strptime), `key`, `empty` (true where a
    list without rows is normal), `undated`.
    """

    options: ClassVar[option.Options] = MappingProxyType(
        {
            "rows": option.text,
            "title": option.text,
            "link": option.text,
            "link_else": option.text,
            "text": option.text,
            "date": option.text,
            "date_format": option.text,
            "key": option.text,
            "empty": option.flag,
            "undated": option.flag,
        }
    )
    needed: ClassVar[frozenset[str]] = frozenset({"title"})

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the one address."""
        del now
        return (Request(url=row.url, headers={"Accept": "application/json"}),)

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return the rows. Raises ShapeError where there are none, unless that is normal."""
        path = option.said(row, "rows")
        rows = rows_at(json_of(text_of(page, row), _WANTED), path, _WANTED)
        drafts = [_draft(one, row) for one in rows]
        if row.options.get("empty") is not True:
            rows_needed(drafts, f'a row under "{path}"')
        if drafts and not any(one.title for one in drafts):
            rows_needed((), f'a title under "{option.said(row, "title")}"')
        return parsed_of(drafts, page, row)


def _draft(one: dict[str, object], row: Row) -> Draft:
    def part(name: str) -> str:
        path = option.said(row, name)
        return string_at(one, path) if path else ""

    return Draft(
        title=part("title"),
        link=part("link") or _composed(option.said(row, "link_else"), one),
        key=part("key"),
        text=part("text"),
        date=part("date"),
        form=option.said(row, "date_format"),
    )


def _composed(template: str, one: dict[str, object]) -> str:
    return _FIELD.sub(lambda field: quote(string_at(one, field[1]), safe=""), template)


SOURCE = JsonList()
