"""JSON Feed 1.0 and 1.1."""

from collections.abc import Sequence
from html import escape

from bot.errors import ShapeError
from sources.answer import json_of, mapping, rows_at, string_at
from sources.draft import Draft

_WANTED = "a JSON Feed"


def drafts_of(text: str) -> Sequence[Draft]:
    """Return the items of a JSON Feed. Raises ShapeError for JSON of another kind."""
    feed = mapping(json_of(text, _WANTED), _WANTED)
    if "jsonfeed.org/version/" not in string_at(feed, "version"):
        raise ShapeError('expected a JSON Feed, but the JSON has no "version" of one')
    lang = string_at(feed, "language")
    return [_draft(item, lang) for item in rows_at(feed, "items", _WANTED)]


def _draft(item: dict[str, object], lang: str) -> Draft:
    return Draft(
        title=string_at(item, "title"),
        link=string_at(item, "url") or string_at(item, "external_url"),
        key=string_at(item, "id"),
        text=string_at(item, "content_html") or _plain(item),
        date=string_at(item, "date_published") or string_at(item, "date_modified"),
        lang=string_at(item, "language") or lang,
    )


def _plain(item: dict[str, object]) -> str:
    """Return text that is no HTML as HTML, so that all texts are read one way."""
    text = string_at(item, "content_text") or string_at(item, "summary")
    return escape(text, quote=False).replace("\n", "<br>")
