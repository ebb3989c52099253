"""OPML: the lists of feeds that readers exchange, to rows and back."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.sax.saxutils import quoteattr

from lxml import etree

from bot.errors import ShapeError
from bot.model import Row
from sources import links
from sources.discover import name_of
from sources.markup import headline
from sources.tree import local, tree_of

_WANTED = "an OPML file"
_MOST = 2_000
_NAME_LIMIT = 80


def rows_of(text: str) -> tuple[Row, ...]:
    """Return a row for each feed of an OPML file, each address once, named as it says.

    Raises ShapeError for what is no OPML or holds no feed.
    """
    root, _ = tree_of(text, "", _WANTED)
    if local(root) != "opml":
        raise ShapeError(f"expected {_WANTED}, but an XML document <{local(root)[:40]}> came")
    rows = {row.url: row for row in _rows(root)}
    if not rows:
        raise ShapeError("the OPML file names no feed: its outlines need an xmlUrl")
    return tuple(_renamed(list(rows.values())[:_MOST]))


def opml_of(rows: Iterable[Row]) -> str:
    """Return the rows that are feeds as an OPML 2.0 file; other kinds have no place in one."""
    outlines = (
        f"    <outline type={quoteattr('rss')} text={quoteattr(row.name)}"
        f" xmlUrl={quoteattr(row.url)}/>\n"
        for row in rows
        if row.kind in {"feed", "wordpress", "govuk"} and not row.url.endswith(".json")
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        "  <head><title>Sources</title></head>\n  <body>\n"
        + "".join(outlines)
        + "  </body>\n</opml>\n"
    )


def _rows(root: etree._Element) -> Iterator[Row]:
    for outline in root.iter():
        said = {key.lower(): str(value) for key, value in outline.attrib.items()}
        url = links.absolute("", said.get("xmlurl", "")) if local(outline) == "outline" else ""
        if url:
            name = headline(said.get("title") or said.get("text") or "")[:_NAME_LIMIT].strip()
            yield Row(name=name or name_of(url), kind="feed", url=url, full_text=True)


def _renamed(rows: list[Row]) -> Iterator[Row]:
    """Return rows whose names are all different: two folders may both hold a "News"."""
    taken: set[str] = set()
    for row in rows:
        name, number = row.name, 2
        while name in taken:
            name, number = f"{row.name[: _NAME_LIMIT - 6]} {number}", number + 1
        taken.add(name)
        yield replace(row, name=name)
