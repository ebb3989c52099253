"""Escaping, dates and the trimmings that publishing software adds: what all dialects share."""

from datetime import datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.demo.wire import Outlet, Piece

SIGNATURE = "Monitoring Desk"
WORDPRESS = "wordpress"
"""The dialect whose pages are signed, and end in a form for comments."""


def cdata(text: str) -> str:
    """Return text as a CDATA section; an end mark within it is split over two."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def paragraphs(piece: Piece) -> str:
    """Return an item's text as HTML."""
    return "\n".join(f"<p>{escape(part, quote=False)}</p>" for part in piece.paragraphs)


def local(piece: Piece, outlet: Outlet) -> datetime:
    """Return when an item was published, by its outlet's clock."""
    return piece.published.astimezone(ZoneInfo(outlet.zone))


def mail_date(piece: Piece, outlet: Outlet) -> str:
    """Return a date as RSS writes it: "Sat, 07 Jun 2025 13:40:00 +0500"."""
    return format_datetime(local(piece, outlet))


def iso_date(piece: Piece, outlet: Outlet) -> str:
    """Return a date as Atom writes it: "2025-06-07T13:40:00+05:00"."""
    return local(piece, outlet).isoformat()


def signed(outlet: Outlet) -> str:
    """Return the signature that a newsroom on WordPress sets below its articles."""
    return f"<p><em>{SIGNATURE}</em></p>" if outlet.dialect == WORDPRESS else ""


def appeared(outlet: Outlet, piece: Piece, home: str) -> str:
    """Return the line that WordPress adds to every item of a feed."""
    title, name = (escape(text, quote=False) for text in (piece.title, outlet.name))
    link = escape(home + piece.path)
    return (
        f'<p>The post <a href="{link}">{title}</a> appeared first on '
        f'<a href="{escape(home)}/">{name}</a>.</p>'
    )
