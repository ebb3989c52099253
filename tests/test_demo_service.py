"""The news service serves the wire so that the real fetcher and kinds read it right."""

from datetime import timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot import article, catalogue
from bot.demo.service import LOOPBACK, NewsService
from bot.demo.wire import load
from bot.errors import GoneError
from bot.fetch import Fetcher, Limits
from bot.model import Request
from sources import KINDS

WIRE = load()
OUTLETS = tuple(WIRE.outlets.values())
END = WIRE.news[-1].published
SECOND = timedelta(seconds=1)
DAYS_ONLY = {"table", "register"}
CARD = next(p for p in WIRE.news if p.outlet == "ledger" and p.story == "approvals-june")


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


def fetcher(clock, service):
    limits = Limits(spacing=0, per_host=16)
    return Fetcher(
        contact="test", clock=clock, allow=(LOOPBACK,), limits=limits, resolve=service.resolve
    )


async def polled(service, fetch, outlet, *, cursor=None, named=False):
    """Return the page of an outlet and its entries, or None where it is unchanged."""
    rows = catalogue.load(service.catalogue(named=named), "the demo")
    row = next(row for row in rows if row.name == outlet.name)
    (request,) = KINDS[row.kind].requests(row, END)
    page = await fetch(request, row, cursor or {})
    return (page, KINDS[row.kind].parse(page, row)) if page else None


def expected_date(piece, outlet):
    if piece.undated:
        return None
    if outlet.dialect not in DAYS_ONLY:
        return piece.published
    local = piece.published.astimezone(ZoneInfo(outlet.zone))
    return local.replace(hour=0, minute=0)


@pytest.mark.parametrize("named", [False, True], ids=["folders", "hosts"])
@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.slug)
async def test_the_real_kinds_read_every_outlet(outlet, named):
    """Right number, titles, texts and UTC times, whatever the dialect, charset and zone."""
    clock = Clock(END)
    pieces = WIRE.listed(outlet, END)
    async with NewsService(WIRE, clock) as service, fetcher(clock, service) as fetch:
        _, parsed = await polled(service, fetch, outlet, named=named)
    entries = parsed.entries

    assert [entry.title for entry in entries] == [piece.title for piece in pieces]
    assert [e.published for e in entries] == [expected_date(p, outlet) for p in pieces]
    for entry, piece in zip(entries, pieces, strict=True):
        assert " ".join(piece.text.split()) in " ".join(entry.text.split())
        assert "appeared first on" not in entry.text
        assert entry.day_only == (outlet.dialect in DAYS_ONLY)
        assert entry.lang == outlet.lang
    undated = [piece for piece in pieces if piece.undated and not outlet.undated]
    assert bool(parsed.flaws) == bool(undated)


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.slug)
async def test_a_list_grows_with_the_clock_and_is_unchanged_in_between(outlet):
    clock = Clock(WIRE.begins)
    async with NewsService(WIRE, clock) as service, fetcher(clock, service) as fetch:
        page, before = await polled(service, fetch, outlet)
        again = await polled(service, fetch, outlet, cursor=page.validators)
        clock.now = END
        _, after = await polled(service, fetch, outlet, cursor=page.validators)

    assert again is None
    assert len(before.entries) == len(WIRE.listed(outlet, WIRE.begins))
    assert len(after.entries) > len(before.entries)


async def test_a_validator_of_either_sort_is_honoured():
    """304 for the ETag or, without one, for a date no older than the newest item."""
    clock = Clock(WIRE.begins)
    async with NewsService(WIRE, clock) as service, httpx.AsyncClient() as client:
        url = service.url("/harbour/rss/metals.xml")
        first = await client.get(url)
        newest = WIRE.listed(WIRE.outlets["harbour"], clock.now)[0].published
        asked = [
            {"If-None-Match": first.headers["etag"]},
            {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]},
            {"If-Modified-Since": first.headers["last-modified"]},
            {"If-Modified-Since": format_datetime(newest - SECOND, usegmt=True)},
            {"If-Modified-Since": "yesterday"},
        ]
        answers = [(await client.get(url, headers=headers)).status_code for headers in asked]

    assert answers == [304, 200, 304, 200, 200]


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.slug)
async def test_each_item_links_to_its_article(outlet):
    """The page holds the text among menus, cookies and comment forms, and says its date."""
    clock = Clock(END)
    async with NewsService(WIRE, clock) as service, fetcher(clock, service) as fetch:
        _, parsed = await polled(service, fetch, outlet)
        row = catalogue.load(service.catalogue(), "the demo")[OUTLETS.index(outlet)]
        pages = [await fetch(Request(url=entry.url), row, {}) for entry in parsed.entries]
    pieces = WIRE.listed(outlet, END)

    for page, piece in zip(pages, pieces, strict=True):
        told = article.read(page.body.decode(outlet.charset))
        assert told.text == piece.text
        assert bool(told.date) != piece.undated


async def test_the_article_of_the_card_comes_with_all_that_may_not_reach_the_alert():
    """The trap is laid: without it the demo would prove nothing about boilerplate."""
    clock = Clock(END)
    async with NewsService(WIRE, clock) as service, httpx.AsyncClient() as client:
        page = (await client.get(service.url(f"/ledger{CARD.path}"))).text
        feed = (await client.get(service.url("/ledger/feed/"))).text

    for trimming in ("Monitoring Desk", "Leave a Reply", "will not be published", "Save my name"):
        assert trimming in page
    assert "Monitoring Desk" in feed
    assert "appeared first on" in feed


async def test_an_article_is_not_there_before_it_is_published():
    clock = Clock(CARD.published - SECOND)
    async with NewsService(WIRE, clock) as service, fetcher(clock, service) as fetch:
        row = catalogue.load(service.catalogue(), "the demo")[0]
        with pytest.raises(GoneError):
            await fetch(Request(url=service.url(f"/ledger{CARD.path}")), row, {})


@pytest.mark.parametrize("path", ["/", "/nobody/feed/", "/ledger/no/such/page/"])
async def test_what_is_not_on_the_wire_is_not_found(path):
    async with NewsService(WIRE, Clock(END)) as service, httpx.AsyncClient() as client:
        answer = await client.get(service.url(path))

    assert answer.status_code == 404


async def test_only_the_wires_own_names_resolve():
    service = NewsService(WIRE, Clock(END))

    assert await service.resolve("harbour-metals.example", 80) == (LOOPBACK,)
    with pytest.raises(OSError, match="not part of the sample wire"):
        await service.resolve("example.org", 80)
