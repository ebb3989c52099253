"""The whole bot tells one event to many chats of both services, whose servers ban violators."""

import asyncio
import contextlib
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.model import Changes, Chat, ChatId, Subscription
from bot.platforms.slack.payloads import chat_of
from bot.store import TinyStore
from tests.builders import NOON
from tests.newshost import News, NewsHost
from tests.servers import slack, telegram
from tests.servers.telegram_people import ME
from tests.servers.windows import JITTER

FIRST = News("rss", 11, "Malaysia bans exports of raw rare earths, trade ministry says")
SECOND = News("rss", 12, "Vietnam halts rare earth ore exports, customs order shows")
ASKER = 900_001  # a private chat that only asks
TELEGRAM_RATE, SLACK_RATE = 30.0, 300 / 60  # messages a second


def telegram_chat(room: int) -> Chat:
    name = f"telegram:{ME['id']}:{room}"
    return Chat(
        id=ChatId(name), platform="telegram", account=str(ME["id"]), room=str(room), title="Ann"
    )


@dataclass
class Play:
    """A running bot between a news host and two services, with everybody subscribed."""

    folder: Path
    chats: int
    channels: int
    talk: telegram.TelegramServer
    work: slack.SlackServer
    news: NewsHost = field(default_factory=NewsHost)
    process: asyncio.subprocess.Process | None = None
    urls: tuple[str, str] = ("", "")

    async def prepare(self) -> None:
        """Open the rooms, and subscribe each."""
        rooms = [f"C{1000 + number}" for number in range(self.channels)]
        self.work.rooms |= {room: {"id": room, "is_member": True} for room in rooms}
        people = range(1, self.chats + 1)
        for person in (*people, ASKER):
            self.talk.room(person)
        chats = (*map(telegram_chat, people), *(chat_of(slack.TEAM, room) for room in rooms))
        wishes = (Subscription(chat=c.id, query="rare-earth", created=NOON) for c in chats)
        store = TinyStore.open(self.folder / "data")
        await store.commit(Changes(chats=chats, subscriptions=tuple(wishes)))
        await store.close()

    async def start(self) -> None:
        """Start the bot, and wait until it hears both services and has read its feed."""
        self.work._joined.clear()  # noqa: SLF001  # of an earlier life
        asked = self.news.asked["rss"]
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--data", str(self.folder / "data")),
                *("--sources", str(self.folder / "sources.toml")),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
                env=self._settings(),
            )
        await self.work.joined(30)
        await until(lambda: self.news.asked["rss"] > asked, "the first poll")

    def _settings(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],  # noqa: TID251  # the child needs a PATH
            "FETCH_ALLOW": "127.0.0.0/8",
            "FETCH_SPACING": "0",
            "TELEGRAM_TOKEN": telegram.TOKEN,
            "TELEGRAM_API_URL": self.urls[0],
            "SLACK_BOT_TOKEN": slack.BOT_TOKEN,
            "SLACK_APP_TOKEN": slack.APP_TOKEN,
            "SLACK_API_URL": self.urls[1],
        }

    async def stop(self) -> float:
        """Send SIGTERM; return the seconds until the process has ended well."""
        assert self.process
        began = time.monotonic()
        self.process.terminate()
        status = await asyncio.wait_for(self.process.wait(), 60)
        assert status == 0, status
        return time.monotonic() - began

    def told(self, news: News) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """Return (chat, when) of each alert of an item, on Telegram and on Slack."""
        posts = ((str(p.chat), p.at) for p in self.talk.posts if _is_alert(p.text, news))
        shown = ((p.room, p.at) for p in self.work.posts if _is_alert(p.body["text"], news))
        return list(posts), list(shown)

    def copies(self, news: News) -> Counter[str]:
        """Return how often each chat was told an item."""
        return Counter(room for service in self.told(news) for room, _ in service)

    def missing(self, news: News) -> int:
        """Return how many chats were not told an item."""
        return self.chats + self.channels - len(self.copies(news))

    async def asked(self) -> dict[str, float]:
        """Type a command on each service; return the seconds to its answer."""
        began, before = time.monotonic(), self._answers()
        await self.talk.says(ASKER, "/topics")
        await until(lambda: self._answers() > before, "an answer on Telegram")
        seconds = {"Telegram": time.monotonic() - began}
        began = time.monotonic()
        await self.work.type("/exportwire", "topics", channel_id="D1")
        return seconds | {"Slack": time.monotonic() - began}

    def _answers(self) -> int:
        return sum(post.chat == ASKER for post in self.talk.posts)


def _is_alert(text: str, news: News) -> bool:
    return news.title in text and "[" in text


async def until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait until something holds; say what did not come."""
    try:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110  # the other side is a process
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"{what} did not come") from None


@contextlib.asynccontextmanager
async def playing(
    folder: Path, chats: int, channels: int, jitter: float = JITTER
) -> AsyncIterator[Play]:
    """Start everything; at the end nothing is left running."""
    talk = telegram.TelegramServer(strict=True, jitter=jitter)
    work = slack.SlackServer(strict=True, jitter=jitter)
    play = Play(folder, chats, channels, talk, work)
    async with play.news:
        play.urls = await play.talk.start(), await play.work.start()
        play.news.news = [News("rss", 1, "Football: the weekend's results")]
        (folder / "sources.toml").write_text(
            f'[[source]]\nname = "wire"\nkind = "feed"\nurl = "{play.news.base}/rss"\n'
            'lang = "en"\nevery = "1s"\n'
        )
        await play.prepare()
        try:
            await play.start()
            yield play
        finally:
            if play.process and play.process.returncode is None:
                play.process.kill()
                await play.process.wait()
            await play.talk.close()
            await play.work.close()


def pace(told: Iterator[float] | list[float], rate: float) -> tuple[float, float]:
    """Return the seconds from the first to the last message, and what the limit allows."""
    times = sorted(told)
    return times[-1] - times[0], (len(times) - 1) / rate
