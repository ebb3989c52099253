"""The wire's pages: two kinds of HTML lists, the Federal Register's JSON, and the articles."""

import json
from collections.abc import Mapping, Sequence
from html import escape

from bot.demo.markup import WORDPRESS, appeared, iso_date, local, paragraphs, signed
from bot.demo.wire import Outlet, Piece

_COOKIES: Mapping[str, str] = {
    "en": "We use cookies to measure our audience. By continuing you accept them.",
    "de": "Wir verwenden Cookies, um Zugriffe zu messen.",
    "ja": "当サイトは利用状況の分析のためにクッキーを使用します。",
    "zh": "本网站使用缓存信息以统计访问量。",
}
_COMMENTS = """<div id="respond" class="comment-respond">
<h3 id="reply-title" class="comment-reply-title">Leave a Reply</h3>
<form action="/wp-comments-post.php" method="post" id="commentform" class="comment-form">
<p class="comment-notes">Your email address will not be published. Required fields are marked *</p>
<p><label for="comment">Comment *</label><textarea id="comment" name="comment"></textarea></p>
<p><label for="author">Name *</label><input id="author" name="author"></p>
<p><label for="email">Email *</label><input id="email" name="email"></p>
<p><input type="checkbox" id="keep"><label for="keep">Save my name, email, and website in this
browser for the next time I comment.</label></p>
<p><input type="submit" value="Post Comment"></p></form></div>"""


def bulletin(outlet: Outlet, pieces: Sequence[Piece], home: str) -> str:
    """Return a ministry's list: one `li` each, with the minute of publication."""
    rows = "\n".join(
        f'<li><a href="{escape(home + piece.path)}" title="{escape(piece.title)}">'
        f'{escape(piece.title)}</a><span class="date">[{local(piece, outlet):%Y-%m-%d %H:%M}]'
        f'</span><p class="lead">{escape(piece.text)}</p></li>'
        for piece in pieces
    )
    return _page(outlet, outlet.name, f'<div class="list"><ul class="txtList">{rows}</ul></div>')


def table(outlet: Outlet, pieces: Sequence[Piece], home: str) -> str:
    """Return an agency's list: one table row each, with the day alone."""
    rows = "\n".join(
        f'<tr><td class="day">{local(piece, outlet):%Y/%m/%d}</td>'
        f'<td class="subject"><a href="{escape(home + piece.path)}">{escape(piece.title)}</a>'
        f'<div class="brief">{escape(piece.text)}</div></td></tr>'
        for piece in pieces
    )
    return _page(outlet, outlet.name, f'<table class="news"><tbody>{rows}</tbody></table>')


def register(outlet: Outlet, pieces: Sequence[Piece], home: str) -> str:
    """Return documents as the Federal Register's API lists them: days, no times."""
    answer = {
        "count": len(pieces),
        "description": "Documents",
        "total_pages": 1,
        "results": [_document(outlet, piece, home) for piece in pieces],
    }
    return json.dumps(answer, ensure_ascii=False)


def _document(outlet: Outlet, piece: Piece, home: str) -> dict[str, object]:
    return {
        "document_number": piece.number,
        "title": piece.title,
        "type": "Rule" if piece.relevant else "Notice",
        "abstract": piece.text,
        "action": "Final rule." if piece.relevant else "Notice.",
        "dates": None,
        "publication_date": f"{local(piece, outlet):%Y-%m-%d}",
        "agencies": [
            {"raw_name": "DEPARTMENT OF COMMERCE", "id": 54, "slug": "commerce-department"}
        ],
        "html_url": home + piece.path,
        "pdf_url": None,
    }


def article(outlet: Outlet, piece: Piece, home: str) -> str:
    """Return an article's page: its text, and all that surrounds a text on the web."""
    stamp = (
        ""
        if piece.undated
        else f'<meta property="article:published_time" content="{iso_date(piece, outlet)}">'
    )
    body = (
        f'<article class="post"><h1 class="entry-title">{escape(piece.title)}</h1>'
        f'<div class="entry-content">\n{paragraphs(piece)}\n{signed(outlet)}\n</div></article>'
    )
    tail = f"{appeared(outlet, piece, home)}\n{_COMMENTS}" if outlet.dialect == WORDPRESS else ""
    return _page(outlet, piece.title, body + tail, stamp)


def _page(outlet: Outlet, title: str, main: str, head: str = "") -> str:
    name = escape(outlet.name)
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.lang}"><head><meta charset="{outlet.charset}">'
        f"<title>{escape(title)} | {name}</title>{head}</head>\n<body>"
        f'<div class="cookie-notice" role="dialog"><p>{_COOKIES[outlet.lang]}</p></div>'
        f'<header><nav class="menu"><ul><li><a href="/">{name}</a></li>'
        '<li><a href="#markets">Markets</a></li><li><a href="#about">About</a></li></ul></nav>'
        f"</header>\n<main>{main}</main>\n"
        f'<footer class="site-footer"><p>© 2025 {name}</p></footer></body></html>\n'
    )
