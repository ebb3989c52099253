"""Feeds of every dialect: RSS 0.9x, 1.0 (RDF) and 2.0, Atom 0.3 and 1.0, JSON Feed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from msgspec import structs

from bot.decode import text_of
from bot.errors import ShapeError
from bot.model import Page, Parsed, Request, Row
from sources import atom, json_feed, links, option, rss, tree
from sources.draft import Draft, parsed_of

_WANTED = "a feed (RSS, Atom or JSON Feed)"
EMPTY = "the feed is valid but holds no entry"
_BROKEN = frozenset({EMPTY, tree.RECOVERED, tree.CUT})


class Feed:
    """A feed at one address.

    Options: `key`, `unwrap` (a redirect's parameter), `undated`, `empty` (no entries are normal).
    """

    options: ClassVar[option.Options] = MappingProxyType(
        {
            "key": option.one_of("guid", "link"),
            "unwrap": option.text,
            "undated": option.flag,
            "empty": option.flag,
        }
    )
    needed: ClassVar[frozenset[str]] = frozenset()

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the one address."""
        del now
        return (Request(url=row.url),)

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return the entries of a feed of any dialect; an empty one is remarked on."""
        text = text_of(page, row)
        drafts, flaws = _drafts(text, page)
        if parameter := option.said(row, "unwrap"):
            drafts = [_unwrapped(one, parameter) for one in drafts]
        if not drafts and row.options.get("empty") is not True:
            flaws = (*flaws, EMPTY)
        parsed = parsed_of(drafts, page, row, flaws)
        return replace(parsed, damaged=not _BROKEN.isdisjoint(flaws))


def _drafts(text: str, page: Page) -> tuple[Sequence[Draft], tuple[str, ...]]:
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return json_feed.drafts_of(text), ()
    root, flaws = tree.tree_of(text, page.url, _WANTED)
    match tree.local(root):
        case "rss" | "rdf" | "channel":
            drafts = rss.drafts_of(root)
        case "feed":
            drafts = atom.drafts_of(root)
        case other:
            raise ShapeError(f"expected {_WANTED}, but an XML document <{other[:40]}> came")
    return drafts[:-1] if tree.CUT in flaws else drafts, flaws


def _unwrapped(draft: Draft, parameter: str) -> Draft:
    link = links.unwrapped(draft.link, parameter)
    return structs.replace(
        draft, link=link or "refused:", outlet=draft.outlet or links.host_of(link)
    )


SOURCE = Feed()
