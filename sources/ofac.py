"""OFAC's recent actions: the list on its site, since its feed was retired in January 2025."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from bs4 import Tag

from bot.decode import text_of
from bot.model import Page, Parsed, Request, Row
from sources import links, option
from sources.draft import Draft, parsed_of, rows_needed
from sources.page import soup_of, words

_SLUG = re.compile(r"/recent-actions/(\d{8}(?:_\d+)?)/?$")
_ZONE = "America/New_York"
_PAGES = 1


class Ofac:
    """The list of actions. Option `pages` (default 1) says how far back each poll reads."""

    options: ClassVar[option.Options] = MappingProxyType({"pages": option.count})
    needed: ClassVar[frozenset[str]] = frozenset()

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the first page."""
        del now
        return (Request(url=row.url),)

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return the actions, known by their slug: a day, and a number where it had several."""
        text = text_of(page, row)
        soup = soup_of(text)
        drafts = [draft for one in soup.select("div.views-row") if (draft := _draft(one))]
        rows_needed(drafts, "a row of the list of recent actions", text)
        following = soup.select_one("a.usa-pagination__next-page[href]")
        return parsed_of(drafts, page, replace(row, zone=_ZONE), more=_more(following, page, row))


def _draft(row: Tag) -> Draft | None:
    link = next((one for one in row.select("a[href]") if _SLUG.search(str(one["href"]))), None)
    slug = _SLUG.search(str(link["href"])) if link else None
    if link is None or slug is None:
        return None
    about = words(row.select_one('[class*="margin-top"]')) or words(row)
    return Draft(
        title=escape(words(link), quote=False),
        link=str(link["href"]).replace("/index.php/", "/"),
        key=slug[1],
        text=escape(about.partition(" - ")[2], quote=False),
        date=about,
    )


def _more(following: Tag | None, page: Page, row: Row) -> Request | None:
    link = links.absolute(page.url, str(following["href"])) if following else ""
    number = parse_qs(urlsplit(link).query).get("page", ["0"])[0]
    pages = row.options.get("pages", _PAGES)
    within = number.isdigit() and isinstance(pages, int) and int(number) < pages
    return Request(url=link) if link and within and links.same_host(link, page.url) else None


SOURCE = Ofac()
