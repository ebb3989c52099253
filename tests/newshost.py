"""A loopback news host for whole-bot tests: feeds of every dialect over one list of items."""

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from json import dumps
from pathlib import Path
from typing import Self

from aiohttp import web


@dataclass(frozen=True)
class News:
    """One published item; `to` is the dialect whose feed carries it."""

    to: str
    number: int
    title: str
    text: str = ""
    published: datetime = field(default_factory=lambda: datetime.fromtimestamp(time.time(), UTC))


def rss(items, link):
    rows = "".join(
        f"<item><title>{escape(n.title)}</title><link>{link(n)}</link><guid>{link(n)}</guid>"
        f"<pubDate>{format_datetime(n.published)}</pubDate>"
        f"<description>{escape(n.text)}</description></item>"
        for n in items
    )
    return f"<rss version='2.0'><channel><title>Wire</title>{rows}</channel></rss>"


def atom(items, link):
    rows = "".join(
        f"<entry><id>{link(n)}</id><title>{escape(n.title)}</title><link href='{link(n)}'/>"
        f"<updated>{n.published.isoformat()}</updated><summary>{escape(n.text)}</summary></entry>"
        for n in items
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Wire</title>{rows}</feed>"


def rdf(items, link):
    rows = "".join(
        f"<item rdf:about='{link(n)}'><title>{escape(n.title)}</title><link>{link(n)}</link>"
        f"<dc:date>{n.published.isoformat()}</dc:date><description>{escape(n.text)}</description></item>"
        for n in items
    )
    spaces = (
        "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/' "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
    )
    return f"<rdf:RDF {spaces}><channel><title>Wire</title></channel>{rows}</rdf:RDF>"


def json_feed(items, link):
    rows = [
        {
            "id": link(n),
            "url": link(n),
            "title": n.title,
            "content_text": n.text,
            "date_published": n.published.isoformat(),
        }
        for n in items
    ]
    return dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Wire", "items": rows})


def page(items, link):
    rows = "".join(
        f"<li class='row'><a href='{link(n)}'>{escape(n.title)}</a>"
        f"<time>{n.published:%Y-%m-%d %H:%M}</time></li>"
        for n in items
    )
    return f"<!DOCTYPE html><html><body><ul>{rows}</ul></body></html>"


DIALECTS = {"rss": rss, "atom": atom, "rdf": rdf, "json": json_feed, "page": page}


class NewsHost:
    """Serves /rss, /atom, /rdf, /json and /page while the context is open."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.asked: Counter[str] = Counter()
        self._runner = web.AppRunner(self._app(), access_log=None)

    def _app(self):
        app = web.Application()
        app.router.add_get("/{dialect}", self._answer)
        app.router.add_get("/{dialect}/story-{number}", self._article)
        return app

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_):
        await self._runner.cleanup()

    @property
    def base(self):
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _answer(self, request):
        name = request.match_info["dialect"]
        self.asked[name] += 1
        items = [n for n in reversed(self.news) if n.to == name]
        body = DIALECTS[name](
            items, lambda n: f"http://{request.host}/{name}/story-{10_000 + n.number}"
        )
        kinds = {"json": "application/feed+json", "page": "text/html"}
        return web.Response(text=body, content_type=kinds.get(name, "application/xml"))

    async def _article(self, request):
        number = int(request.match_info["number"]) - 10_000
        news = next((n for n in self.news if n.number == number), None)
        if news is None:
            raise web.HTTPNotFound
        page = f"<title>Wire</title><h1>{escape(news.title)}</h1><p>{escape(news.text)}</p>"
        return web.Response(text=page, content_type="text/html")

    def catalogue(self, folder: Path, *more: tuple[str, str]) -> Path:
        """Write a catalogue of all dialects, and of (name, url) feeds besides; return its path."""
        rows = [
            f'[[source]]\nname = "{name}"\nkind = "{"page" if name == "page" else "feed"}"\n'
            f'url = "{self.base}/{name}"\nlang = "en"\n'
            + (
                'item = "li.row"\nlink = "a"\ntitle = "a"\ndate = "time"\n'
                'date_format = "%Y-%m-%d %H:%M"\n'
                if name == "page"
                else ""
            )
            for name in DIALECTS
        ]
        rows += [
            f'[[source]]\nname = "{name}"\nkind = "feed"\nurl = "{url}"\n' for name, url in more
        ]
        path = folder / "sources.toml"
        path.write_text("\n".join(rows))
        return path
