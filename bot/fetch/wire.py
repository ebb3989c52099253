"""The transports under httpx: guarded and direct, or through a row's own proxy."""

import contextlib
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterator

import httpcore
import httpx

from bot.errors import FetchError, RefusedError
from bot.fetch.dial import Stream, dial
from bot.fetch.guard import Allow, admitted, target_of
from bot.fetch.limits import Limits
from bot.fetch.resolve import Resolve, addresses_of


class Body(httpx.AsyncByteStream):
    """A body as it comes. Raises FetchError where it is not as long as was announced."""

    def __init__(
        self,
        parts: AsyncIterable[bytes],
        connection: httpcore.AsyncHTTP11Connection,
        stream: Stream,
        length: int | None,
    ) -> None:
        self._parts, self._connection = parts, connection
        self._stream, self._length = stream, length

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with meant(""):
            async for part in self._parts:
                yield part
        if self._length is not None and self._stream.behind_head > self._length:
            raise FetchError("the answer is longer than it announced: its end would be missing")

    async def aclose(self) -> None:
        await self._connection.aclose()


class Wire(httpx.AsyncBaseTransport):
    """Sends each request over a connection of its own, to an address that the guard admits."""

    def __init__(self, allow: Allow, limits: Limits, resolve: Resolve, tls: ssl.SSLContext) -> None:
        self._allow, self._limits, self._resolve, self._tls = allow, limits, resolve, tls

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        target = target_of(str(request.url), self._allow)
        found = await addresses_of(target.host, target.port, self._resolve, self._limits.resolve)
        where = admitted(target, found, self._allow)
        stream = await dial(target, where, self._tls, self._limits.connect)
        core = _core(request)
        connection = httpcore.AsyncHTTP11Connection(core.url.origin, stream, keepalive_expiry=0)
        try:
            with meant(target.host):
                answer = await connection.handle_async_request(core)
        except BaseException:
            await stream.aclose()
            raise
        return _answer(answer, connection, stream)


class Through(httpx.AsyncBaseTransport):
    """Sends requests by a proxy that the operator chose; the proxy dials, so we check what we can.

    A name that resolves here must be public; one that does not is the proxy's to find.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, allow: Allow, resolve: Resolve) -> None:
        self._inner, self._allow, self._resolve = inner, allow, resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        target = target_of(str(request.url), self._allow)
        with contextlib.suppress(FetchError):
            found = await addresses_of(target.host, target.port, self._resolve, 1.0)
            admitted(target, found, self._allow)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def secure(ca: str) -> ssl.SSLContext:
    """Return how certificates are checked: the usual authorities and a row's own `ca` file."""
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    if ca:
        try:
            context.load_verify_locations(cafile=ca)
        except OSError as error:
            raise RefusedError(f"the file of `ca` cannot be used: {error.strerror}") from error
    return context


@contextlib.contextmanager
def meant(host: str) -> Iterator[None]:
    """Turn what httpx and httpcore raise into FetchError; their texts can hold addresses."""
    who = host or "the server"
    try:
        yield
    except (httpcore.RemoteProtocolError, httpx.RemoteProtocolError) as error:
        raise FetchError(f"{who} broke off or does not speak HTTP properly") from error
    except (httpcore.ProxyError, httpx.ProxyError) as error:
        raise FetchError(f"the proxy does not let us through to {who}") from error
    except (httpcore.ProtocolError, httpx.InvalidURL, httpx.ProtocolError) as error:
        raise RefusedError("the request cannot be sent: check the row's url and headers") from error
    except (httpcore.NetworkError, httpcore.TimeoutException, httpx.HTTPError, OSError) as error:
        raise FetchError(f"the connection to {who} broke") from error


def _core(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
    )


def _answer(
    answer: httpcore.Response, connection: httpcore.AsyncHTTP11Connection, stream: Stream
) -> httpx.Response:
    assert isinstance(answer.stream, AsyncIterable)  # noqa: S101  # for mypy: httpcore's own type
    headers = httpx.Headers(answer.headers)
    told = headers.get("content-length", "")
    framed = told.isdecimal() and "transfer-encoding" not in headers
    body = Body(answer.stream, connection, stream, int(told) if framed else None)
    return httpx.Response(answer.status, headers=headers, stream=body)
