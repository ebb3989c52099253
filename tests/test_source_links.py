"""Links of entries: absolute, unwrapped, and only where a source may lead."""

import pytest

from bot.model import Row
from sources.links import absolute, allowed, host_of, same_host, unwrapped

BASE = "https://www.wire.example/news/feed.xml"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://a.example/x?y=1", "https://a.example/x?y=1"),
        ("/2026/x", "https://www.wire.example/2026/x"),
        ("x.html", "https://www.wire.example/news/x.html"),
        ("//cdn.example/x", "https://cdn.example/x"),
        (" https://a.example/\n x ", "https://a.example/x"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:desk@wire.example", ""),
        ("file:///etc/passwd", ""),
        ("https://user:pass@a.example/", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://a.example/" + "x" * 3_000, ""),
        ("", ""),
    ],
)
def test_absolute_keeps_web_addresses_alone(link, expected):
    assert absolute(BASE, link) == expected


def test_a_wrapper_gives_its_address_and_a_bare_link_stays():
    assert unwrapped("https://w.example/?url=https%3A%2F%2Fa.example%2Fx", "url") == (
        "https://a.example/x"
    )
    assert unwrapped("https://a.example/x", "url") == "https://a.example/x"
    assert unwrapped("https://w.example/?url=javascript:alert(1)", "url") == ""


@pytest.mark.parametrize(
    ("host", "may"),
    [
        ("gov.example", True),
        ("www.gov.example", True),
        ("blog.gov.example", True),
        ("feeds.example", True),
        ("evilgov.example", False),
        ("gov.example.evil.example", False),
    ],
)
def test_a_source_links_to_its_own_host_and_those_it_names(host, may):
    row = Row(name="r", kind="feed", url="https://feeds.example/x", hosts=("gov.example",))

    assert allowed(f"https://{host}/x", row) is may


def test_a_source_that_names_no_hosts_may_link_anywhere():
    assert allowed("https://any.example/", Row(name="r", kind="feed", url=BASE))


def test_hosts_are_compared_with_scheme_and_port():
    assert host_of("https://www.a.example:8443/x") == "a.example"
    assert same_host("https://a.example/x", "https://a.example/y")
    assert not same_host("https://a.example/x", "https://a.example:444/x")
