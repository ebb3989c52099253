"""The body of an article from its page: what a reader would call the text, and nothing round it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from bot.boilerplate import LINE, without_boilerplate

LONGEST = 20_000
"""Characters of a body that are kept."""
TITLE = 500
"""Characters of a title that are kept."""

_NEVER = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "svg",
        "form",
        "nav",
        "footer",
        "aside",
        "button",
        "select",
        "textarea",
        "figcaption",
        "dialog",
        "object",
    ]
)
_ROLES = frozenset({"navigation", "search", "complementary", "banner", "contentinfo"})
_ROUND_TAGS = ["div", "section", "ul", "ol", "header", "p", "span", "table"]
_ROUND = re.compile(
    r"(?:^|[-_\s])(?:comments?|respond|reply|share|sharing|sharedaddy|social|related|recommend\w*"
    r"|newsletter|subscri\w+|cookies?|consent|gdpr|breadcrumbs?|sidebar|footer|menu|navigation|nav"
    r"|promo|advert\w*|ads?|author-box|author-bio|widget|popup|modal|paywall|tags?|tag-list|toolbar"
    r"|pagination|pager|skip-link|most-read|trending|signup|sign-up|banner|disclaimer"
    r"|jp-relatedposts|wp-block-comments|print-only|meta-info|byline)(?:$|[-_\s])",
    re.IGNORECASE,
)
_BODIES = frozenset(
    [
        "entry-content",
        "article-body",
        "article__body",
        "article-content",
        "post-content",
        "td-post-content",
        "story-body",
        "press-release-container",
        "art-con",
        "TRS_Editor",
        "field--name-field-body",
        "field--name-body",
        "govspeak",
        "ecl-editor",
        "zoom",
        "content",
    ]
)
"""Classes and ids under which builders and ministries put the text."""
_BLOCKS = ("p", "li", "h2", "h3", "h4", "blockquote", "pre", "td", "dd")
_DATES = (
    'meta[property="article:published_time"]',
    'meta[name="PubDate"]',
    'meta[name="pubdate"]',
    'meta[name="date"]',
    'meta[itemprop="datePublished"]',
    'meta[name="DC.date.issued"]',
    'meta[name="dcterms.issued"]',
)
_FORWARD = re.compile(
    r"(?:_cofing1\s*=\s*\{\s*href\s*:|window\.location(?:\.href)?\s*=)\s*[\"']([^\"']{1,500})[\"']"
)
_SHELL = 3_000
"""Characters of a page that does nothing but send the reader on."""


@dataclass(frozen=True, slots=True)
class Article:
    """A page as read: its `text`, a line for each paragraph ("": none was found), and its `title`.

    `date` is what the page says of its publication, as written ("": nothing). `forward` is the
    address that an empty page sends its reader to by script, absolute or not.
    """

    text: str = ""
    date: str = ""
    forward: str = ""
    title: str = ""


def read(html: str) -> Article:
    """Return what an article's page holds. Never raises: a page without a body has no text."""
    if not html.strip():
        return Article()
    soup = BeautifulSoup(html, "lxml")
    date, title = _date(soup), _title(soup)
    forward = _FORWARD.search(html) if len(html) < _SHELL else None
    for tag in soup.find_all(_outside):
        tag.extract()  # unlike `decompose`, harmless for what is inside one taken out before
    _strip_round(soup)
    text = "\n".join(without_boilerplate(list(_lines(_body(soup)))))
    return Article(text[:LONGEST], date, "" if text or not forward else forward[1], title)


def _title(soup: BeautifulSoup) -> str:
    """Return what a page calls itself where it is shared, else its heading, else its window's."""
    shared = soup.select_one('meta[property="og:title"]')
    if shared and shared.get("content"):
        return _line(str(shared["content"]))
    return next(filter(None, (_line(t.get_text()) for t in soup.find_all(["h1", "title"]))), "")


def _line(text: str) -> str:
    return " ".join(text.split())[:TITLE]


def _date(soup: BeautifulSoup) -> str:
    for selector in _DATES:
        found = soup.select_one(selector)
        if found and found.get("content"):
            return str(found["content"]).strip()
    stamp = soup.select_one("article time[datetime], main time[datetime], time.datetime[datetime]")
    return str(stamp["datetime"]).strip() if stamp else ""


def _outside(tag: Tag) -> bool:
    """Return whether a tag never holds the text, by its name, its role or its being hidden."""
    if tag.name in _NEVER:
        return True
    hidden = "hidden" in tag.attrs or tag.get("aria-hidden") == "true"
    return hidden or tag.get("role") in _ROLES


def _strip_round(soup: BeautifulSoup) -> None:
    """Remove what its class or id calls a comment, a menu or an advert, unless it is the body."""
    whole = len(soup.get_text())
    for tag in soup.find_all(_ROUND_TAGS):
        if _ROUND.search(" ".join(_names(tag))) and len(tag.get_text()) * 2 < whole:
            tag.extract()


def _names(tag: Tag) -> tuple[str, ...]:
    classes, own = tag.get("class"), tag.get("id")
    return (*(classes if isinstance(classes, list) else ()), *((str(own),) if own else ()))


def _known(tag: Tag) -> bool:
    """Return whether a tag says that it holds the text."""
    if tag.name in {"article", "main"} or tag.get("itemprop") == "articleBody":
        return True
    return tag.get("role") == "main" or not _BODIES.isdisjoint(_names(tag))


def _body(soup: BeautifulSoup) -> Tag:
    """Return the element with the text: the first known one with enough of it, else the densest."""
    dense = _densest(soup)
    enough = max(1.0, _prose(dense) * 0.5)
    for found in soup.find_all(_known, limit=40):
        if _prose(found) >= enough:
            return _narrowed(found)
    return dense


def _narrowed(tag: Tag) -> Tag:
    """Return the innermost known body inside `tag` that still holds nearly all of its prose."""
    nearly = _prose(tag) * 0.8
    for inner in tag.find_all(_known, limit=20):
        if _prose(inner) >= nearly:
            return _narrowed(inner)
    return tag


def _densest(soup: BeautifulSoup) -> Tag:
    """Return the element whose own paragraphs say most, after Readability's way of counting."""
    scores: dict[int, tuple[float, Tag]] = {}
    for block in soup.find_all(["p", "pre", "blockquote", "td"]):
        length = _length(block)
        for share, holder in zip((1.0, 0.5), block.parents, strict=False):
            if length > LINE:
                scores[id(holder)] = (
                    scores.get(id(holder), (0.0, holder))[0] + length * share,
                    holder,
                )
    root = soup.body or soup
    return max(scores.values(), key=lambda pair: pair[0], default=(0.0, root))[1]


def _prose(tag: Tag) -> int:
    """Return how many characters of sentences an element holds."""
    blocks = sum(_length(block) for block in tag.find_all(["p", "pre", "blockquote"]))
    return blocks or _length(tag)


def _length(tag: Tag) -> int:
    """Return the length of an element's text without its links."""
    links = sum(len(link.get_text()) for link in tag.find_all("a"))
    return max(0, len(tag.get_text().strip()) - links)


def _lines(body: Tag) -> Iterator[str]:
    blocks = [tag for tag in body.find_all(_BLOCKS) if not tag.find(_BLOCKS)]
    for line_break in body.find_all("br"):
        line_break.replace_with("\n")
    if sum(len(tag.get_text()) for tag in blocks) * 2 < len(body.get_text()):
        yield from body.get_text("\n").split("\n")  # a page without paragraphs
        return
    for tag in blocks:
        if not _menu(tag):
            yield from tag.get_text().split("\n")


def _menu(tag: Tag) -> bool:
    """Return whether a block is links alone, as in a list of what else to read."""
    text = tag.get_text().strip()
    linked = sum(len(link.get_text()) for link in tag.find_all("a"))
    return linked * 5 > len(text) * 4
