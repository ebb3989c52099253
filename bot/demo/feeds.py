"""The wire's feeds, each in its own dialect, as their publishing software writes them."""

import json
from collections.abc import Sequence
from html import escape

from bot.demo.markup import (
    appeared,
    cdata,
    iso_date,
    mail_date,
    paragraphs,
    signed,
)
from bot.demo.wire import Outlet, Piece

Pieces = Sequence[Piece]

_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


def wordpress(outlet: Outlet, pieces: Pieces, home: str) -> str:
    """Return RSS 2.0 as WordPress writes it: full texts, signed, with its line at the end."""
    items = "".join(_post(outlet, piece, home) for piece in pieces)
    own = f'<atom:link href="{escape(home + outlet.path)}" rel="self" type="application/rss+xml"/>'
    period = "<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>"
    channel = f"{_channel(outlet, home)}{own}{period}"
    return _xml(
        outlet, f'<rss version="2.0" {_NAMESPACES}><channel>{channel}{items}</channel></rss>'
    )


def _post(outlet: Outlet, piece: Piece, home: str) -> str:
    link = escape(home + piece.path)
    line = appeared(outlet, piece, home)
    teaser = f"<p>{escape(piece.paragraphs[0], quote=False)}</p>\n{line}\n"
    whole = f"{paragraphs(piece)}\n{signed(outlet)}\n{line}\n"
    return (
        f"\n<item>\n\t\t<title>{escape(piece.title, quote=False)}</title>"
        f"<link>{link}</link><comments>{link}#respond</comments>"
        f"<dc:creator>{cdata(outlet.name)}</dc:creator>{_dated(outlet, piece)}"
        f"<category>{cdata('Headlines')}</category>"
        f'<guid isPermaLink="false">{escape(home)}/?p={piece.key}</guid>'
        f"<description>{cdata(teaser)}</description>"
        f"<content:encoded>{cdata(whole)}</content:encoded>"
        f"<wfw:commentRss>{link}feed/</wfw:commentRss><slash:comments>0</slash:comments></item>"
    )


def rss20(outlet: Outlet, pieces: Pieces, home: str) -> str:
    """Return plain RSS 2.0, titles and texts in CDATA, guids that are no addresses."""
    items = "".join(
        f"\n<item><title>{cdata(piece.title)}</title>"
        f"<link>{escape(home + piece.path)}</link>"
        f'<guid isPermaLink="false">{outlet.slug}-{piece.key}</guid>'
        f"<description>{cdata(paragraphs(piece))}</description>{_dated(outlet, piece)}</item>"
        for piece in pieces
    )
    return _xml(
        outlet, f'<rss version="2.0"><channel>{_channel(outlet, home)}{items}</channel></rss>'
    )


def rss092(outlet: Outlet, pieces: Pieces, home: str) -> str:
    """Return RSS 0.92: no guid, and HTML that is escaped twice."""
    items = "".join(
        f"\n<item><title>{escape(piece.title, quote=False)}</title>"
        f"<link>{escape(home + piece.path)}</link>"
        f"<description>{escape(paragraphs(piece), quote=False)}</description>"
        f"{_dated(outlet, piece)}</item>"
        for piece in pieces
    )
    return _xml(
        outlet, f'<rss version="0.92"><channel>{_channel(outlet, home)}{items}</channel></rss>'
    )


def rdf(outlet: Outlet, pieces: Pieces, home: str) -> str:
    """Return RSS 1.0: items beside the channel, dates in Dublin Core, if there are any."""
    places = "".join(f'<rdf:li rdf:resource="{escape(home + piece.path)}"/>' for piece in pieces)
    head = (
        f'<channel rdf:about="{escape(home + outlet.path)}">{_described(outlet, home)}'
        f"<items><rdf:Seq>{places}</rdf:Seq></items></channel>"
    )
    items = "".join(_beside(outlet, piece, home) for piece in pieces)
    spaces = (
        'xmlns="http://purl.org/rss/1.0/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return _xml(outlet, f'<rdf:RDF {spaces} xml:lang="{outlet.lang}">{head}{items}</rdf:RDF>')


def _beside(outlet: Outlet, piece: Piece, home: str) -> str:
    link = escape(home + piece.path)
    date = "" if piece.undated else f"<dc:date>{iso_date(piece, outlet)}</dc:date>"
    return (
        f'\n<item rdf:about="{link}"><title>{cdata(piece.title)}</title><link>{link}</link>'
        f"<description>{escape(piece.text, quote=False)}</description>{date}</item>"
    )


def atom(outlet: Outlet, pieces: Pieces, home: str) -> str:
    """Return Atom 1.0."""
    newest = iso_date(pieces[0], outlet) if pieces else "2025-01-01T00:00:00Z"
    entries = "".join(_entry(outlet, piece, home) for piece in pieces)
    head = (
        f"<id>{escape(home)}/</id><title>{escape(outlet.name, quote=False)}</title>"
        f"<updated>{newest}</updated>"
        f'<link rel="self" href="{escape(home + outlet.path)}"/>'
    )
    space = f'xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.lang}"'
    return _xml(outlet, f"<feed {space}>{head}{entries}</feed>")


def _entry(outlet: Outlet, piece: Piece, home: str) -> str:
    date = iso_date(piece, outlet)
    return (
        f"\n<entry><id>tag:{outlet.host},{date[:10]}:{piece.key}</id>"
        f"<title>{escape(piece.title, quote=False)}</title>"
        f'<link rel="alternate" type="text/html" href="{escape(home + piece.path)}"/>'
        f"<published>{date}</published><updated>{date}</updated>"
        f'<summary type="html">{escape(paragraphs(piece), quote=False)}</summary></entry>'
    )


def jsonfeed(outlet: Outlet, pieces: Pieces, home: str) -> str:
    """Return JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{home}/",
        "feed_url": home + outlet.path,
        "language": outlet.lang,
        "items": [_json_item(outlet, piece, home) for piece in pieces],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(outlet: Outlet, piece: Piece, home: str) -> dict[str, str]:
    dated = {} if piece.undated else {"date_published": iso_date(piece, outlet)}
    return {
        "id": f"{outlet.slug}/{piece.key}",
        "url": home + piece.path,
        "title": piece.title,
        "content_html": paragraphs(piece),
        **dated,
    }


def _xml(outlet: Outlet, body: str) -> str:
    return f'<?xml version="1.0" encoding="{outlet.charset}"?>\n{body}\n'


def _channel(outlet: Outlet, home: str) -> str:
    return f"{_described(outlet, home)}<language>{outlet.lang}</language>"


def _described(outlet: Outlet, home: str) -> str:
    name = escape(outlet.name, quote=False)
    return f"<title>{name}</title><link>{escape(home)}/</link><description>{name}</description>"


def _dated(outlet: Outlet, piece: Piece) -> str:
    return "" if piece.undated else f"<pubDate>{mail_date(piece, outlet)}</pubDate>"
