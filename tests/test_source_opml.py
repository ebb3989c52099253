"""Lists of feeds in and out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ShapeError
from bot.model import Row
from sources.opml import opml_of, rows_of

FILE = """<?xml version="1.0"?>
<opml version="1.1"><head><title>Mine</title></head><body>
<outline text="Metals"><outline text="News" type="rss" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>
<outline title="News" text="" XMLURL="https://b.example/feed"/></outline>
<outline text="Again" xmlUrl="https://a.example/feed?x=1&amp;y=2"/>
<outline text="A page" htmlUrl="https://c.example/"/><outline xmlUrl="javascript:x"/>
<outline xmlUrl="https://press.d.example/rss"/></body></opml>"""


def test_each_feed_is_a_row_once_and_no_two_share_a_name():
    assert [(row.name, row.url) for row in rows_of(FILE)] == [
        ("Again", "https://a.example/feed?x=1&y=2"),
        ("News", "https://b.example/feed"),
        ("press-d", "https://press.d.example/rss"),
    ]
    twice = FILE.replace("Again", "News")
    assert [row.name for row in rows_of(twice)] == ["News", "News 2", "press-d"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<rss/>",
        "<opml><body/></opml>",
        "<html></html>",
        "<!DOCTYPE opml [<!ENTITY a 'b'>]><opml><outline xmlUrl='https://a.example'/></opml>",
    ],
)
def test_what_names_no_feed_is_refused(text):
    with pytest.raises(ShapeError):
        rows_of(text)


names = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30
)


@given(st.lists(names.filter(lambda name: not set(name) & set("<&")), unique=True, min_size=1))
def test_what_goes_out_comes_back(found):
    rows = tuple(
        Row(name=name, kind="feed", url=f"https://x.example/{number}?a=1&b=<>", full_text=True)
        for number, name in enumerate(found)
    )

    assert rows_of(opml_of(rows)) == rows


def test_only_feeds_go_out():
    page = Row(name="p", kind="page", url="https://x.example/", options={"item": "li"})

    assert "x.example" not in opml_of([page])
