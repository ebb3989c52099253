"""RSS in all its forms: items in the channel (0.9x, 2.0, CDF) or beside it (0.90, 1.0)."""

from collections.abc import Sequence

from lxml import etree

from sources import links
from sources.draft import Draft
from sources.tree import first, inner, local, named

_DATES = (
    "pubdate",
    "dc:date",
    "date",
    "atom:published",
    "dcterms:issued",
    "dcterms:created",
    "atom:updated",
    "dcterms:modified",
    "published",
    "updated",
)
_TEXTS = (
    "description",
    "content:encoded",
    "dc:description",
    "atom:summary",
    "atom:content",
    "xhtml:body",
    "itunes:summary",
    "abstract",
    "fullitem",
    "body",
)
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def drafts_of(root: etree._Element) -> Sequence[Draft]:
    """Return the items of an `<rss>` or `<rdf:RDF>` element, in document order."""
    channel = next((child for child in root if local(child) == "channel"), root)
    lang = first(named(channel), "language", "dc:language")
    within = [child for child in channel if local(child) == "item"]
    beside = [child for child in root if local(child) == "item"] if channel is not root else []
    return [_draft(item, lang) for item in (*within, *beside)]


def _draft(item: etree._Element, lang: str) -> Draft:
    parts = named(item)
    guid = first(parts, "guid", "id", "atom:id") or item.get(_ABOUT, "")
    source = parts.get("source", [None])[0]
    return Draft(
        title=_title(first(parts, "title", "dc:title"), first(parts, "source")),
        link=_link(parts) or _permalink(parts) or _attribute(item, "href"),
        key=guid,
        text=_text(parts),
        date=first(parts, *_DATES) or _attribute(item, "lastmod"),
        base=item.base or "",
        lang=first(parts, "dc:language") or lang,
        outlet=links.host_of(source.get("url", "")) if source is not None else "",
    )


def _attribute(item: etree._Element, name: str) -> str:
    """Return an attribute in either case, which CDF leaves open."""
    return str(item.get(name) or item.get(name.upper()) or "")


def _title(title: str, outlet: str) -> str:
    """Return a title without the " - Outlet" that aggregators add to it."""
    return title.removesuffix(f" - {outlet}") if outlet else title


def _link(parts: dict[str, list[etree._Element]]) -> str:
    if plain := first(parts, "feedburner:origlink", "link"):
        return plain
    for element in (*parts.get("link", ()), *parts.get("atom:link", ())):
        if element.get("rel", "alternate") == "alternate" and element.get("href"):
            return str(element.get("href"))
    return ""


def _permalink(parts: dict[str, list[etree._Element]]) -> str:
    for guid in parts.get("guid", ()):
        text = (guid.text or "").strip()
        if guid.get("isPermaLink", "true") != "false" and text.startswith(("http://", "https://")):
            return text
    return ""


def _text(parts: dict[str, list[etree._Element]]) -> str:
    """Return the longest that the item says of itself: the full text where it is given."""
    found = [inner(one) for name in _TEXTS if name in parts for one in parts[name]]
    return max(found, key=len, default="")
