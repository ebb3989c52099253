"""Atom 1.0, and the 0.3 that some servers still speak."""

import binascii
from base64 import b64decode
from collections.abc import Sequence

from lxml import etree

from sources.draft import Draft
from sources.tree import first, inner, local, named

_DATES = (
    "published",
    "issued",
    "updated",
    "modified",
    "created",
    "dc:date",
)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def drafts_of(root: etree._Element) -> Sequence[Draft]:
    """Return the entries of a `<feed>` element, in document order."""
    lang = root.get(_LANG, "")
    return [_draft(entry, lang) for entry in root if local(entry) == "entry"]


def _draft(entry: etree._Element, lang: str) -> Draft:
    parts = named(entry)
    return Draft(
        title=next(map(_construct, parts.get("title", ())), ""),
        link=_link(parts.get("link", ())),
        key=first(parts, "id"),
        text=max((_construct(one) for one in _texts(parts)), key=len, default=""),
        date=first(parts, *_DATES),
        base=entry.base or "",
        lang=entry.get(_LANG, lang),
    )


def _texts(parts: dict[str, list[etree._Element]]) -> Sequence[etree._Element]:
    return [*parts.get("summary", ()), *parts.get("content", ())]


def _link(found: Sequence[etree._Element]) -> str:
    """Return the page of an entry: the alternate in HTML, else the first alternate."""
    ways = [one for one in found if one.get("rel", "alternate") == "alternate" and one.get("href")]
    pages = [
        one
        for one in ways
        if one.get("type", "text/html") in {"text/html", "application/xhtml+xml"}
    ]
    for best in pages or ways:
        return str(best.get("href"))
    return next((one.text.strip() for one in found if one.text and one.text.strip()), "")


def _construct(element: etree._Element) -> str:
    """Return a text construct as HTML source, whatever way it was packed."""
    kind = element.get("type", "text")
    packed = element.get("mode") == "base64" or _binary(kind)
    return _unpacked(element.text or "") if packed else inner(element)


def _binary(kind: str) -> bool:
    return "/" in kind and not kind.endswith(("xml", "html")) and not kind.startswith("text/")


def _unpacked(text: str) -> str:
    """Return what base64 text holds, or "" where that is no text."""
    try:
        return b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
