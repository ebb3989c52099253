"""Ask a server what a source wants to know: politely, within bounds, and only where we may.

known ─> asked ─> turn ─> guard ─> dial ─> status ─> body ─> changed?
                    ^                        |
                    └──── next hop ──────────┘
"""

import asyncio
import functools
import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from bot.errors import FetchError, RefusedError, WaitError
from bot.fetch import asked, body, meaning, validators
from bot.fetch.asked import Asked
from bot.fetch.guard import Allow, target_of
from bot.fetch.limits import Limits
from bot.fetch.resolve import Resolve, SystemResolver
from bot.fetch.turns import Sleep, Turns
from bot.fetch.wire import Through, Wire, meant, secure
from bot.model import Cursor, Page, Request, Row
from bot.ports import Clock

_NO_KEEPING = httpx.Limits(max_keepalive_connections=0)


@dataclass(frozen=True, slots=True)
class _Answer:
    url: str
    status: int
    headers: httpx.Headers
    body: bytes = b""
    moved: bool = False  # by permanent redirects alone


class _Budget:
    """The seconds that a fetch has left; waiting for a turn costs none."""

    def __init__(self, seconds: float, time: Callable[[], float]) -> None:
        self.total = self.left = seconds
        self._time, self._since = time, 0.0

    def __enter__(self) -> float:
        self._since = self._time()
        return self.left

    def __exit__(self, *_: object) -> None:
        self.left -= self._time() - self._since


class Fetcher:
    """Polite, bounded, guarded HTTP; a context manager, since it holds transports.

    `allow` is what the operator exempts from the guard: networks, hosts, `host:port`.
    """

    def __init__(
        self,
        *,
        contact: str,
        clock: Clock,
        allow: tuple[str, ...] = (),
        limits: Limits = Limits(),  # noqa: B008  # frozen
        resolve: Resolve | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._agent = agent_of(contact)
        self._clock, self._limits, self._allow = clock, limits, Allow.of(allow)
        self._resolve = resolve or SystemResolver()
        self._turns = Turns(limits.per_host, limits.spacing, sleep)
        self._transports: dict[tuple[str, str], httpx.AsyncBaseTransport] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for transport in self._transports.values():
            await transport.aclose()

    async def __call__(self, request: Request, row: Row, cursor: Cursor) -> Page | None:
        """Return the page, or None where it is unchanged since `cursor`. Raises SourceError."""
        known = validators.known(request, cursor, self._clock())
        first = asked.asked_of(request, row, known, self._agent)
        answer = await self._followed(row, first)
        if answer.status == 304:
            _check_unchanged(answer, known)
            return None
        fresh = validators.learned(answer.headers, answer.body, self._clock())
        if known.digest == fresh.digest:
            return None
        move = validators.moved(
            validators.kept_of(request, cursor), answer.url if answer.moved else "", self._clock()
        )
        return Page(
            url=answer.url,
            body=answer.body,
            content_type=answer.headers.get("content-type", "")[:200],
            validators=validators.written(request, replace(fresh, move=move)),
            moved=move.to if move and move.lasts(self._clock()) else "",
        )

    async def _followed(self, row: Row, first: Asked) -> _Answer:
        budget = _Budget(self._limits.deadline, asyncio.get_running_loop().time)
        ask, met, statuses = first, {first.place}, set[int]()
        for _ in range(self._limits.hops + 1):
            answer = await self._hop(row, ask, budget)
            if answer.status not in asked.REDIRECTS:
                return replace(answer, moved=bool(statuses) and statuses <= asked.PERMANENT)
            statuses.add(answer.status)
            told = answer.headers
            ask = asked.redirected(
                ask, answer.status, told.get("location", ""), told.get_list("set-cookie")
            )
            if ask.place in met:
                raise RefusedError(f"{_host(first.url)} redirects in a circle")
            met.add(ask.place)
        raise RefusedError(f"{_host(first.url)} redirects more than {self._limits.hops} times")

    async def _hop(self, row: Row, ask: Asked, budget: _Budget) -> _Answer:
        host, transport = target_of(ask.url, self._allow).host, self._transport(row)
        own = row.spacing if host == _host(row.url) else timedelta()
        async with self._turns.turn(host, self._clock, own):
            try:
                with budget as seconds:
                    async with asyncio.timeout(seconds):
                        return await self._answer(transport, ask, host)
            except TimeoutError as error:
                raise FetchError(
                    f"{host} did not finish its answer within {budget.total:g} s"
                ) from error
            except WaitError as error:
                if error.wait:
                    self._turns.pause(host, self._clock() + error.wait)
                raise

    async def _answer(self, transport: httpx.AsyncBaseTransport, ask: Asked, host: str) -> _Answer:
        with meant(host):
            request = httpx.Request(ask.method, ask.url, headers=ask.sent(), content=ask.form)
            response = await transport.handle_async_request(request)
        try:
            return await self._read(response, ask.url, host)
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response, url: str, host: str) -> _Answer:
        status, headers = response.status_code, response.headers
        if status == 304 or status in asked.REDIRECTS:
            return _Answer(url, status, headers)
        if error := meaning.trouble(status, headers, host, self._clock()):
            raise error
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._limits.wire:
            raise body.too_big(self._limits.wire)
        with meant(host):
            content = await body.read(
                response.aiter_raw(),
                headers.get("content-encoding", ""),
                self._limits.wire,
                self._limits.decoded,
            )
        if meaning.is_challenge(content):
            raise meaning.blocked(host, status)
        return _Answer(url, status, headers, content)

    def _transport(self, row: Row) -> httpx.AsyncBaseTransport:
        route = (row.proxy, row.ca)
        if route not in self._transports:
            self._transports[route] = self._made(row)
        return self._transports[route]

    def _made(self, row: Row) -> httpx.AsyncBaseTransport:
        if row.ca:
            secure(row.ca)  # a missing file is the row's fault, whatever its server speaks
        if not row.proxy:
            return Wire(self._allow, self._limits, self._resolve, functools.partial(secure, row.ca))
        try:
            proxied = httpx.AsyncHTTPTransport(
                verify=secure(row.ca), trust_env=False, limits=_NO_KEEPING, proxy=row.proxy
            )
        except (ValueError, ImportError, httpx.InvalidURL) as error:
            raise RefusedError("the row's `proxy` is not one: write http://host:port") from error
        return Through(proxied, self._allow, self._resolve)


def agent_of(contact: str) -> str:
    """Return who we say we are: the program, its version, and whom to write to."""
    plain = "".join(char for char in contact if " " < char < "\x7f" and char not in "()")
    version = ".".join(importlib.metadata.version("exportwire").split(".")[:2])
    return f"exportwire/{version} (+{plain})"


def _check_unchanged(answer: _Answer, known: validators.Known) -> None:
    if not known.headers():
        raise FetchError(f"{_host(answer.url)} says nothing has changed, but we had not asked that")


@functools.lru_cache(maxsize=2_048)
def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
