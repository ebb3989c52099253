"""From the address that a person gives to the rows it could be: its feeds, else a list on it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from bot.decode import text_of
from bot.errors import ShapeError
from bot.model import Entry, Page, Parsed, Request, Row
from sources import feed, links, page
from sources.answer import is_html, unexpected

_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_LOOKS = re.compile(
    r"(?:/(?:feed|rss|atom)/?|\.(?:rss|atom|rdf)|/(?:rss|atom|feed|index)\.xml)$", re.IGNORECASE
)
_MOST = 8
_LEAST = 3
"""Rows from which links in a column are a list."""
_TITLE = 20
"""Bytes of text from which a link may be a headline."""
_HOLDERS = ["li", "tr", "article", "dd", "div", "h2", "h3", "p"]
_STABLE = re.compile(r"-?[A-Za-z_][\w-]*")


def rows_of(found: Page, name: str) -> Sequence[Row]:
    """Return what could be polled at `found`, the best first, named after `name`.

    A feed is itself; a page gives the feeds it names, else one `page` row whose selectors find at
    least three headlines. Raises ShapeError where there is nothing of the sort.
    """
    itself = Row(name=name, kind="feed", url=found.url)
    text = text_of(found, itself)
    if not is_html(text):
        feed.SOURCE.parse(found, itself)
        return (itself,)
    soup = BeautifulSoup(text, "lxml")
    if addresses := _feeds(soup, found.url):
        numbers = ("", *(f"-{number}" for number in range(2, _MOST + 1)))
        return tuple(
            replace(itself, name=f"{name}{number}", url=url)
            for number, url in zip(numbers, addresses, strict=False)
        )
    if listed := _list(soup, found, name):
        return (listed,)
    raise unexpected(text, "a feed, or a page that names one or lists headlines")


class Discover:
    """No kind for a catalogue: it reads what a person points at, as safely as a source."""

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the one address."""
        del now
        return (Request(url=row.url),)

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return an entry for each proposal, which `row_of` reads. Raises ShapeError."""
        return Parsed(entries=tuple(map(_told, rows_of(page, row.name))))


DISCOVER = Discover()


def _told(row: Row) -> Entry:
    return Entry(key=row.name, url=row.url, title=row.kind, text=str(row.options.get("item", "")))


def row_of(told: Entry) -> Row:
    """Return the row that an entry of `Discover` proposes."""
    row = Row(name=told.key, kind=told.title, url=told.url, label=links.host_of(told.url))
    if not told.text:
        return row
    hosts = (links.host_of(told.url),)
    return replace(row, hosts=hosts, options={"item": told.text, "undated": True})


def name_of(url: str) -> str:
    """Return a name for what is at an address: its host without www and its last label."""
    labels = links.host_of(url).split(".")
    return "-".join(labels[:-1] or labels) or "source"


def _feeds(soup: BeautifulSoup, url: str) -> Sequence[str]:
    told = [tag for tag in soup.select('link[rel~="alternate"][href]') if tag.get("type") in _TYPES]
    seen = [tag for tag in soup.select("a[href]") if _LOOKS.search(_path(str(tag["href"])))]
    found = (links.absolute(url, str(tag["href"])) for tag in (*told, *seen))
    # a feed of the comments is not what a person wants who gives a page of news
    kept = dict.fromkeys(one for one in found if one and "/comments/" not in one)
    return tuple(kept)[:_MOST]


def _path(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def _list(soup: BeautifulSoup, found: Page, name: str) -> Row | None:
    """Return a `page` row for the list whose headlines are the most words, if it can be read."""
    lengths: Counter[str] = Counter()
    for link in soup.select("a[href]"):
        said = page.named(link)
        if len(said.encode()) >= _TITLE and (selector := _selector(link)):
            lengths[selector] += min(len(said.encode()), 200)
    for selector, _ in lengths.most_common(_MOST):
        row = Row(
            name=name,
            kind="page",
            url=found.url,
            hosts=(links.host_of(found.url),),
            options={"item": selector, "undated": True},
        )
        if _readable(found, row):
            return row
    return None


def _readable(found: Page, row: Row) -> bool:
    try:
        return len(page.SOURCE.parse(found, row).entries) >= _LEAST
    except ShapeError:
        return False


def _selector(link: Tag) -> str:
    """Return a selector for the rows of the list that a link stands in."""
    holder = link.find_parent(_HOLDERS)
    if holder is None or holder.parent is None:
        return ""
    return f"{_step(holder.parent)} > {_step(holder)}"


def _step(tag: Tag) -> str:
    """Return a tag with the first class or id that reads like a name and not like a number."""
    classes = tag.get("class")
    for name in classes if isinstance(classes, list) else ():
        if _STABLE.fullmatch(name) and not re.search(r"\d{3}", name):
            return f"{tag.name}.{name}"
    own = str(tag.get("id") or "")
    return f"{tag.name}#{own}" if _STABLE.fullmatch(own) and not re.search(r"\d", own) else tag.name
