"""HTML fragments of feeds as plain text: a strip-and-unescape, cheap enough for every entry."""

import re
from functools import lru_cache
from html import unescape

TEXT_LIMIT = 20_000
"""Characters of an entry's text that we read: more is an article, not news."""
TITLE_LIMIT = 500
_LONGEST_NAME = 40
_REACH = 1_000
_NEAR = 400
"""Characters before the end in which one of the `_MARKS` stands, where there is a tail."""
_CLEAN = bytes(range(0x20, 0x7F)) + b"\n"

_HIDDEN = re.compile(
    r"<(script|style|head|noscript)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<![^<>]*>|<\?[^<>]*>", re.DOTALL)
_BREAK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|tr|table|h[1-6]|blockquote|section|article|hr|td|th|dd|dt|figcaption)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"/?[a-zA-Z]")
_ESCAPED = re.compile(
    r"</?(?:a|abbr|article|aside|audio|b|base|big|blink|blockquote|body|br|button|center|cite|code"
    r"|dd|del|div|dl|dt|em|embed|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html"
    r"|i|iframe|img|input|ins|kbd|li|link|main|mark|marquee|meta|nav|object|ol|p|param|pre|q|s"
    r"|samp|script|section|select|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td"
    r"|textarea|th|time|tr|tt|u|ul|var|video|wbr)(?:\s[^<>]*)?/?>"
    r"|&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});",
    re.IGNORECASE,
)
_C1 = re.compile(r"[\x80-\x9f]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_POST = re.compile(
    r"\s*(?:"
    r"The post\s[^\n]{0,500}?\s(?:appeared first on|first appeared on)"
    r"|Der Beitrag\s[^\n]{0,500}?\serschien zuerst auf"
    r"|L.article\s[^\n]{0,500}?\sest apparu en premier sur"
    r"|La entrada\s[^\n]{0,500}?\s(?:aparece primero en|se publicó primero en)"
    r"|Innlegget\s[^\n]{0,500}?\sdukket først opp på"
    r")\s[^\n]{0,200}\s*\Z"
)
_MARKS = (
    " appeared ",
    " erschien ",
    " apparu ",
    " aparece ",
    " publicó ",
    " dukket ",
    "Continue r",
    "Read ",
)
_TAIL = re.compile(
    r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]"
    r"|(?:Continue reading|Read more|Read the full story)\b[^\n]{0,300})\s*\Z"
)


def plain(source: str) -> str:
    """Return HTML source as text, a line for each block; text without markup is kept as it is."""
    text = source[: TEXT_LIMIT * 8]
    if "<" in text or "&" in text:
        text = _unwrapped(text)
        if ("<" in text or "&" in text) and _ESCAPED.search(
            text
        ):  # escaped twice, as many feeds do
            text = _unwrapped(text)
    return _tidy(text)[:TEXT_LIMIT].rstrip()


def headline(source: str) -> str:
    """Return a title as one line of text: markup, double escapes and unseen characters removed.

    A `<` that opens no known tag stays, so that "yields < 3%" survives.
    """
    text = source[: TITLE_LIMIT * 8]
    for _ in range(3):
        if not ("<" in text or "&" in text) or not _ESCAPED.search(text):
            break
        text = unescape(_ESCAPED.sub(_inline, text))
    return " ".join(_tidy(text).split())[:TITLE_LIMIT].rstrip()


def without_tail(text: str) -> str:
    """Return a feed's text without what its publishing software added at the end."""
    near = text.rstrip()[-_NEAR:]
    if not near.endswith("]") and not any(map(near.__contains__, _MARKS)):  # nearly all texts
        return text
    start = max(0, len(text) - _REACH)
    end = text[start:]
    return text[:start] + _TAIL.sub("", _POST.sub("", end)).rstrip()


def _inline(match: re.Match[str]) -> str:
    found = match.group()
    if found.startswith("&"):
        return found
    return " " if _BREAK.fullmatch(found) else ""


def _unwrapped(text: str) -> str:
    if "<" in text:
        if "<!" in text or "<?" in text:
            text = _COMMENT.sub(" ", text)
        text = _bare(_HIDDEN.sub(" ", text))
    return unescape(text) if "&" in text else text


def _bare(text: str) -> str:
    """Return a text without its tags, with a line for each that ends one."""
    start, *pieces = text.split("<")
    made = [start]
    for piece in pieces:
        tag, end, rest = piece.partition(">")
        said = _said(tag[:_LONGEST_NAME].partition(" ")[0]) if end else None
        made += ("<", piece) if said is None else (said, rest)
    return "".join(made)


@lru_cache(256)  # texts hold few kinds of tags, and many of them
def _said(name: str) -> str | None:
    """Return what a tag leaves behind; None where it is none."""
    if not _TAG.match(name):
        return None
    return "\n" if _BREAK.fullmatch(f"<{name}>") else ""


def _tidy(text: str) -> str:
    """Return lines with single spaces; clean text, nearly all, is spared the work."""
    if text.isascii() and "  " not in text and not text.encode().translate(None, _CLEAN):
        return "\n".join([line for rough in text.split("\n") if (line := rough.strip(" "))])
    return "\n".join([line for rough in text.splitlines() if (line := _line(rough))])


def _line(rough: str) -> str:
    if rough.isprintable() and "  " not in rough:  # so a space is its only blank
        return rough.strip(" ")
    line = " ".join(rough.split())
    return line if line.isprintable() else _seen(line)


def _seen(line: str) -> str:
    return " ".join(_C1.sub(_windows, _UNSEEN.sub("", line)).split())


def _windows(match: re.Match[str]) -> str:
    """Return what a C1 control meant: nobody writes these, Windows-1252 software leaks them."""
    return match.group().encode("latin-1").decode("cp1252", "ignore")
