"""Every dialect by name: who renders it, what it is served as, and how a catalogue row reads it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.demo import feeds, pages
from bot.demo.place import Place
from bot.demo.wire import Outlet, Piece, Wire

Render = Callable[[Outlet, Sequence[Piece], str], str]
"""Returns a list's document for an outlet, its items (newest first) and its address."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """`kind` and `options` are a catalogue row's; `media` may leave the charset to the document."""

    render: Render
    media: str
    kind: str = "feed"
    options: Mapping[str, str] = field(default_factory=dict)


DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        "wordpress": Dialect(feeds.wordpress, "application/rss+xml; charset=UTF-8"),
        "rss20": Dialect(feeds.rss20, "application/rss+xml"),
        "rss092": Dialect(feeds.rss092, "text/xml"),
        "rdf": Dialect(feeds.rdf, "application/rdf+xml"),
        "atom": Dialect(feeds.atom, "application/atom+xml"),
        "jsonfeed": Dialect(feeds.jsonfeed, "application/feed+json"),
        "register": Dialect(pages.register, "application/json", "federal_register"),
        "bulletin": Dialect(
            pages.bulletin,
            "text/html",
            "page",
            {
                "item": "ul.txtList > li",
                "link": "a[href]",
                "title": "a[href]",
                "summary": "p.lead",
                "date": "span.date",
                "date_format": "[%Y-%m-%d %H:%M]",
            },
        ),
        "table": Dialect(
            pages.table,
            "text/html; charset=utf-8",
            "page",
            {
                "item": "table.news tbody tr",
                "link": "td.subject a",
                "title": "td.subject a",
                "summary": "div.brief",
                "date": "td.day",
                "date_format": "%Y/%m/%d",
            },
        ),
    }
)


def catalogue(wire: Wire, place: Place) -> str:
    """Return the wire's outlets as `[[source]]` tables of a catalogue, in TOML."""
    return "\n".join(_row(outlet, place) for outlet in wire.outlets.values())


def _row(outlet: Outlet, place: Place) -> str:
    dialect = DIALECTS[outlet.dialect]
    texts = {
        "name": outlet.name,
        "kind": dialect.kind,
        "url": place.list_of(outlet),
        "tier": outlet.tier,
        "country": outlet.country,
        "lang": outlet.lang,
        "zone": outlet.zone,
        "every": "1m",
        **dialect.options,
    }
    lines = [f"{key} = {_quoted(value)}" for key, value in texts.items()]
    undated = ["undated = true"] if outlet.undated else []
    return "\n".join(("[[source]]", *lines, *undated, ""))


def _quoted(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False)
