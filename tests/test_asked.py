"""What a redirect makes of a request: who gets which headers, and what becomes of a form."""

import pytest

from bot.errors import FetchError
from bot.fetch.asked import Asked, asked_of, redirected
from bot.fetch.validators import Known
from bot.model import Request
from tests.builders import row

FIRST = Asked(
    "http://news.example/feed",
    {
        "User-Agent": "us",
        "Authorization": "key",
        "Referer": "http://news.example/",
        "If-None-Match": '"a"',
    },
    b"page=1",
    {"seen": "yes"},
)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/new", "http://news.example/new"),
        ("new?x=1#part", "http://news.example/new?x=1"),
        ("http://NEWS.example/new", "http://NEWS.example/new"),
        ("https://news.example/feed", "https://news.example/feed"),
    ],
)
def test_the_same_server_gets_everything_again(location, url):
    onward = redirected(FIRST, 308, location, ["more=1; Path=/", "seen=no"])

    assert onward.url == url
    assert onward.headers == FIRST.headers
    assert onward.form == FIRST.form
    assert onward.cookies == {"seen": "no", "more": "1"}


@pytest.mark.parametrize(
    "location",
    [
        "//other.example/feed",
        "https://www.news.example/feed",
        "http://news.example:8080/feed",
        "http://news.example.evil.example/",
    ],
)
def test_another_server_gets_neither_keys_nor_cookies(location):
    onward = redirected(FIRST, 302, location, ["seen=no"])

    assert onward.headers == {"User-Agent": "us", "If-None-Match": '"a"'}
    assert onward.cookies == {}


def test_keys_never_go_from_https_to_http():
    secure = Asked("https://news.example/feed", FIRST.headers)

    assert "Authorization" not in redirected(secure, 302, "http://news.example/feed", []).headers


@pytest.mark.parametrize("location", ["", "  ", "http://[::1", "http://[x]/"])
def test_a_redirect_that_names_no_place_is_an_error(location):
    with pytest.raises(FetchError):
        redirected(FIRST, 302, location, [])


@pytest.mark.parametrize(
    "line", ["", "=x", "name", "a=\r\nX-Evil: 1", "a=\u00e9", "a=" + "x" * 5_000]
)
def test_odd_cookies_are_left_out(line):
    onward = redirected(FIRST, 302, "/new", [line])

    assert onward.cookies == {"seen": "yes"} | ({"name": ""} if line == "name" else {})


def test_later_layers_of_headers_win_whatever_their_case():
    asked = asked_of(
        Request(url="http://news.example/#x", headers={"ACCEPT": "text/html"}),
        row(headers={"accept": "*/*", "user-agent": "theirs"}),
        Known(etag='W/"a"'),
        "us",
    )

    assert asked.url == "http://news.example/"
    assert asked.headers == {
        "Accept-Encoding": "gzip",
        "user-agent": "theirs",
        "ACCEPT": "text/html",
        "If-None-Match": 'W/"a"',
    }
