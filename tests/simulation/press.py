"""The news of an invented day, and the sources that publish it over a network with faults."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random  # noqa: TID251  # the type alone

from bot.errors import FetchError, GoneError, RefusedError, WaitError
from bot.model import Cursor, Page, Request, Row
from tests import newshost
from tests.virtual import START

GOODS = (
    "gallium", "germanium", "graphite", "tungsten", "antimony", "nickel", "lithium", "bismuth",
    "indium", "tellurium", "cobalt", "magnesium", "titanium", "molybdenum", "uranium",
)  # fmt: skip
ISSUERS = (
    "China", "Malaysia", "Indonesia", "Vietnam", "Japan", "South Korea", "India", "Chile",
    "Zambia", "Congo", "Brazil", "Argentina", "Kazakhstan", "Russia", "Turkey", "Thailand",
    "Philippines", "Zimbabwe", "Namibia", "Australia", "Canada", "Mexico", "Peru", "Mongolia",
)  # fmt: skip
FIRST = (
    "{issuer} bans exports of {good}",
    "{issuer} imposes export licence requirement on {good}",
    "{issuer} to restrict {good} exports, ministry says",
    "{good} exports from {issuer} need a permit from now on, government says",
)
CHANGE = ("{issuer} lifts export ban on {good}", "{issuer} suspends export controls on {good}")
OTHER = ("Football: {issuer} wins the cup, match report {n}", "Weather for {issuer}, bulletin {n}")
UNDATED = 0.1


@dataclass(frozen=True, slots=True)
class News:
    """What a source publishes at a time, in seconds; `relevant` is what the pipeline must see."""

    at: float
    source: int
    number: int
    title: str
    relevant: bool
    dated: bool

    @property
    def url(self) -> str:
        """Return its address, which nothing else has."""
        return f"https://s{self.source}.example/story-{10_000 + self.number}"


def news_of(chance: Random, hours: float, sources: int) -> list[News]:
    """Invent a day, a piece a minute: events, coverage, changes, and what interests nobody."""
    told: list[tuple[str, str]] = []
    found: list[News] = []
    used: set[tuple[int, str]] = set()  # the same title from the same source is the same item
    times = sorted(chance.random() * hours * 3600 * 0.95 for _ in range(int(hours * 60)))
    for number, at in enumerate(times):
        kind = chance.choices(["other", "first", "copy", "change"], [5, 3, 3, 1])[0]
        new = kind in {"other", "first"} or not told
        event = (chance.choice(ISSUERS), chance.choice(GOODS)) if new else chance.choice(told)
        patterns = {"other": OTHER, "change": CHANGE}.get(kind, FIRST)
        if kind != "other":
            told.append(event)
        title = chance.choice(patterns).format(issuer=event[0], good=event[1], n=number)
        dated = chance.random() >= UNDATED
        source = chance.randrange(sources)
        if (source, title) in used:
            continue
        used.add((source, title))
        found.append(News(at, source, number, title, kind != "other", dated))
    return found


@dataclass(slots=True)
class Site:
    """A source's server: its row in the catalogue, what it publishes, and when it is down."""

    row: Row
    news: list[News] = field(default_factory=list)
    down: tuple[float, float] = (0.0, 0.0)

    def shown(self, now: float) -> Sequence[News]:
        """Return what has been published by now."""
        return [news for news in self.news if news.at <= now]


class Press:
    """All sources, and the network between them and the poller."""

    def __init__(self, chance: Random, hours: float, sources: int) -> None:
        self.healed = False
        self._chance = chance
        self.sites = [self._site(at, hours * 3600) for at in range(sources)]
        for news in news_of(chance, hours, sources):
            self.sites[news.source].news.append(news)

    def _site(self, at: int, end: float) -> Site:
        start, span = self._chance.random() * end, self._chance.choice([600, 3600, 6 * 3600])
        name, every = f"s{at}", timedelta(seconds=self._chance.randrange(300, 3600))
        row = Row(
            name=name, kind="feed", url=f"https://{name}.example/feed", every=every, lang="en"
        )
        return Site(row, down=(start, start + span) if at % 10 == 0 else (0.0, 0.0))

    def site(self, name: str) -> Site:
        """Return a source by its name in the catalogue."""
        return self.sites[int(name[1:])]

    async def fetch(self, request: Request, row: Row, cursor: Cursor) -> Page | None:
        """Be the poller's network. See `Fetch`."""
        site, now = self.site(row.name), asyncio.get_running_loop().time()
        shown = site.shown(now)
        await asyncio.sleep(self._chance.random())
        empty = False if self.healed else self._fail(site, now)
        if empty:
            shown = []
        if not empty and cursor.get("etag") == str(len(shown)):
            return None
        return Page(url=request.url, body=_body(shown), validators={"etag": str(len(shown))})

    def _fail(self, site: Site, now: float) -> bool:
        """Raise what a bad network raises; return whether the source answers an empty list."""
        fate = self._chance.random()
        if site.down[0] <= now < site.down[1] or fate < 0.02:
            raise FetchError("the server did not answer")
        if fate < 0.025:
            raise WaitError("asked to wait", timedelta(seconds=self._chance.randrange(60, 7200)))
        if fate < 0.027:
            raise RefusedError("a page that is no feed came from a proxy")
        if fate < 0.029:
            raise GoneError("not found")
        if fate < 0.031:
            raise KeyError("a fault of our own")
        return fate < 0.035


def _body(shown: Sequence[News]) -> bytes:
    items = [newshost.News("rss", n.number, n.title, published=_when(n)) for n in reversed(shown)]
    by_number = {news.number: news for news in shown}
    body = newshost.rss(items, lambda item: by_number[item.number].url)
    for news in shown:
        if not news.dated:
            body = body.replace(format_datetime(_when(news)), "")
    return body.encode()


def _when(news: News) -> datetime:
    return START + timedelta(seconds=int(news.at))
