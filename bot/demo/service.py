"""The news service: plays the wire over HTTP on loopback, as far as the clock has come."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.demo import dialects, pages
from bot.demo.place import Place
from bot.demo.wire import Outlet, Wire
from bot.ports import Clock

LOOPBACK = "127.0.0.1"


class NewsService:
    """A context manager: while it is open, each outlet's list and articles are served.

    A list holds what was published at or before `now()`; an article is there from then on.
    """

    def __init__(self, wire: Wire, now: Clock) -> None:
        self._wire, self._now = wire, now
        self._runner: web.AppRunner | None = None
        self._hosts = {outlet.host: outlet for outlet in wire.outlets.values()}

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, 0).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    @property
    def base(self) -> str:
        """Return the service's address, without a slash at its end."""
        port = self._runner.addresses[0][1] if self._runner and self._runner.addresses else 0
        return f"http://{LOOPBACK}:{port}"

    def url(self, path: str) -> str:
        """Return the address of a path such as "/harbour/rss/metals.xml"."""
        return self.base + path

    def catalogue(self, *, named: bool = False) -> str:
        """Return the catalogue of the outlets, in TOML; see `Place` for `named`."""
        return dialects.catalogue(self._wire, Place(self.base, named))

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """Return loopback for the wire's own names. Raises OSError for any other."""
        del port
        if host in self._hosts:
            return (LOOPBACK,)
        raise OSError(f"{host} is not part of the sample wire")

    async def _answer(self, request: web.Request) -> web.Response:
        name = request.host.partition(":")[0]
        named = self._hosts.get(name)
        slug, _, rest = request.path.removeprefix("/").partition("/")
        outlet = named or self._wire.outlets.get(slug)
        path = request.path if named else f"/{rest}"
        if outlet is None:
            raise web.HTTPNotFound
        home = Place(self.base, named is not None).home(outlet)
        return (
            self._listed(request, outlet, home)
            if path == outlet.path
            else self._told(outlet, path, home)
        )

    def _listed(self, request: web.Request, outlet: Outlet, home: str) -> web.Response:
        dialect = dialects.DIALECTS[outlet.dialect]
        pieces = self._wire.listed(outlet, self._now())
        body = _bytes(dialect.render(outlet, pieces, home), outlet)
        newest = max((piece.published for piece in pieces), default=self._wire.begins)
        headers = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:20]}"',
            "Last-Modified": format_datetime(newest, usegmt=True),
        }
        if _unchanged(request, headers["ETag"], newest):
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return web.Response(body=body, headers={**headers, "Content-Type": dialect.media})

    def _told(self, outlet: Outlet, path: str, home: str) -> web.Response:
        piece = self._wire.found(outlet, path, self._now())
        if piece is None:
            raise web.HTTPNotFound
        body = _bytes(pages.article(outlet, piece, home), outlet)
        return web.Response(body=body, headers={"Content-Type": "text/html"})


def _bytes(text: str, outlet: Outlet) -> bytes:
    """Return a document in its outlet's charset; what that lacks becomes a reference."""
    return text.encode(outlet.charset, "xmlcharrefreplace")


def _unchanged(request: web.Request, etag: str, newest: datetime) -> bool:
    """Return whether the reader holds this answer: by its ETag, else by the date it names."""
    if told := request.headers.get("If-None-Match"):
        return etag in {tag.strip().removeprefix("W/") for tag in told.split(",")}
    try:
        since = parsedate_to_datetime(request.headers.get("If-Modified-Since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and since >= newest.replace(microsecond=0)
