"""An HTML page that lists news, read by CSS selectors."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from types import MappingProxyType
from typing import ClassVar
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag

from bot.decode import text_of
from bot.model import Page, Parsed, Request, Row
from sources import dates, links, option
from sources.answer import unexpected
from sources.draft import Draft, parsed_of, rows_needed

_WANTED = "an HTML page with a list"
_PROLOG = 2_000


class Listing:
    """A list page. `item` selects its rows; the other options look inside a row.

    `link` (default: the first link), `title` (default: the link), `summary`, `date` (default:
    the first date in the row's text), `date_format` (strptime), `date_in_url` (a regular
    expression with year, month, day), `undated`, `key` ("link").
    """

    options: ClassVar[option.Options] = MappingProxyType(
        {
            "item": option.selector,
            "link": option.selector,
            "title": option.selector,
            "summary": option.selector,
            "date": option.selector,
            "date_format": option.text,
            "date_in_url": option.pattern,
            "undated": option.flag,
            "key": option.one_of("link"),
        }
    )
    needed: ClassVar[frozenset[str]] = frozenset({"item"})

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the one page; `{year}` in its address is the year now."""
        return tuple(Request(url=url) for url in yearly(row, now))

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return the rows. Raises ShapeError where none is found: the layout changed."""
        text = text_of(page, row)
        rows = soup_of(text).select(option.said(row, "item"))
        found = [draft for one in rows if (draft := _draft(one, page, row))]
        rows_needed(found, f'"{option.said(row, "item")}" with a link', text)
        return parsed_of(_unique(found), page, row)


def soup_of(text: str) -> BeautifulSoup:
    """Return HTML as a tree. Raises ShapeError for an empty answer, and for XML of another sort."""
    start = text[:_PROLOG].lstrip("\ufeff \t\r\n")
    if not start or (start.startswith("<?xml") and "<html" not in start.lower()):
        raise unexpected(text, _WANTED)
    return BeautifulSoup(text, "lxml")


def yearly(row: Row, now: datetime) -> Sequence[str]:
    """Return a row's address, or one a year where it holds `{year}`: the year it is there.

    In January the year before is asked too: its last days are still being filed.
    """
    if "{year}" not in row.url:
        return (row.url,)
    today = now.astimezone(ZoneInfo(row.zone))
    years = (today.year, today.year - 1) if today.month == 1 else (today.year,)
    return tuple(row.url.replace("{year}", str(year)) for year in years)


def words(tag: Tag | None) -> str:
    """Return a tag's text as one line."""
    return " ".join(tag.get_text(" ").split()) if tag else ""


def named(link: Tag) -> str:
    """Return what a link says: its text, or its title where that says more."""
    text, title = words(link), " ".join(str(link.get("title") or "").split())
    return title if len(title) > len(text) else text


def _draft(row_tag: Tag, page: Page, row: Row) -> Draft | None:
    link = _link(row_tag, row)
    if link is None or not link.get("href"):
        return None
    address = links.absolute(page.url, str(link["href"]))
    if not address or not links.allowed(address, row):
        return None  # a list may hold links to elsewhere that are no news
    title = _picked(row_tag, option.said(row, "title"))
    return Draft(
        title=escape(title or named(link), quote=False),
        link=address,
        key=address,
        text=escape(_picked(row_tag, option.said(row, "summary")), quote=False),
        date=_date(row_tag, address, row),
        form=option.said(row, "date_format"),
    )


def _link(tag: Tag, row: Row) -> Tag | None:
    """Return a row's first link that says something: before it there may be one on a picture."""
    if tag.name == "a":
        return tag
    found = tag.select(option.said(row, "link", "a[href]"))
    return next((link for link in found if named(link)), found[0] if found else None)


def _picked(tag: Tag, selector: str) -> str:
    return words(tag.select_one(selector)) if selector else ""


def _date(tag: Tag, address: str, row: Row) -> str:
    if found := re.search(option.said(row, "date_in_url") or "$^", address):
        return "-".join(found.groups())
    if selector := option.said(row, "date"):
        at = tag.select_one(selector)
        stamp = at.get("datetime") if at else None
        return str(stamp) if stamp else words(at)
    text = words(tag)
    return text if dates.moment_of(text, row.zone) else ""


def _unique(drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Return each link once; a row may show it on its picture and on its title."""
    best: dict[str, Draft] = {}
    for draft in drafts:
        if len(draft.title) > len(best[draft.link].title if draft.link in best else ""):
            best[draft.link] = draft
    return tuple(best.values())


SOURCE = Listing()
