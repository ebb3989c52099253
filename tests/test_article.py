"""An article's body is found, and what stands round it stays out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.article import LONGEST, Article, read

PAGES = sorted((Path(__file__).parent / "data" / "article").glob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_body_is_read_and_nothing_round_it(page):
    """Saved pages of the usual builds, each beside the text that a reader would call its body."""
    expected = page.with_suffix(".txt").read_text("utf-8").splitlines()

    assert read(page.read_text("utf-8")).text.splitlines() == expected


@pytest.mark.parametrize(
    ("html", "date"),
    [
        (
            '<meta property="article:published_time" content="2026-05-23T09:54Z">',
            "2026-05-23T09:54Z",
        ),
        ('<meta name="PubDate" content=" 2026-09-29 17:03 ">', "2026-09-29 17:03"),
        ('<main><time datetime="2026-09-03">3 Sep</time></main>', "2026-09-03"),
        ("<p>Nothing of the sort.</p>", ""),
    ],
)
def test_the_date_is_what_the_page_says_of_itself(html, date):
    assert read(html).date == date


@pytest.mark.parametrize(
    "script",
    [
        "_cofing1={href:'/zcfb/art/2026/art_1.html'}",
        'window.location.href="/zcfb/art/2026/art_1.html"',
    ],
)
def test_an_empty_page_says_where_its_script_leads(script):
    page = f"<html><head><script>{script}</script></head><body></body></html>"

    assert read(page).forward == "/zcfb/art/2026/art_1.html"


def test_a_page_with_a_body_leads_nowhere():
    page = (
        "<script>window.location='/login'</script>"
        "<article><p>The quota for antimony is kept, the ministry says.</p></article>"
    )

    assert read(page) == Article(text="The quota for antimony is kept, the ministry says.")


@pytest.mark.parametrize("page", ["", "   ", "<html></html>", "<form><p>Name</p></form>", "\x00"])
def test_a_page_without_a_body_has_no_text(page):
    assert read(page).text == ""


def test_a_body_in_a_container_named_like_what_is_round_it_is_kept():
    """Builders call the whole page "has-sidebar" or "social"; that must not cost the article."""
    page = (
        "<div class='social sidebar'><p>The quota for antimony is kept for a year.</p>"
        "<p>Dealers in three towns had asked for more of it.</p></div>"
    )

    assert "quota for antimony" in read(page).text


def test_what_follows_the_call_for_comments_is_not_the_body():
    page = (
        "<article><p>The quota for antimony is kept for a year, the ministry says.</p>"
        "<h3>Leave a Reply</h3><p>A reader writes that it ought to have been cut.</p></article>"
    )

    assert read(page).text == "The quota for antimony is kept for a year, the ministry says."


def test_a_long_page_is_cut_and_deep_nesting_is_survived():
    long = (
        "<article>" + "<p>The ministry keeps the quota, it says again.</p>" * 2_000 + "</article>"
    )

    assert len(read(long).text) == LONGEST
    assert read("<div>" * 3_000 + "<p>The ministry keeps its quota for now.</p>") is not None


@given(st.text(alphabet="<>/pdiv= \"'&;abc", max_size=200))
def test_no_page_is_an_error(page):
    assert isinstance(read(page), Article)
