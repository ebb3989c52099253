"""The catalogue loader, and the catalogue that ships."""

import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.catalogue import load, span, written
from bot.errors import SettingsError
from bot.model import Row, Tier
from sources import KINDS

SHIPPED = Path(__file__).parents[1] / "sources" / "catalogue.toml"
LEAST = '[[source]]\nname = "wire"\nkind = "feed"\nurl = "https://wire.example/feed"\n'


def test_a_row_needs_three_keys():
    (row,) = load(LEAST, "sources.toml")

    assert (row.name, row.kind, row.url) == ("wire", "feed", "https://wire.example/feed")
    assert (row.tier, row.every, row.enabled) == (Tier.PRESS, timedelta(minutes=15), True)


def test_every_key_arrives():
    text = (
        LEAST
        + """tier = "official"
country = "CN"
lang = "zh"
zone = "Asia/Shanghai"
every = "10m"
hours = "08:00-18:30"
cadence = "14d"
enabled = false
why_off = "noise"
quote = false
full_text = true
hosts = ["wire.example"]
charsets = ["GB18030"]
headers = { Referer = "https://wire.example/" }
proxy = "http://proxy.example:3128"
ca = "/etc/ssl/own.pem"
key = "link"
"""
    )
    (row,) = load(text, "sources.toml")

    assert (row.tier, row.country, row.lang, row.zone) == (
        Tier.OFFICIAL, "CN", "zh", "Asia/Shanghai",
    )  # fmt: skip
    assert (row.every, row.cadence) == (timedelta(minutes=10), timedelta(days=14))
    assert (row.hours, row.enabled, row.why_off) == ("08:00-18:30", False, "noise")
    assert (row.quote, row.full_text, row.hosts) == (False, True, ("wire.example",))
    assert (row.charsets, row.headers["Referer"]) == (("gb18030",), "https://wire.example/")
    assert (row.proxy, row.ca) == ("http://proxy.example:3128", "/etc/ssl/own.pem")
    assert row.options == {"key": "link"}


def test_all_mistakes_are_told_at_once_by_row_and_key():
    text = """
[[source]]
name = "one"
kind = "feeed"
url = "ftp://x.example/"
every = 15

[[source]]
kind = "page"
url = "https://x.example/"
item = "ul >> li["
zone = "Mars/Olympus"
colour = "red"

[[source]]
name = "three"
kind = "page"
url = "https://x.example/"
"""
    with pytest.raises(SettingsError) as caught:
        load(text, "mine.toml")

    told = str(caught.value)
    assert told.startswith("mine.toml has mistakes:")
    for words in (
        "one: kind must be one of feed",
        "one: url must be an address",
        'one: every must be a span such as "15m"',
        "source number 2: name is missing",
        "source number 2: item must be a CSS selector",
        "source number 2: zone must be an IANA zone",
        'source number 2: "colour" is not known',
        "three: item is missing",
    ):
        assert words in told


WRONG = {
    "toml": ("name = ", "is not TOML"),
    "top-level": ("[sauce]\nx = 1", '"sauce" is not known'),
    "no-array": ("source = 3", "[[source]]"),
    "twice": (LEAST + LEAST, "the name is used more than once"),
    "tier": (LEAST + 'tier = "gold"', "tier must be one of official"),
    "country": (LEAST + 'country = "China"', "country must be two capitals"),
    "hours": (LEAST + 'hours = "8-18"', "hours must be"),
    "charset": (LEAST + 'charsets = ["gb-nope"]', "charsets must be"),
    "header-split": (LEAST + 'headers = { X = "a\\r\\nY: b" }', "headers must be"),
    "header-ours": (LEAST + 'headers = { Host = "x" }', 'the header "Host"'),
    "header-list": (LEAST + 'headers = ["x"]', "headers must be a table"),
    "another-kinds-option": (LEAST + 'item = "li"', '"item" is not known'),
    "flag": (LEAST + 'enabled = "no"', "enabled must be true or false"),
    "proxy": (LEAST + 'proxy = "proxy.example"', "proxy must be"),
    "host": (LEAST + 'hosts = ["https://x.example"]', "hosts must be"),
    "option": (LEAST + 'key = "title"', 'key must be "guid" or "link"'),
    "port": (LEAST.replace("wire.example/feed", "wire.example:99999/feed"), "url must be"),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_named(text, words):
    with pytest.raises(SettingsError) as caught:
        load(text, "sources.toml")

    assert words in str(caught.value)


def test_a_wrong_address_is_not_repeated_since_it_may_hold_a_key():
    with pytest.raises(SettingsError) as caught:
        load(LEAST.replace("https://wire.example/feed", "x://s3cret"), "sources.toml")

    assert "s3cret" not in str(caught.value)


@given(st.integers(1, 99_999), st.sampled_from(["s", "m", "h", "d"]))
def test_a_span_is_its_number_of_units(number, unit):
    one = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}[unit]

    assert span(f"{number}{unit}").total_seconds() == number * one


@pytest.mark.parametrize("value", ["", "15", "m", "-5m", "0m", "1.5h", "15 min", 15, None, True])
def test_what_is_no_span_is_refused(value):
    with pytest.raises(ValueError, match="span"):
        span(value)


def test_the_shipped_catalogue_is_sound():
    """Each row says who, where and how often; what is off says why; officials name their hosts."""
    rows = load(SHIPPED.read_text("utf-8"), "sources/catalogue.toml")

    assert sum(row.enabled for row in rows) >= 29
    for row in rows:
        assert row.cadence is not None, row.name
        assert row.cadence >= row.every, row.name
        assert row.enabled or row.why_off, row.name
        assert row.hosts or row.tier is Tier.AGGREGATOR, row.name
        assert not row.official or row.country, row.name


def test_what_may_not_be_quoted_is_marked_so():
    """Where terms forbid it or were never established, sentences stay out of alerts."""
    rows = {row.name: row for row in load(SHIPPED.read_text("utf-8"), "sources/catalogue.toml")}

    assert not any(row.quote for row in rows.values() if row.tier in {Tier.PRESS, Tier.TRADE})
    assert not rows["google-news"].enabled
    assert rows["federal-register"].quote


def test_the_page_on_sources_lists_every_row_where_it_belongs():
    page = (SHIPPED.parents[1] / "docs" / "SOURCES.md").read_text("utf-8")
    polled, off = page.split("## Switched off as shipped")

    for row in load(SHIPPED.read_text("utf-8"), "sources/catalogue.toml"):
        assert f"| `{row.name}` |" in (polled if row.enabled else off), row.name
        assert row.enabled or row.why_off in off, row.name


def test_every_kind_and_every_key_of_it_is_documented():
    page = (SHIPPED.parents[1] / "docs" / "SOURCES.md").read_text("utf-8")
    page = page.partition("## Rows")[2]

    for name, kind in KINDS.items():
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
        missing = [key for key in kind.options if f"`{key}`" not in line and key != "key"]
        assert not missing, name


def test_rows_that_are_written_are_read_back_the_same():
    """So that a row that a person adds in a chat is the row that is polled after a restart."""
    rows = load(SHIPPED.read_text("utf-8"), "sources/catalogue.toml")

    assert load("\n".join(map(written, rows)), "written") == rows


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=40
    )
)
def test_any_name_survives_being_written(name):
    assume(name.isprintable() and name.strip() == name)
    row = Row(name=name, kind="page", url="https://x.example/", options={"item": "li"})

    assert load(written(row), "written") == (row,)


@pytest.mark.parametrize(
    "row", load(SHIPPED.read_text("utf-8"), "shipped"), ids=lambda row: row.name
)
def test_every_shipped_row_asks_its_own_host_and_can_go_to_a_worker(row):
    requests = KINDS[row.kind].requests(row, datetime(2027, 1, 3, tzinfo=UTC))

    assert requests
    assert {urlsplit(one.url).hostname for one in requests} == {urlsplit(row.url).hostname}
    assert not any("{" in one.url.replace("%7B", "") for one in requests)
    assert pickle.loads(pickle.dumps((KINDS[row.kind], row)))[1] == row  # noqa: S301 - our own bytes
