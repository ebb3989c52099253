"""A loopback host of feeds, in a process of its own: `/N` is a feed with its validators.

    python -m bench.feedhost FEEDS RELEVANT     # prints its address

`/turn/R` begins round R: in 0 and 1 the feeds are the same, from 2 on each tenth has 2 new entries.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

from bench import prose

ENTRIES, NEW = 20, 2
LENGTH = 1_000  # characters of an entry's text: 28 KB a feed


@dataclass
class FeedHost:
    """What is served in this round."""

    feeds: int
    relevant: float
    turn: int = 0
    begins: datetime = field(
        default_factory=lambda: datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    )
    made: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def answer(self, path: str, head: str) -> bytes:
        """Return a whole answer to a request."""
        if path.startswith("/turn/"):
            self.turn = int(path.removeprefix("/turn/"))
            return _answered("204 No Content", [], b"")
        number = int(path.removeprefix("/"))
        version = max(0, self.turn - 1) if number % 10 == 0 else 0
        tag = f'"{number}-{version}"'
        told = [f"ETag: {tag}", "Content-Type: application/rss+xml", "Connection: close"]
        if f"if-none-match: {tag}" in head.lower():
            return _answered("304 Not Modified", told, b"")
        return _answered("200 OK", told, self._feed(number, version))

    def _feed(self, number: int, version: int) -> bytes:
        first = version * NEW
        if (number, version) not in self.made:
            entries = range(first, first + ENTRIES)
            self.made[number, version] = prose.feed(
                number, entries, self.relevant, LENGTH, self.begins
            )
        return self.made[number, version]

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and close: a thousand feeds are on as many hosts."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            writer.write(self.answer(head.split(" ", 2)[1], head))
            await writer.drain()
        writer.close()


def _answered(status: str, told: list[str], body: bytes) -> bytes:
    length = [] if status.startswith(("204", "304")) else [f"Content-Length: {len(body)}"]
    return "\r\n".join((f"HTTP/1.1 {status}", *told, *length, "", "")).encode() + body


@contextlib.contextmanager
def hosting(feeds: int, relevant: float = 0.0) -> Iterator[str]:
    """Serve while the block runs; yield the address, without a slash."""
    command = [sys.executable, "-m", "bench.feedhost", str(feeds), str(relevant)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as host:  # noqa: S603  # ours
        assert host.stdout is not None
        try:
            yield host.stdout.readline().strip()
        finally:
            host.kill()


def turn(base: str, number: int) -> None:
    """Begin a round."""
    with urlopen(f"{base}/turn/{number}") as answer:  # noqa: S310  # our own loopback host
        answer.read()


async def serve(host: FeedHost) -> None:
    for number in range(host.feeds):
        host._feed(number, 0)  # noqa: SLF001  # made before anybody's clock runs
    server = await asyncio.start_server(host.talk, "127.0.0.1", 0, backlog=1_024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(FeedHost(int(sys.argv[1]), float(sys.argv[2]))))
