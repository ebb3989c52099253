"""The transports under httpx: guarded and direct, or through a row's own proxy."""

import contextlib
import functools
import ssl
from collections.abc import AsyncIterator, Iterator

import h11
import httpx

from bot.errors import FetchError, RefusedError
from bot.fetch.dial import Line, Trust, dial
from bot.fetch.guard import Allow, admitted, target_of
from bot.fetch.limits import Limits
from bot.fetch.resolve import Resolve, addresses_of

_LONGEST_HEAD = 100_000


class Wire(httpx.AsyncBaseTransport):
    """Sends each request over a connection of its own, to an address that the guard admits.

    HTTP/1.1 itself is h11's work, as under httpx's own transport: without a pool, since nothing is
    kept alive, and with sight of what comes behind an answer's announced end.
    """

    def __init__(self, allow: Allow, limits: Limits, resolve: Resolve, tls: Trust) -> None:
        self._allow, self._limits, self._resolve, self._tls = allow, limits, resolve, tls

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        target = target_of(str(request.url), self._allow)
        found = await addresses_of(target.host, target.port, self._resolve, self._limits.resolve)
        where = admitted(target, found, self._allow)
        line = await dial(target, where, self._tls, self._limits)
        talk = Talk(line)
        try:
            with meant(target.host):
                head = await talk.asked(request)
        except BaseException:
            line.close()
            raise
        return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=talk)


class Talk(httpx.AsyncByteStream):
    """One request and its answer, whose body this is. Raises FetchError where it is not whole."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)

    async def asked(self, request: httpx.Request) -> h11.Response:
        """Send a request; return the head of its answer, early hints passed over."""
        head = h11.Request(
            method=request.method,
            target=request.url.raw_path,
            headers=[*request.headers.raw, (b"Connection", b"close")],
        )
        out = [self._http.send(head)]
        if request.content:
            out.append(self._http.send(h11.Data(data=request.content)))
        await self._line.write(b"".join(filter(None, (*out, self._http.send(h11.EndOfMessage())))))
        while not isinstance(event := await self._event(), h11.Response):
            pass
        return event

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._event(), h11.Data):
            yield bytes(event.data)
        if self._http.trailing_data[0]:
            raise FetchError("the answer is longer than it announced: its end would be missing")

    async def aclose(self) -> None:
        self._line.close()

    async def _event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._line.read())
        return event


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


@functools.lru_cache(maxsize=16)  # reading the authorities takes 20 ms
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
    """Turn what httpx and h11 raise into our errors; their texts can hold addresses."""
    try:
        yield
    except (h11.RemoteProtocolError, httpx.RemoteProtocolError) as error:
        raise FetchError(f"{host} broke off or does not speak HTTP properly") from error
    except httpx.ProxyError as error:
        raise FetchError(f"the proxy does not let us through to {host}") from error
    except (h11.LocalProtocolError, httpx.InvalidURL, httpx.ProtocolError, UnicodeError) as error:
        raise RefusedError("the request cannot be sent: check the row's url and headers") from error
    except (httpx.HTTPError, OSError) as error:
        raise FetchError(f"the connection to {host} broke") from error
