"""Telegram's HTML as the service reads it: what it refuses with "can't parse entities"."""

import html
import re
from html.parser import HTMLParser

TAGS = {
    "b": set(), "strong": set(), "i": set(), "em": set(), "u": set(), "ins": set(), "s": set(),
    "strike": set(), "del": set(), "tg-spoiler": set(), "code": {"class"}, "pre": set(),
    "a": {"href"}, "span": {"class"}, "blockquote": {"expandable"},
}  # fmt: skip
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")
_STRAY = re.compile(r"<(?!/?[a-z][a-z-]*(?: [^<>]*)?>)")


class BadMarkupError(ValueError):
    """The service would refuse this."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS or {name for name, _ in attrs} - TAGS[tag]:
            raise BadMarkupError(f'Unsupported start tag "{tag}"')
        if tag in self.open and tag in {"a", "blockquote"}:
            raise BadMarkupError(f"{tag} within {tag}")
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise BadMarkupError(f'Unmatched end tag "{tag}"')

    def handle_data(self, data):
        self.words.append(data)

    def handle_comment(self, data):
        raise BadMarkupError("a comment")

    def handle_decl(self, decl):
        raise BadMarkupError("a declaration")

    def handle_pi(self, data):
        raise BadMarkupError("an instruction")


def read(text: str) -> tuple[str, list[str]]:
    """Return the words and the links of HTML. Raises BadMarkupError where it is refused."""
    if found := _ENTITY.search(text) or _STRAY.search(text):
        raise BadMarkupError(f"stray {text[found.start()]!r} at {found.start()}")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise BadMarkupError(f'Can\'t find end tag corresponding to start tag "{reader.open[-1]}"')
    return "".join(reader.words), [html.unescape(link) for link in reader.links]


def units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
