"""Bodies, read within bounds on the wire and once inflated, and whole or not at all."""

import zlib
from collections.abc import AsyncIterator

from bot.errors import FetchError, RefusedError

_PLAIN = frozenset({"", "identity"})
_GZIP = frozenset({"gzip", "x-gzip"})
_STEP = 65_536
_MEMBERS = 1_000  # a gzip body may be several in a row; a hostile one, very many


async def read(chunks: AsyncIterator[bytes], encoding: str, wire: int, decoded: int) -> bytes:
    """Return a body, inflated. Raises RefusedError over a limit, FetchError if it is damaged.

    One chunk can inflate a thousandfold, so that the inflater itself has to be told where to stop.
    """
    name = encoding.strip().lower()
    if name not in _PLAIN | _GZIP:
        raise RefusedError(f'the answer is packed as "{name[:40]}", which we did not ask for')
    inflate = _Inflater(decoded) if name in _GZIP else None
    body, seen = bytearray(), 0
    async for chunk in chunks:
        seen += len(chunk)
        if seen > wire:
            raise too_big(wire)
        body += inflate.feed(chunk) if inflate else chunk
    if inflate:
        inflate.end()
    return bytes(body)


def too_big(limit: int) -> RefusedError:
    """Return the error for an answer above `limit` bytes."""
    return RefusedError(f"the answer is larger than {limit / 1_000_000:g} MB")


class _Inflater:
    """Inflates a stream of gzip members, never beyond `limit` bytes in all."""

    def __init__(self, limit: int) -> None:
        self._limit, self._made, self._members = limit, 0, 0
        self._stream: zlib._Decompress | None = None

    def feed(self, chunk: bytes) -> bytes:
        """Return what `chunk` adds. Raises RefusedError, FetchError."""
        made = bytearray()
        while chunk:
            if self._stream is None and not (chunk := self._opened(chunk)):
                break
            made += self._step(chunk)
            chunk = self._rest()
        return bytes(made)

    def end(self) -> None:
        """Check that the stream is complete. Raises FetchError."""
        if self._stream is not None or not self._members:
            raise FetchError("the answer broke off in the middle (its gzip is cut short)")

    def _opened(self, chunk: bytes) -> bytes:
        chunk = chunk.lstrip(b"\0") if self._members else chunk  # padding behind a member
        if chunk:
            self._members += 1
            if self._members > _MEMBERS:
                raise RefusedError("the answer is packed in too many pieces")
            self._stream = zlib.decompressobj(wbits=31)
        return chunk

    def _step(self, chunk: bytes) -> bytes:
        assert self._stream is not None  # noqa: S101  # for mypy: `_opened` made it
        room = self._limit - self._made
        try:
            made = self._stream.decompress(chunk, min(_STEP, room + 1))
        except zlib.error as error:
            raise FetchError("the answer is damaged (its gzip cannot be read)") from error
        self._made += len(made)
        if self._made > self._limit:
            raise too_big(self._limit)
        return made

    def _rest(self) -> bytes:
        assert self._stream is not None  # noqa: S101  # for mypy: `_opened` made it
        if not self._stream.eof:
            return self._stream.unconsumed_tail
        rest, self._stream = self._stream.unused_data, None
        return rest
