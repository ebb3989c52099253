"""Connections to checked addresses: one for each request, never to a name.

The address that was checked is the address that is dialled, while the name stays in the Host header
and in the TLS handshake. Nothing is kept alive: a source is asked every few minutes, a fresh
connection is checked afresh, and what a server sends behind its answer can reach no other answer.
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence

from bot.errors import FetchError
from bot.fetch.body import too_big
from bot.fetch.guard import Address, Target
from bot.fetch.limits import Limits

Trust = Callable[[], ssl.SSLContext]
"""How certificates are checked; asked for once one has to be. Raises RefusedError."""
_HEADS = 200_000  # bytes that heads and chunk sizes may take beside the body
_AT_ONCE = 65_536  # what is worked on before others get their turn


class Line:
    """A connection's bytes, no more of them than the wire limit and some room for heads."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int
    ) -> None:
        self._reader, self._writer = reader, writer
        self._limit, self._left = limit, limit + _HEADS
        self._stretch = 0  # bytes since others had their turn

    async def read(self) -> bytes:
        """Return what has come; nothing at the end. Raises RefusedError over the limit."""
        if self._stretch >= _AT_ONCE:
            await asyncio.sleep(0)  # a reader with bytes in hand does not give way by itself
            self._stretch = 0
        data = await self._reader.read(_AT_ONCE)
        self._stretch += len(data)
        self._left -= len(data)
        if self._left < 0:
            raise too_big(self._limit)
        return data

    async def write(self, data: bytes) -> None:
        """Send; returns when there is room for more."""
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        """Drop the connection at once: no server can make us wait for a farewell."""
        self._writer.transport.abort()


async def dial(target: Target, addresses: Sequence[Address], tls: Trust, limits: Limits) -> Line:
    """Connect to the first address that answers in time. Raises FetchError."""
    failure: Exception | None = None
    for address in addresses:
        try:
            async with asyncio.timeout(limits.connect):
                return await _connected(target, address, tls, limits)
        except ssl.SSLError as error:
            raise _tls(target, error) from error
        except (OSError, TimeoutError) as error:
            failure = error
    raise _unreachable(target, failure) from failure


async def _connected(target: Target, address: Address, tls: Trust, limits: Limits) -> Line:
    secure = target.scheme == "https"
    reader, writer = await asyncio.open_connection(
        str(address),
        target.port,
        ssl=tls() if secure else None,
        server_hostname=target.host if secure else None,
    )
    return Line(reader, writer, limits.wire)


def _tls(target: Target, error: ssl.SSLError) -> FetchError:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return FetchError(f"no secure connection to {target.host}: {error.reason or 'TLS failed'}")
    hint = ""
    if "expired" in error.verify_message or "not yet valid" in error.verify_message:
        hint = "; is the clock of this machine right?"
    return FetchError(
        f"the certificate of {target.host} is not valid: {error.verify_message}{hint}"
    )


def _unreachable(target: Target, error: Exception | None) -> FetchError:
    where = f"{target.host}:{target.port}"
    match error:
        case TimeoutError():
            return FetchError(f"{where} does not answer: no connection in time")
        case ConnectionRefusedError():
            return FetchError(f"{where} refuses connections")
        case _:
            return FetchError(f"{where} cannot be reached")
