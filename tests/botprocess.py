"""The bot as a process between a news host and a Telegram of its own, for tests of its life."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.model import Changes, Chat, ChatId, Delivery, DeliveryId, Kind, Line, Message, Span
from bot.store import TinyStore
from tests.builders import NOON, wish
from tests.newshost import NewsHost
from tests.servers.telegram import TOKEN, TelegramServer

PERSON = 1
CHAT = Chat(
    id=ChatId(f"telegram:7700001:{PERSON}"),
    platform="telegram",
    account="7700001",
    room=str(PERSON),
)


class Telegram(TelegramServer):
    """Telegram whose answers to messages wait while it is `held`; it has accepted them then."""

    def __init__(self) -> None:
        super().__init__()
        self.free = asyncio.Event()
        self.free.set()
        self.room(PERSON)

    async def _do(self, method: str, asked: dict[str, Any]) -> Any:
        done = await super()._do(method, asked)
        if method == "sendMessage":
            await self._tell()
            await self.free.wait()
        return done

    def told(self, text: str) -> int:
        """Return how many messages hold a text."""
        return sum(text in post.text for post in self.posts)


@dataclass
class Bot:
    """A running bot; `log` holds the lines that it has written."""

    process: asyncio.subprocess.Process
    log: list[str] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> None:
        assert self.process.stderr
        async for line in self.process.stderr:
            self.log.append(line.decode())
            self._news.set()

    async def says(self, text: str) -> str:
        """Wait until a line of its log holds a text; return the line."""
        async with asyncio.timeout(40):
            while not (found := [line for line in self.log if text in line]):
                self._news.clear()
                await self._news.wait()
        return found[0]

    async def ended(self) -> int:
        """Wait for its end; return the status."""
        return await asyncio.wait_for(self.process.wait(), 40)


@dataclass
class World:
    """What stands round a bot."""

    folder: Path
    news: NewsHost
    telegram: Telegram
    address: str

    @property
    def data(self) -> Path:
        return self.folder / "d"

    @asynccontextmanager
    async def bot(self, *options: str, **settings: str) -> AsyncIterator[Bot]:
        """Run a bot; it is killed at the end of the block if it still runs."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", *options,
            "--data", str(self.data), "--sources", str(self.folder / "sources.toml"),
            stderr=asyncio.subprocess.PIPE,
            env={
                "PATH": os.environ["PATH"],  # noqa: TID251  # the child needs a PATH
                "FETCH_ALLOW": "127.0.0.1",
                "FETCH_SPACING": "0",
                "TELEGRAM_TOKEN": TOKEN,
                "TELEGRAM_API_URL": self.address,
                **settings,
            },
        )  # fmt: skip
        bot = Bot(process)
        reading = asyncio.create_task(bot.read())
        try:
            yield bot
        finally:
            if process.returncode is None:
                process.kill()
            await reading
            await process.wait()

    async def store(self, *changes: Changes) -> TinyStore:
        """Commit to the store while no bot runs, and return it, closed: it can still be read."""
        store = TinyStore.open(self.data)
        for each in changes:
            await store.commit(each)
        await store.close()
        return store


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    """Start a news host and a Telegram; the chat there has asked for rare earths."""
    async with NewsHost() as news:
        (folder / "sources.toml").write_text(
            f'[[source]]\nname = "rss"\nkind = "feed"\nurl = "{news.base}/rss"\nlang = "en"\n'
            'every = "1s"\n'
        )
        telegram = Telegram()
        made = World(folder, news, telegram, await telegram.start())
        await made.store(Changes(chats=(CHAT,), subscriptions=(wish("rare-earth", CHAT.id),)))
        try:
            yield made
        finally:
            telegram.free.set()
            await telegram.close()


async def until(condition: Callable[[], object]) -> None:
    """Wait until something holds that nothing tells of."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  # as the docstring says
            await asyncio.sleep(0.01)


def owed(name: str, text: str) -> Delivery:
    """Return a message that is owed to the chat."""
    return Delivery(
        id=DeliveryId(name),
        chat=CHAT.id,
        kind=Kind.OPERATOR,
        message=Message(lines=(Line((Span(text),)),)),
        created=NOON,
        not_before=NOON,
    )
