"""The China Export Control Information Network (exportcontrol.mofcom.gov.cn), column by column."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from bot.decode import text_of
from bot.errors import ShapeError
from bot.model import Page, Parsed, Request, Row
from sources import option
from sources.answer import json_of, rows_at, string_at
from sources.draft import Draft, parsed_of, rows_needed

_WANTED = "a column of the export control network"
_COLUMNS = (1, 15)
_ACCEPT = {"Accept": "application/json;charset=utf-8"}
"""Without it the server answers Chinese as question marks."""
_ZONE = "Asia/Shanghai"


class ExportControl:
    """Columns by number: 1 news at home, 2 digests of news abroad, 13-15 laws to normative acts.

    Each is one POST. The server's paging is broken (every page is the first), so there is none.
    """

    options: ClassVar[option.Options] = MappingProxyType({"columns": option.counts})
    needed: ClassVar[frozenset[str]] = frozenset()

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for each column of the row."""
        del now
        columns = row.options.get("columns", _COLUMNS)
        return tuple(
            Request(url=row.url, form={"pageNumber": "1", "columnID": str(number)}, headers=_ACCEPT)
            for number in (columns if isinstance(columns, tuple) else _COLUMNS)
        )

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return a column's items. Raises ShapeError where it has none or its Chinese is lost."""
        answer = json_of(text_of(page, row), _WANTED)
        drafts = [_draft(one) for one in rows_at(answer, "pageInfo.rows", _WANTED)]
        rows_needed(drafts, "an item of the column")
        if all(_lost(one.title) for one in drafts):
            raise ShapeError("the Chinese text arrived as question marks: is an Accept header set?")
        return parsed_of(drafts, page, replace(row, zone=_ZONE))


def _draft(one: dict[str, object]) -> Draft:
    return Draft(
        title=string_at(one, "title"),
        link=string_at(one, "url"),
        key=string_at(one, "id"),
        text=string_at(one, "content"),
        date=string_at(one, "publishTimeStr"),
    )


def _lost(title: str) -> bool:
    return title.count("?") * 2 > len(title)


SOURCE = ExportControl()
