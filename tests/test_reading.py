"""What a source shows, page by page; and the pages of items that say too little."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import FetchError, GoneError, ShapeError
from bot.model import Page, Tier
from bot.parse.parser import here
from bot.reading import ARTICLES, Reader, pays
from sources import KINDS, full_text
from tests import virtual
from tests.builders import NOON, entry, row

LIST = row(url="https://news.example/feed", full_text=True, tier=Tier.OFFICIAL)
BARE = entry(url="https://news.example/61", title="Announcement No. 61 of 2026")
BODY = "Exports of gallium need a licence from the first of December on."
ARTICLE = f"<html><meta name=pubdate content=2025-06-19><body><p>{BODY}</p></body></html>"


class Web:
    """Pages by their address; a missing one is gone, an error is raised, a gate is waited for."""

    def __init__(self, **pages):
        self.pages = pages
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.reader = Reader(self, here, KINDS, full_text, lambda: NOON)

    async def __call__(self, request, row, cursor):
        self.asked.append((request.url, row.headers))
        found = self.pages.get(request.url, GoneError("nothing is there"))
        if isinstance(found, asyncio.Event):
            await found.wait()
        if isinstance(found, Exception):
            raise found
        return Page(url=request.url, body=str(found).encode()) if found else None


def web(pages):
    return Web(**pages)


YEARLY = row(
    kind="page",
    url="https://news.example/{year}",
    options={"item": "li", "undated": True},
)
YEARLY_IN_CHINA = replace(YEARLY, zone="Asia/Shanghai")
LISTED = "<html><ul><li><a href=/1>A measure</a></li></ul></html>"


@pytest.fixture
def january():
    def reader(pages):
        found = web(pages)
        when = NOON.replace(month=1)
        return Reader(found, here, KINDS, full_text, lambda: when)

    return reader


async def test_one_of_several_pages_may_be_missing(january):
    sheet = await january({"https://news.example/2024": LISTED}).read(YEARLY, {})

    assert [e.title for e in sheet.entries] == ["A measure"]


async def test_in_the_first_hours_of_a_year_its_index_is_asked_for_where_it_has_begun():
    found = web({"https://news.example/2027": LISTED})
    new_year = NOON.replace(year=2026, month=12, day=31, hour=16)  # midnight in Shanghai
    reader = Reader(found, here, KINDS, full_text, lambda: new_year)

    await reader.read(YEARLY_IN_CHINA, {})

    assert [url for url, _ in found.asked] == [
        "https://news.example/2027",
        "https://news.example/2026",
    ]


async def test_an_answer_that_cannot_be_read_is_put_aside_as_it_came():
    lost = "出口管制 gallium".encode("gb18030") + b"\xff\xff"
    kept = []

    async def fetch(request, row, cursor):
        return Page(url=request.url, body=lost)

    source = row(kind="page", options={"item": "li"})
    reader = Reader(fetch, here, KINDS, full_text, lambda: NOON, lambda *one: kept.append(one))
    with pytest.raises(ShapeError, match="unreadable charset"):
        await reader.read(source, {})

    assert kept == [(source, lost)]


async def test_where_every_page_is_missing_the_source_is_gone_and_not_unchanged(january):
    with pytest.raises(GoneError):
        await january({}).read(YEARLY, {})


async def test_unchanged_and_missing_together_are_unchanged(january):
    assert await january({"https://news.example/2025": None}).read(YEARLY, {}) is None


@pytest.mark.parametrize(
    ("text", "given", "title", "expected"),
    [
        ("", {}, "Announcement No. 61 of 2026", True),
        ("", {"full_text": False}, "Announcement No. 61 of 2026", False),
        ("A teaser of few words.", {}, "Announcement No. 61 of 2026", True),
        ("Word after word. " * 60, {}, "Announcement No. 61 of 2026", False),
        ("", {"tier": Tier.PRESS}, "Football: the weekend's results", False),
        ("", {"tier": Tier.PRESS}, "Hanoi tightens its grip on ore exports", True),
    ],
    ids=["bare", "not wanted", "teaser", "says enough", "another subject", "may be news"],
)
def test_a_page_is_asked_for_where_it_may_decide(text, given, title, expected):
    source = row(**{"full_text": True, "tier": Tier.OFFICIAL} | given)

    assert pays(entry(title=title, text=text), source) is expected


def test_an_entry_without_an_address_has_no_page():
    assert not pays(entry(url=""), LIST)


async def test_an_items_page_gives_its_text_and_the_date_that_the_list_lacks():
    told = await web({BARE.url: ARTICLE}).reader.fuller([BARE], LIST)

    assert told[BARE].text == BODY
    assert told[BARE].day_only
    assert (told[BARE].title, told[BARE].key) == (BARE.title, BARE.key)


async def test_the_lists_own_date_and_longer_text_stay():
    full = entry(url=BARE.url, published=NOON, text="A longer teaser. " * 12)

    told = await web({BARE.url: ARTICLE}).reader.fuller([full], LIST)

    assert (told[full].text, told[full].published) == (full.text, NOON)


@pytest.mark.parametrize(
    "page", [FetchError("down"), KeyError("ours"), "<html><title>Just a moment...</title>", ""]
)
async def test_whatever_goes_wrong_the_others_have_their_text(page):
    other = entry(url="https://news.example/62", key="k2", title="Announcement No. 62 of 2026")
    pages = web({BARE.url: page, other.url: ARTICLE})

    told = await pages.reader.fuller([BARE, other], LIST)

    assert list(told) == [other]


def test_a_page_that_hangs_is_waited_for_a_few_seconds_and_the_others_are_kept():
    async def main():
        other = entry(url="https://news.example/62", key="k2", title="Announcement No. 62 of 2026")
        pages = web({BARE.url: asyncio.Event(), other.url: ARTICLE})
        before = asyncio.get_running_loop().time()

        told = await pages.reader.fuller([BARE, other], LIST)

        assert list(told) == [other]
        assert asyncio.get_running_loop().time() - before == pytest.approx(8)

    virtual.run(main())


def test_pages_that_take_turns_at_a_slow_pace_are_waited_for():
    """Three at three seconds each come after the usual patience, and are read all the same."""
    listed = [entry(url=f"https://news.example/{n}", key=f"k{n}") for n in range(3)]
    source = replace(LIST, spacing=timedelta(seconds=3))

    async def fetch(request, row, cursor):
        await asyncio.sleep(3 * int(request.url[-1]) + 3)
        return Page(url=request.url, body=ARTICLE.encode())

    async def main():
        return await Reader(fetch, here, KINDS, full_text, lambda: NOON).fuller(listed, source)

    assert len(virtual.run(main())) == 3


async def test_another_server_is_not_asked_at_the_rows_pace():
    paces = []

    async def fetch(request, row, cursor):
        paces.append(row.spacing)
        return Page(url=request.url, body=ARTICLE.encode())

    elsewhere = entry(url="https://other.example/1")
    source = replace(LIST, spacing=timedelta(seconds=3))
    await Reader(fetch, here, KINDS, full_text, lambda: NOON).fuller([BARE, elsewhere], source)

    assert paces == [timedelta(seconds=3), timedelta()]


async def test_at_most_ten_pages_are_asked_for_at_once():
    many = [entry(url=f"https://news.example/{n}", key=f"{n}") for n in range(40)]
    pages = web({})

    await pages.reader.fuller(many, LIST)

    assert len(pages.asked) == ARTICLES


async def test_another_server_gets_none_of_the_rows_headers():
    elsewhere = entry(url="https://other.example/1", title="Announcement No. 61 of 2026")
    pages = web({})
    told = row(url=LIST.url, full_text=True, tier=Tier.OFFICIAL, headers={"X": "y"})

    await pages.reader.fuller([BARE, elsewhere], told)

    assert pages.asked == [(BARE.url, {"X": "y"}), (elsewhere.url, {})]
