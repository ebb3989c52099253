"""China's commerce ministry: lists in static pages, and in the JSON that its pages load."""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from bot.decode import text_of
from bot.errors import ShapeError
from bot.model import Page, Parsed, Request, Row
from sources import links, option
from sources.answer import json_of, mapping, string_at
from sources.draft import Draft, parsed_of, rows_needed
from sources.page import named, soup_of, words, yearly

_WANTED = "MOFCOM's JSON with a list in it"
_ZONE = "Asia/Shanghai"
_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_ARTICLE = re.compile(r"/art(?:/\d{4})?/(art_\w+)\.s?html|/xwfbzt/\d{4}/(\w+)/")
_IDS = ("webId", "pageId", "tagId", "tplSetId")
_PAGE_SIZE = 50
_QUERY_LIMIT = 4_000


class Mofcom:
    """A column: its JSON address, its page (which names that address), or a static list.

    `{year}` in the address is the year now. Options: `undated`, `date_in_url` (a regular
    expression with year, month, day).
    """

    options: ClassVar[option.Options] = MappingProxyType(
        {"undated": option.flag, "date_in_url": option.pattern}
    )
    needed: ClassVar[frozenset[str]] = frozenset()

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the column; its page is read afresh each time, as the list is behind it."""
        fresh = _UNIT not in row.url
        return tuple(Request(url=url, fresh=fresh) for url in yearly(row, now))

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return the column's items, or the request for its list where the page is a shell."""
        text, here = text_of(page, row), replace(row, zone=_ZONE)
        is_json = text.lstrip().startswith("{")
        soup = soup_of(_wrapped(text) if is_json else text)
        drafts = _drafts(soup, page, here)
        if not drafts and (more := _list_request(soup, page)):
            return Parsed(entries=(), more=more)
        rows_needed(drafts, "a list of articles", "" if is_json else text)
        return parsed_of(drafts, page, here)


def _wrapped(text: str) -> str:
    """Return the HTML inside the JSON. Raises ShapeError with the server's own reason."""
    answer = mapping(json_of(text, _WANTED), _WANTED)
    html = string_at(answer, "data.html")
    if answer.get("success") is not True or not html:
        said = string_at(answer, "message") or string_at(answer, "msg") or "no reason given"
        raise ShapeError(f'MOFCOM refused the list: "{said[:80]}"; did the column\'s ids change?')
    return html


def _drafts(soup: BeautifulSoup, page: Page, row: Row) -> Sequence[Draft]:
    found = (_draft(link, page, row) for link in soup.select("li a[href], td a[href]"))
    return tuple({one.link: one for one in found if one}.values())


def _draft(link: Tag, page: Page, row: Row) -> Draft | None:
    address = links.absolute(page.url, str(link["href"]))
    article = _ARTICLE.search(urlsplit(address).path)
    if not article or not links.allowed(address, row):
        return None
    return Draft(
        title=escape(named(link), quote=False),
        link=address,
        key=article[1] or article[2],
        date=_date(link, address, row),
    )


def _date(link: Tag, address: str, row: Row) -> str:
    if found := re.search(option.said(row, "date_in_url") or "$^", address):
        return "-".join(found.groups())
    beside = link.find_parent(["li", "tr"])
    spans = beside.select("span, td, em") if beside else []
    stamps = (words(one) for one in reversed(spans) if not one.find("a"))
    return next((stamp for stamp in stamps if re.search(r"\d{4}\D\d", stamp)), "")


def _list_request(soup: BeautifulSoup, page: Page) -> Request | None:
    """Return the request that the page's own script would make for its list."""
    for tag in soup.select("[querydata]"):
        ids = _ids(str(tag["querydata"]))
        if all(ids.get(name) for name in _IDS):
            query = {
                **{name: ids[name] for name in _IDS},
                "parseType": "bulidstatic",  # the server's own spelling
                "pageType": "column",
                "paramJson": f'{{"pageNo":1,"pageSize":{_PAGE_SIZE}}}',
            }
            return Request(url=f"{urljoin(page.url, _UNIT)}?{urlencode(query)}")
    return None


def _ids(source: str) -> dict[str, str]:
    """Return the ids of a list, written as a Python (not JSON) dict in the page."""
    try:
        value = ast.literal_eval(source.strip()) if len(source) < _QUERY_LIMIT else None
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return {}
    pairs = value.items() if isinstance(value, dict) else ()
    return {str(key): str(one) for key, one in pairs}


SOURCE = Mofcom()
