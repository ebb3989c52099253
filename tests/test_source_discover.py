"""What a person's address could be polled as."""

import pytest

from bot.errors import ShapeError
from bot.model import Page
from sources import page
from sources.discover import name_of, rows_of

URL = "https://www.office.example/news/"


def found(body):
    return rows_of(Page(url=URL, body=body.encode()), "office")


def test_a_feed_is_itself():
    (row,) = found("<rss><channel><item><title>One</title></item></channel></rss>")

    assert (row.kind, row.url, row.name) == ("feed", URL, "office")


def test_a_page_gives_the_feeds_it_names_and_no_comments():
    rows = found(
        "<html><head><link rel='alternate' type='application/rss+xml' href='/feed/'>"
        "<link rel='alternate' type='application/rss+xml' href='/comments/feed/'>"
        "<link rel='alternate' type='text/html' hreflang='de' href='/de/'></head>"
        "<body><a href='https://feeds.office.example/rules.atom'>Atom</a></body></html>"
    )

    assert [(row.name, row.url) for row in rows] == [
        ("office", "https://www.office.example/feed/"),
        ("office-2", "https://feeds.office.example/rules.atom"),
    ]


MENU = "<ul class='menu'><li><a href='/a'>About</a></li><li><a href='/b'>Contact us</a></li></ul>"


def test_a_page_without_feeds_gives_a_list_that_can_be_read():
    notices = "".join(
        f"<div class='row notice n-{n}99'><a href='/n/{n}'>Notice {n} on licences for tungsten</a>"
        f"<span>2026-09-{n:02}</span></div>"
        for n in range(1, 6)
    )
    body = f"<html><body>{MENU}<div class='notices'>{notices}</div></body></html>"
    (row,) = found(body)
    entries = page.SOURCE.parse(Page(url=URL, body=body.encode()), row).entries

    assert row.options["item"] == "div.notices > div.row"
    assert entries[0].url == "https://www.office.example/n/1"
    assert len(entries) == 5
    assert all(entry.day_only for entry in entries)


@pytest.mark.parametrize("body", ["", f"<html><body>{MENU}</body></html>", "Not found", "{}"])
def test_where_there_is_nothing_it_is_said(body):
    with pytest.raises(ShapeError):
        found(body)


def test_a_name_comes_from_the_host():
    assert name_of("https://www.office.example/news/") == "office"
    assert name_of("https://press.office.example/") == "press-office"
