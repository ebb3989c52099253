"""XML of strangers as a tree: strict first, then sanitised, then what can be saved of it."""

import re
from functools import lru_cache
from html.entities import html5

from lxml import etree

from bot.errors import ShapeError
from sources.answer import is_html, unexpected

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#(?P<dec>\d{1,7});|#x(?P<hex>[0-9a-fA-F]{1,6});"
    r"|(?P<name>[a-zA-Z][a-zA-Z0-9]{1,31});)?",
    re.DOTALL,
)
_BLANK = re.compile(r"\s*")
_DECLARATION = re.compile(r"<\?xml[^>]{0,200}\?>")
_ROOT = re.compile(r"<\?xml\s|<rss[\s>]|<feed[\s>]|<(?:\w+:)?RDF[\s>]")
_NETSCAPE = re.compile(
    r'<!DOCTYPE\s+rss\s+PUBLIC\s+"-//Netscape Communications//DTD RSS 0\.91//EN"'
    r'\s+"https?://[\w./-]+"\s*>',
)
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_LOST = 3_000
"""Characters before a feed's first tag that we skip: a PHP warning, not a document."""

RECOVERED = "the XML is broken; what could be read was kept"
SANITISED = "the XML had illegal characters or entities, which were put right"
CUT = "the document is cut short; its last entry was left out"


def tree_of(text: str, url: str, wanted: str) -> tuple[etree._Element, tuple[str, ...]]:
    """Return the root element and what had to be put right to get it.

    Raises ShapeError for a DTD, an HTML page, and what has no element at all.
    """
    source = _body(text, wanted)
    try:
        return _root(source, url, recover=False), ()
    except etree.XMLSyntaxError:
        pass
    clean = _sanitised(source)
    try:
        return _root(clean, url, recover=False), (SANITISED,)
    except etree.XMLSyntaxError:
        return _saved(clean, url, wanted)


def _saved(text: str, url: str, wanted: str) -> tuple[etree._Element, tuple[str, ...]]:
    try:
        root = _root(text, url, recover=True)
    except etree.XMLSyntaxError as error:
        raise unexpected(text, wanted) from error
    if root is None:
        raise unexpected(text, wanted)
    name = str(root.tag).rpartition("}")[2].rpartition(":")[2]
    whole = re.search(rf"</(?:\w+:)?{re.escape(name)}\s*>", text[-_LOST:])
    return root, (RECOVERED,) if whole or not _open(text) else (RECOVERED, CUT)


def _open(text: str) -> bool:
    """Return whether a document ends in the midst of an entry."""
    started = max(text.rfind("<item"), text.rfind("<entry"))
    return started > max(text.rfind("</item"), text.rfind("</entry"))


def _root(text: str, url: str, *, recover: bool) -> etree._Element:
    root = etree.fromstring(text.encode("utf-8", "ignore"), _parser(recover=recover), base_url=url)
    if root is not None and root.getroottree().docinfo.doctype:
        raise _dtd()
    return root


@lru_cache(maxsize=2)
def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",  # the text was decoded already: what it declares no longer holds
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        collect_ids=False,  # nothing is looked up by them
        remove_comments=True,
        remove_pis=True,
    )


def _body(text: str, wanted: str) -> str:
    """Return the document from its first tag on, without a declaration."""
    source = text.lstrip("\ufeff \t\r\n")
    start = _ROOT.search(source[:_LOST])
    if start and not source.startswith("<"):
        source = source[start.start() :]
    source = _DECLARATION.sub("", source, count=1) if source.startswith("<?xml") else source
    source = source.lstrip()
    if is_html(source):  # XHTML, behind its declaration
        raise unexpected(source, wanted)
    return _without_dtd(source)


def _without_dtd(source: str) -> str:
    """Refuse a DTD; the Netscape one that RSS 0.91 asked for declares nothing that we read."""
    at = _prolog(source)
    if not source.startswith("<!DOCTYPE", at):
        return source
    netscape = _NETSCAPE.match(source, at)
    if not netscape:
        raise _dtd()
    return source[: netscape.start()] + source[netscape.end() :]


def _prolog(source: str) -> int:
    """Return where the first tag or DOCTYPE stands, behind comments and instructions."""
    at = 0
    while source.startswith(("<!--", "<?"), at):
        mark = "-->" if source.startswith("<!--", at) else "?>"
        end = source.find(mark, at)
        if end < 0:
            return at
        at = _BLANK.match(source, end + len(mark)).end()  # type: ignore[union-attr]  # always matches
    return at


def _dtd() -> ShapeError:
    return ShapeError("the XML carries a DTD, which we refuse: entities in it can be an attack")


def _sanitised(text: str) -> str:
    return _AMPERSAND.sub(_reference, _ILLEGAL.sub("", text))


def _reference(match: re.Match[str]) -> str:
    whole = match.group()
    if whole.startswith("<"):
        return whole
    if name := match["name"]:
        return whole if name in _OWN else _escaped(html5.get(f"{name};", f"&{name};"))
    if digits := match["dec"] or match["hex"]:
        number = int(digits, 10 if match["dec"] else 16)
        legal = number <= 0x10FFFF and not _ILLEGAL.match(chr(number))
        return whole if legal else ""
    return "&amp;"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
}
"""Names that we read from other vocabularies; what is in none of them cannot shadow our own."""


@lru_cache(maxsize=4_096)
def _name(tag: str, own: str) -> str:
    space, _, bare = tag.rpartition("}")
    if not space or space == own:
        return bare.lower()
    return f"{_PREFIXES.get(space[1:].lower(), '?')}:{bare.lower()}"


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace, in small letters."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def named(element: etree._Element) -> dict[str, list[etree._Element]]:
    """Return an element's children by name: bare for its own vocabulary, "dc:date" for others."""
    own = str(element.tag).rpartition("}")[0]
    parts: dict[str, list[etree._Element]] = {}
    for child in element:
        parts.setdefault(_name(str(child.tag), own), []).append(child)
    return parts


def first(parts: dict[str, list[etree._Element]], *names: str) -> str:
    """Return the text of the first of `names` that says anything."""
    for name in names:
        for element in parts.get(name, ()):
            if text := inner(element).strip():
                return text
    return ""


def inner(element: etree._Element) -> str:
    """Return what an element holds as HTML source: its text, or its children's markup."""
    if not len(element):
        return element.text or ""
    inside = [etree.tostring(child, encoding="unicode") for child in element]
    return (element.text or "") + "".join(inside)
