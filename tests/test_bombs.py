"""Documents made to hurt, read by the real kinds in a real worker: over soon, and we unharmed."""

import resource
from datetime import timedelta
from time import process_time

import pytest

from bot.errors import RefusedError, ShapeError
from bot.model import Page
from bot.parse.parser import Parser, here
from sources import KINDS
from tests.builders import row

ITEM = (
    "<item><title>Shipment {0} waits</title><link>https://news.example/{0}</link>"
    "<guid>g{0}</guid><pubDate>Thu, 19 Jun 2025 08:00:00 GMT</pubDate></item>"
)


def rss(items, before=""):
    return f"{before}<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>"


def laughs():
    entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'ha'}'>" for n in range(10))
    return rss("<item><title>&l9;</title></item>", f"<!DOCTYPE rss [{entities}]>")


def quadratic():
    entity = f"<!DOCTYPE rss [<!ENTITY a '{'a' * 100_000}'>]>"
    return rss(f"<item><title>{'&a;' * 30_000}</title></item>", entity)


DTDS = {
    "billion laughs": laughs(),
    "quadratic blow-up": quadratic(),
    "file": rss(
        "<item><title>&x;</title></item>",
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>",
    ),
    "parameter entity": rss("", "<!DOCTYPE rss [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>"),
    "external": rss("", "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'>"),
    "behind what mending puts right": rss("", "<?x ?\x00><!DOCTYPE rss [<!ENTITY a 'b'>]>"),
    "behind a comment": rss(
        "", "<?xml version='1.0'?>\n<!-- x --><!DOCTYPE rss [<!ENTITY a 'b'>]>"
    ),
}
HEAVY = {
    "200,000 attributes": rss("<item " + " ".join(f"a{n}='1'" for n in range(200_000)) + "/>"),
    "200,000 nested": "<rss><channel>" + "<a>" * 200_000 + "</a>" * 200_000 + "</channel></rss>",
    "200,000 nested and open": rss("<item><title>" + "<b>" * 200_000),
    "one name of 8 MB": f"<{'a' * 8_000_000}/>",
    "text of 14 MB": rss(f"<item><title>{'a ' * 7_000_000}</title></item>"),
    "ampersands": rss(f"<item><title>{'&' * 400_000}</title></item>"),
    "open comments": rss("<!--" * 500_000),
    "open CDATA": rss("<![CDATA[" * 300_000),
    "angle brackets": "<" * 3_000_000,
    "html comments": "<!-- -->" * 300_000,
    "spaces": " " * 14_000_000,
    "json depth": "[" * 100_000,
    "json objects": '{"a":' * 100_000,
    "json number": '{"version": "https://jsonfeed.org/version/1.1", "items": '
    + "9" * 6_000_000
    + "}",
    "json text": '{"version": "https://jsonfeed.org/version/1", "items": [{"id": "'
    + "a" * 14_000_000,
}


@pytest.fixture(scope="module")
def page():
    return lambda text: Page(url="https://news.example/feed", body=text.encode())


@pytest.fixture
async def parser():
    async with Parser(workers=1, seconds=1.5) as made:
        yield made


@pytest.mark.parametrize("text", DTDS.values(), ids=DTDS)
async def test_dtds_are_refused(page, text):
    with pytest.raises(ShapeError, match="DTD"):
        await here(KINDS["feed"], page(text), row())


async def test_no_document_harms_us(parser, page):
    """Each is refused, misread or cut; the next feed is read all the same."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for text in HEAVY.values():
        try:
            parsed = await parser(KINDS["feed"], page(text), row())
        except (ShapeError, RefusedError):
            continue
        assert len(parsed.entries) <= 1_000
    well = await parser(KINDS["feed"], page(rss(ITEM.format(1))), row())

    assert well.entries[0].title == "Shipment 1 waits"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 150_000  # kB: the documents themselves, never what they unfold to


async def test_fifty_thousand_items_are_cut_to_a_thousand_in_time(page):
    """CPU time, since a busy machine takes longer for anything."""
    document = page(rss("".join(map(ITEM.format, range(50_000)))))
    before = process_time()

    parsed = await here(KINDS["feed"], document, row())

    assert process_time() - before < 3
    assert len(parsed.entries) == 1_000
    assert any("1000" in flaw for flaw in parsed.flaws)


@pytest.mark.parametrize(
    "items",
    ['[{"id": NaN, "title": "A"}]', '[{"id": "1", "id": "2", "title": "A"}]',
     '[{"id": 1e400, "title": "A"}]', '[{"id": "1", "title": "\\ud800 A"}]'],
    ids=["NaN", "twice", "1e400", "lone surrogate"],
)  # fmt: skip
async def test_odd_json_is_read_or_refused(page, items):
    text = f'{{"version": "https://jsonfeed.org/version/1.1", "items": {items}}}'
    try:
        parsed = await here(KINDS["feed"], page(text), row())
    except (ShapeError, RefusedError):
        return

    for entry in parsed.entries:
        (entry.key + entry.title).encode()


@pytest.mark.parametrize("after", ["", "<rss/>", "<html></html>"])
async def test_comments_before_the_document_take_no_time(page, after):
    """They were once tried in every grouping: 500 of them took for ever."""
    before = process_time()
    with pytest.raises(ShapeError):
        await here(KINDS["page" if after else "feed"], page("<!-- -->" * 2_000 + after),
                   row(options={"item": "li"}))  # fmt: skip

    assert process_time() - before < 1


async def test_html_of_a_million_tags_is_over_in_time(parser, page):
    """BeautifulSoup takes many seconds for it: the worker is ended."""
    options = {"item": "li", "title": "a", "link": "a"}
    text = "<html><body><ul>" + "<li><a href=x>y</a>" * 300_000
    with pytest.raises(RefusedError):
        await parser(KINDS["page"], page(text), row(kind="page", options=options,
                                                    every=timedelta(minutes=1)))  # fmt: skip
