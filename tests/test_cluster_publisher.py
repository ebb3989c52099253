"""Publishers are counted by registrable domain and newsroom, not by feed."""

import pytest

from bot.cluster import publisher_of


@pytest.mark.parametrize(
    ("url", "outlet", "publisher"),
    [
        ("https://www.reuters.com/a", "", "reuters.com"),
        ("https://www.reutersagency.com/feed/1", "", "reuters.com"),
        ("http://www.xinhuanet.com/x", "", "news.cn"),
        ("https://asia.nikkei.com/x", "", "nikkei.com"),
        ("https://feeds.bbci.co.uk/news", "", "bbc.com"),
        ("https://english.mofcom.gov.cn/x", "", "mofcom.gov.cn"),
        ("https://news.google.com/rss/x", "www.ft.com", "ft.com"),
        ("https://news.google.com/rss/x", "Not A Host", "google.com"),
        ("https://a.blog.example.co.uk:8443/x", "", "example.co.uk"),
        ("http://127.0.0.1:8080/x", "", "127.0.0.1"),
        ("http://localhost/x", "", "localhost"),
        ("http://[broken", "", ""),
        ("", "", ""),
    ],
)
def test_the_publisher_behind_an_address(url, outlet, publisher):
    assert publisher_of(url, outlet) == publisher


def test_two_sites_of_one_shared_suffix_are_two_publishers():
    assert publisher_of("https://one.github.io/x") != publisher_of("https://two.github.io/x")
