"""The JSON kinds and OFAC's list: plain-text refusals, empty lists and changed shapes are loud."""

import json

import pytest

from bot.errors import ShapeError
from bot.model import Page, Row
from sources import KINDS
from sources.answer import json_of


def parse(kind, body, url="https://api.example/list.json", **options):
    text = body if isinstance(body, str) else json.dumps(body)
    row = Row(name="r", kind=kind, url=url, options=options)
    return KINDS[kind].parse(Page(url=url, body=text.encode()), row)


LIST = {"rows": "data.items", "title": "headline"}
REFUSED = {
    "gdelt-slow-down": ("gdelt", "Please wait five seconds.", {}, "Please wait five seconds"),
    "gdelt-page": ("gdelt", "<html><title>Busy</title></html>", {}, "Busy"),
    "gdelt-shape": ("gdelt", {"errors": []}, {}, 'no list at "articles"'),
    "govuk-none": ("govuk", {"results": [], "total": 0}, {}, "a search result is not in it"),
    "govuk-shape": ("govuk", {"error": "no"}, {}, 'no list at "results"'),
    "list-none": ("json_list", {"data": {"items": []}}, LIST, 'a row under "data.items"'),
    "list-moved": ("json_list", {"data": []}, LIST, "holds something else"),
    "list-renamed": (
        "json_list", {"data": {"items": [{"title": "x"}]}}, LIST, 'a title under "headline"',
    ),
    "list-deep": ("json_list", "[" * 100_000, LIST, "expected JSON"),
    "list-long-number": ("json_list", "[" + "9" * 5_000 + "]", LIST, "expected JSON"),
    "ofac-layout": ("ofac", "<div class='row'>x</div>", {}, "list of recent actions"),
    "ofac-challenge": ("ofac", "", {}, "empty"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "options", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_the_kinds_shape_is_an_error(kind, body, options, words):
    with pytest.raises(ShapeError) as caught:
        parse(kind, body, **options)

    assert words in str(caught.value)


def test_gdelt_says_nothing_found_with_an_empty_object():
    assert parse("gdelt", "{}").entries == ()


def test_a_list_may_be_empty_where_its_row_says_so():
    assert parse("json_list", {"data": {"items": []}}, **LIST, empty=True).entries == ()


def test_a_list_at_the_top_is_read_and_odd_rows_are_skipped():
    parsed = parse("json_list", [{"t": "One"}, 7, None, {"t": 5}], title="t", undated=True)

    assert [entry.title for entry in parsed.entries] == ["One", "5"]


def test_wordpress_rest_that_answers_an_error_is_an_error():
    body = {"code": "rest_no_route", "message": "No route"}

    with pytest.raises(ShapeError):
        parse("wordpress", body, url="https://paper.example/wp-json/wp/v2/posts")


def test_ofac_reads_on_only_as_far_as_the_row_wants():
    html = (
        "<div class='views-row'><a href='/recent-actions/20260923'>Designations</a></div>"
        "<a class='usa-pagination__next-page' href='?page=1'>Next</a>"
    )
    url = "https://ofac.treasury.gov/recent-actions"
    one, two = (parse("ofac", html, url=url, pages=pages) for pages in (1, 2))

    assert one.more is None
    assert two.more is not None
    assert two.more.url == f"{url}?page=1"


def test_every_refusal_fits_one_log_line():
    with pytest.raises(ShapeError) as caught:
        parse("gdelt", "Too\nmany\x1b[31m\r\n" + "words " * 1_000)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (r"Malaysia\'s ore", "Malaysia's ore"),
        ("Ore\tand more", "Ore\tand more"),
        (r"A \'new\' \"quote\" \\ \u00e9", "A 'new' \"quote\" \\ é"),
        (r"short \u12", "short u12"),
    ],
)
def test_headlines_that_were_copied_badly_into_json_cost_no_list(title, expected):
    assert json_of(f'{{"title":"{title}"}}', "JSON") == {"title": expected}
