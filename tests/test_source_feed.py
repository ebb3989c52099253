"""The feed kind: what it refuses, what it puts right, and where it stops."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ShapeError
from bot.model import Page, Row
from sources.feed import EMPTY, SOURCE
from sources.tree import CUT, RECOVERED, SANITISED

URL = "https://wire.example/feed"
ROW = Row(name="wire", kind="feed", url=URL, options={"undated": True})


def parse(body, row=ROW, content_type=""):
    raw = body if isinstance(body, bytes) else body.encode()
    return SOURCE.parse(Page(url=URL, body=raw, content_type=content_type), row)


def rss(*items):
    return f"<rss version='2.0'><channel><title>W</title>{''.join(items)}</channel></rss>"


def item(title="Antimony quota cut", link="https://wire.example/1", more=""):
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


REFUSED = {
    "nothing": ("", "the answer is empty"),
    "spaces": ("  \n ", "the answer is empty"),
    "web-page": (
        "<!DOCTYPE html><html><head><title>Welcome</title></head></html>",
        'a web page came "Welcome"',
    ),
    "xhtml-page": (
        "<?xml version='1.0'?><!DOCTYPE html><html><head><title>Hello</title></head></html>",
        'a web page came "Hello"',
    ),
    "challenge": (
        "<html><title>Just a moment...</title></html>",
        "asks for a browser or refuses access",
    ),
    "plain-text": ("Please slow down.", 'this came: "Please slow down."'),
    "other-xml": ("<urlset><url/></urlset>", "<urlset> came"),
    "other-json": ('{"error": "quota"}', 'no "version"'),
    "json-list": ('{"version": "https://jsonfeed.org/version/1", "items": 3}', "no list"),
    "deep-json": ('{"items":' + "[" * 100_000, "expected a JSON Feed"),
    "dtd": ('<!DOCTYPE rss [<!ENTITY a "b">]>' + rss(item("&a;")), "carries a DTD"),
    "outer-dtd": ('<!DOCTYPE rss SYSTEM "http://evil.example/x.dtd">' + rss(item()), "a DTD"),
    "dtd-behind-comment": (
        "<?xml version='1.0'?><!-- c --><!DOCTYPE rss [<!ENTITY a 'b'>]>" + rss(item()),
        "carries a DTD",
    ),
}


@pytest.mark.parametrize(("body", "words"), REFUSED.values(), ids=REFUSED)
def test_refuses_what_is_no_feed_and_says_what_came(body, words):
    with pytest.raises(ShapeError) as caught:
        parse(body)

    assert words in str(caught.value)


def test_an_entity_bomb_is_refused_before_it_grows():
    """Ten levels of tenfold entities would be 10 GB of text."""
    levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(10))
    bomb = f'<!DOCTYPE rss [<!ENTITY e0 "x">{levels}]>' + rss(item("&e10;"))

    with pytest.raises(ShapeError, match="DTD"):
        parse(bomb)


def test_an_empty_feed_is_no_error_but_is_remarked_on():
    assert parse(rss()).flaws == (EMPTY,)
    assert parse("<feed xmlns='http://www.w3.org/2005/Atom'/>").flaws == (EMPTY,)


MENDED = {
    "illegal-character": (item("Anti\x0bmony quota cut"), "Antimony quota cut", SANITISED),
    "html-entity": (item("Antimony&nbsp;quota &ndash; cut"), "Antimony quota – cut", SANITISED),
    "bare-ampersand": (item("Gallium & antimony"), "Gallium & antimony", SANITISED),
    "unknown-entity": (item("Gallium &nosuch; on"), "Gallium &nosuch; on", SANITISED),
    "illegal-number": (item("Gallium &#11; on"), "Gallium on", SANITISED),
    "unknown-prefix": (item(more="<dc:date>2026-09-01</dc:date>"), "Antimony quota cut", RECOVERED),
    "open-tag": (item("Gallium") + "<item><title>B</title></item></i>", "Gallium", RECOVERED),
}


@pytest.mark.parametrize(("inside", "title", "flaw"), MENDED.values(), ids=MENDED)
def test_broken_xml_is_mended_and_remarked_on(inside, title, flaw):
    parsed = parse(rss(inside))

    assert parsed.entries[0].title == title
    assert parsed.flaws[0] == flaw


def test_mending_leaves_what_stands_in_cdata():
    body = rss(item("<![CDATA[R&D &amp; tools]]>"), item("Bare & bad"))

    assert parse(body).entries[0].title == "R&D & tools"


def test_a_document_cut_in_an_entry_loses_that_entry_alone():
    whole = rss(item("One"), item("Two"), item("Three"))
    cut = whole[: whole.index("Three") + 2]
    parsed = parse(cut)

    assert [entry.title for entry in parsed.entries] == ["One", "Two"]
    assert CUT in parsed.flaws


def test_a_document_cut_behind_its_last_entry_keeps_it():
    parsed = parse(rss(item("One"), item("Two")).removesuffix("</channel></rss>"))

    assert [entry.title for entry in parsed.entries] == ["One", "Two"]


def test_blank_lines_and_a_warning_before_the_declaration_are_skipped():
    feed = "<?xml version='1.0' encoding='utf-8'?>" + rss(item())

    assert len(parse("\n\n  " + feed).entries) == 1
    assert len(parse("Warning: something in line 3\n" + feed).entries) == 1


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "gb18030", "big5"])
def test_the_declared_charset_is_read(charset):
    feed = f"<?xml version='1.0' encoding='{charset}'?>" + rss(item("稀土出口"))

    assert parse(feed.encode(charset)).entries[0].title == "稀土出口"


def test_a_hint_reads_what_no_declaration_explains_and_nothing_is_guessed_without():
    body = rss(item("出口管制公告")).encode("gb18030")
    hinted = Row(name="w", kind="feed", url=URL, charsets=("gb18030",))

    assert parse(body, hinted).entries[0].title == "出口管制公告"
    with pytest.raises(ShapeError):
        parse(body)


def test_at_most_a_thousand_entries_and_the_newest_of_them():
    dated = "<pubDate>{:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
    start, hour = datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=1)
    items = [item(f"N{n}", more=dated.format(start + hour * n)) for n in range(1200)]

    rising, falling = parse(rss(*items)), parse(rss(*reversed(items)))

    assert len(rising.entries) == len(falling.entries) == 1000
    assert rising.entries[-1].title == falling.entries[0].title == "N1199"
    assert "only 1000 of 1200 entries were read" in rising.flaws


def test_the_namespace_of_another_vocabulary_does_not_shadow_ours():
    """Bing's namespace changes with each query, so names are matched by their local part."""
    body = rss(item(more="<m:title xmlns:m='urn:any'>A picture</m:title>"))

    assert parse(body).entries[0].title == "Antimony quota cut"


def test_the_rows_language_wins_over_a_feed_that_only_has_its_softwares():
    body = rss("<language>en-US</language>", item())
    norwegian = Row(name="w", kind="feed", url=URL, lang="no")

    assert parse(body).entries[0].lang == "en"
    assert parse(body, norwegian).entries[0].lang == "no"


@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_bytes_are_read_or_refused_and_nothing_else(body):
    for prefix in (b"", b"<rss><channel><item><title>", b"<feed><entry><title>"):
        try:
            parsed = parse(prefix + body)
        except ShapeError:
            continue
        assert all(entry.title for entry in parsed.entries)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_any_title_survives_being_escaped(title):
    """The law of XML: what a publisher escapes is what we read, but for spaces and markup."""
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    entries = parse(rss(item(escaped), item("Next"))).entries

    assert entries[-1].title == "Next"


def test_hostile_shapes_take_linear_time():
    """Each of these is quadratic in a naive reader; the timeout of the suite is the judge."""
    for body in (
        "<rss>" + "<![CDATA[" * 200_000,
        "<rss>" + "<!--" * 200_000,
        "<rss>" + "<a>" * 200_000,
        rss(item(more="<description><![CDATA[" + "<script>" * 100_000 + "]]></description>")),
        rss(item(more="<description>" + "The post a " * 100_000 + "</description>")),
    ):
        parse(body)


@pytest.mark.shared
def test_reads_every_recorded_feed():
    """Payloads recorded by others, where this checkout has them beside it."""
    samples = Path(__file__).parents[2] / "shared" / "samples"
    if not samples.is_dir():
        pytest.skip("../shared is not here")
    counts = {
        "eu/ewcms_node_rss_en_dgcomp_2026-09.xml": 3,
        "google_news/search_2026-09-25_trimmed.xml": 2,
        "gov_uk/organisation_feed_2026-09-22_trimmed.atom": 1,
        "korea/korea_kr_pressrelease_SHAPE.xml": 2,
        "meti/ml_index_release_atom_2026-10_trimmed.xml": 2,
        "nikkei/nar_one_item_verbatim.rdf": 1,
        "wordpress/profit_feed_2026-05-23_bodies_truncated.xml": 2,
        "canada/news_v2_zero_entries_SHAPE.atom": 0,
    }

    got = {name: parse((samples / name).read_bytes()).entries for name in counts}

    assert {name: len(entries) for name, entries in got.items()} == counts
    assert all(e.title and e.url.startswith("https://") for found in got.values() for e in found)
