"""The page kind: rows by selectors, and no silence when a layout changes."""

from datetime import UTC, datetime

import pytest

from bot.errors import ShapeError
from bot.model import Page, Row
from sources.page import SOURCE

URL = "https://office.example/news/"


def parse(html, hosts=("office.example",), **options):
    row = Row(name="p", kind="page", url=URL, hosts=hosts, options={"item": "li", **options})
    return SOURCE.parse(Page(url=URL, body=html.encode()), row)


def test_a_changed_layout_is_an_error_and_not_no_news():
    with pytest.raises(ShapeError, match=r'"ul\.gone > li" with a link is not in it'):
        parse("<ul><li><a href='/1'>One notice</a></li></ul>", item="ul.gone > li")


@pytest.mark.parametrize(
    ("html", "words"),
    [("", "empty"), ("Denied by policy.", "this came"), ("<div>Just a moment...</div>", "blocked")],
)
def test_what_is_no_list_is_refused_with_what_came(html, words):
    with pytest.raises(ShapeError, match=words):
        parse(html)


def test_links_to_elsewhere_and_scripts_are_no_rows():
    parsed = parse(
        "<li><a href='https://evil.example/'>A</a></li><li><a href='javascript:x()'>B</a></li>"
        "<li><a href='/1'>C</a></li>"
    )

    assert [entry.title for entry in parsed.entries] == ["C"]


def test_a_row_may_be_the_link_itself_and_each_link_counts_once():
    parsed = parse(
        "<a class='t' href='1'></a><a class='t' href='1'>First notice</a>"
        "<a class='t' href='2' title='The second notice in full'>Second…</a>",
        item="a.t",
    )

    assert [(e.url, e.title) for e in parsed.entries] == [
        (f"{URL}1", "First notice"),
        (f"{URL}2", "The second notice in full"),
    ]


def test_a_date_comes_from_its_element_the_address_or_the_rows_text():
    element = parse(
        "<li><a href='1'>One</a><time datetime='2026-09-03T10:00:00Z'>3/9</time></li>", date="time"
    )
    address = parse(
        "<li><a href='/2026/9/t20.html'>One</a></li>", date_in_url=r"/(\d+)/(\d+)/t(\d+)"
    )
    text = parse("<li>3 September 2026 <a href='1'>One</a></li>")

    assert element.entries[0].published == datetime(2026, 9, 3, 10, tzinfo=UTC)
    assert address.entries[0].published == datetime(2026, 9, 20, tzinfo=UTC)
    assert text.entries[0].published == datetime(2026, 9, 3, tzinfo=UTC)
    assert not element.entries[0].day_only
    assert text.entries[0].day_only


def test_the_year_is_filled_in_and_in_january_the_last_one_too():
    row = Row(name="p", kind="page", url="https://office.example/{year}/", options={"item": "li"})

    def urls(month):
        return [r.url for r in SOURCE.requests(row, datetime(2027, month, 3, tzinfo=UTC))]

    assert urls(1) == ["https://office.example/2027/", "https://office.example/2026/"]
    assert urls(2) == ["https://office.example/2027/"]
