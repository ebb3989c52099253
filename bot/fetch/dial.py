"""Connections to checked addresses: one for each request, never to a name.

The address that was checked is the address that is dialled, while the name stays in the Host header
and in the TLS handshake. Nothing is kept alive: a source is asked every few minutes, a fresh
connection is checked afresh, and what a server sends behind its answer can reach no other answer.
"""

import asyncio
import ssl
from collections.abc import Sequence
from typing import Any

import httpcore

from bot.errors import FetchError
from bot.fetch.guard import Address, Target

_END_OF_HEAD = b"\r\n\r\n"
_READ_AHEAD = 262_144


class Stream(httpcore.AsyncNetworkStream):
    """A connection's bytes; counts those behind the head of the answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._head: bytes | None = b""
        self.behind_head = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's protocol; the fetch has one deadline
        del timeout
        data = await self._reader.read(max_bytes)
        self._count(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # likewise
        del timeout
        self._writer.write(buffer)
        await self._writer.drain()

    async def aclose(self) -> None:
        """Drop the connection at once: no server can make us wait for a farewell."""
        self._writer.transport.abort()

    def get_extra_info(self, info: str) -> Any:
        return self._writer.get_extra_info(info)

    def _count(self, data: bytes) -> None:
        if self._head is None:
            self.behind_head += len(data)
            return
        self._head += data
        end = self._head.find(_END_OF_HEAD)
        if end >= 0:
            self.behind_head = len(self._head) - end - len(_END_OF_HEAD)
            self._head = None


async def dial(
    target: Target, addresses: Sequence[Address], tls: ssl.SSLContext, limit: float
) -> Stream:
    """Connect to the first address that answers within `limit` seconds. Raises FetchError."""
    failure: Exception | None = None
    for address in addresses:
        try:
            async with asyncio.timeout(limit):
                return await _connected(target, address, tls)
        except ssl.SSLError as error:
            raise _tls(target, error) from error
        except (OSError, TimeoutError) as error:
            failure = error
    raise _unreachable(target, failure) from failure


async def _connected(target: Target, address: Address, tls: ssl.SSLContext) -> Stream:
    secure = target.scheme == "https"
    reader, writer = await asyncio.open_connection(
        str(address),
        target.port,
        ssl=tls if secure else None,
        server_hostname=target.host if secure else None,
        limit=_READ_AHEAD,
    )
    return Stream(reader, writer)


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
