"""A news host and a chat service in a process of their own, so that their work is not ours.

python -m bench.loopback     # prints both addresses; each line, a title and a text, is published
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tests.chatserver import ChatServer
from tests.newshost import News, NewsHost

SHOWN = 20  # entries of the feed


@dataclass
class Loopback:
    """Both, as seen from outside: the feed's address, the chat service's, and what is published."""

    feed: str
    chats: str
    _process: asyncio.subprocess.Process
    _published: int = 0

    async def publish(self, title: str, text: str) -> None:
        """Return once the feed shows it."""
        given, told = self._process.stdin, self._process.stdout
        assert given is not None
        assert told is not None
        self._published += 1
        given.write(json.dumps([self._published, title, text]).encode() + b"\n")
        await told.readline()


@contextlib.asynccontextmanager
async def looped() -> AsyncIterator[Loopback]:
    """Serve while the block runs."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.loopback", stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    try:
        feed, chats = json.loads(await process.stdout.readline())
        yield Loopback(feed, chats, process)
    finally:
        process.kill()
        await process.wait()


async def serve() -> None:
    """Publish what is read, until the input ends."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    async with NewsHost() as news:
        chats = ChatServer()
        print(json.dumps([f"{news.base}/rss", await chats.start()]), flush=True)
        async for line in lines:
            number, title, text = json.loads(line)
            news.news = [*news.news, News("rss", number, title, text)][-SHOWN:]
            print("shown", flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
