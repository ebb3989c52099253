"""The whole bot between a news host and one platform, and a conversation that is played to it."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import Parts, assembled
from bot.chosen import rows_of
from bot.ports import Platform
from bot.rooms import Rooms
from bot.serve import dispatching, listening
from bot.services import connected
from bot.settings import load
from tests.conversation.hours import Hours
from tests.conversation.people import GROUP, AtConsole, InSlack, InTelegram, Person, Recorded
from tests.conversation.script import Turn
from tests.newshost import News, NewsHost
from tests.servers import slack, telegram

TYPING = 4.0  # seconds between two turns: nobody types faster, and the bot counts
TRIES = 4_000
SETTLING = timedelta(seconds=2)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Conversation:
    """Plays turns to the bot as one person; `kept` is what it remembers of the answers."""

    def __init__(self, person: Person, parts: Parts, news: NewsHost, loop: Hours) -> None:
        self._person, self._parts, self._news, self._loop = person, parts, news, loop
        self.kept = {"news": news.base}
        self._numbers = iter(range(10, 1_000))

    async def play(self, turn: Turn) -> None:
        """Do what a turn says, and check what comes of it."""
        before = {seen.key for seen in self._person.seen()}
        await self._loop.skip(TYPING)
        await self._do(turn.sign, self._filled(turn.text))
        text = await self._until(turn, before)
        for words in map(self._filled, turn.unseen):
            assert words not in text, f"line {turn.line}: {words!r} came:\n{text}"
        for name, pattern in turn.kept.items():
            self.kept[name] = re.findall(pattern, text)[0]

    def _filled(self, text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: self.kept[found[1]], text)

    async def _do(self, sign: str, text: str) -> None:
        match sign:
            case "]":
                await self._press(text)
            case "*":
                await self._publish(text)
            case "~":
                await self._loop.jump(timedelta(**{_UNITS[text[-1]]: int(text[:-1])}))
            case _:
                await self._person.says(text.replace("\\n", "\n"), sign)

    async def _press(self, label: str) -> None:
        for seen in reversed(self._person.seen()):
            for name, does in seen.buttons:
                if name == label:
                    await self._person.presses(seen, does)
                    return
        raise AssertionError(f"there is no button {label!r}")

    async def _publish(self, told: str) -> None:
        to, _, rest = told.partition(": ")
        title, _, text = rest.partition(" | ")
        now = self._loop.now() - timedelta(seconds=40)
        self._news.news.append(News(to, next(self._numbers), title, text, now))
        await self._parts.round()

    async def _until(self, turn: Turn, before: set[Any]) -> str:
        """Return what is new once all that is wanted is there and nothing more is on its way."""
        wanted = [re.escape(self._filled(words)) for words in turn.seen] + [*turn.kept.values()]
        for _ in range(TRIES):
            missing = [words for words in wanted if not re.search(words, self._new(before))]
            if not missing:
                await self._parts.dispatcher.drain(SETTLING)
                return self._new(before)
            await asyncio.sleep(0.005)  # sockets and the parser's process need real time
        raise AssertionError(f"line {turn.line}: no {missing} in\n{self._new(before)}")

    def _new(self, before: set[Any]) -> str:
        """Return what was seen since, with single blanks: columns differ between platforms."""
        new = (seen.text for seen in self._person.seen() if seen.key not in before)
        return "\n".join(re.sub(r"[ \t]+", " ", text) for text in new if text)


@contextlib.asynccontextmanager
async def talking(platform: str, folder: Path) -> AsyncIterator[Conversation]:
    """Run the bot on one platform, each source read once already."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Hours)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(loop.skip, 1)  # connections come to their end
        news = await stack.enter_async_context(NewsHost())
        news.news = [News("rss", 1, "Football: the weekend's results", published=loop.now())]
        given, person = await _joined(platform, stack)
        settings = load(
            data_dir=folder,
            sources=_sources(news, folder),
            fetch_allow=("127.0.0.0/8", "localhost", "::1"),
            fetch_spacing=0,
            _env_file=None,
            **given,
        )

        def platforms(rooms: Rooms) -> list[Platform]:
            own: list[Platform] = [person.console] if isinstance(person, AtConsole) else []
            return [*own, *connected(settings, rooms)]

        parts = await stack.enter_async_context(
            assembled(settings, rows_of(settings), platforms, clock=loop.now)
        )
        await stack.enter_async_context(dispatching(parts))
        await stack.enter_async_context(listening(parts))
        if isinstance(person, InSlack):
            await person.server.joined()
        await parts.round()
        yield Conversation(person, parts, news, loop)


async def _joined(platform: str, stack: contextlib.AsyncExitStack) -> tuple[dict[str, Any], Person]:
    if platform == "slack":
        work = slack.SlackServer()
        url = await work.start()
        stack.push_async_callback(work.close)
        tokens = {"slack_bot_token": slack.BOT_TOKEN, "slack_app_token": slack.APP_TOKEN}
        return tokens | {"slack_api_url": url, "operators": ("UADMIN",)}, InSlack(work)
    if platform == "telegram":
        talk = telegram.TelegramServer()
        talk.room(1)
        talk.room(GROUP, "supergroup", admins={1})
        url = await talk.start()
        stack.push_async_callback(talk.close)
        given = {"telegram_token": telegram.TOKEN, "telegram_api_url": url, "operators": ("1",)}
        return given, InTelegram(talk)
    console = Recorded()
    stack.callback(console.hang_up)
    return {}, AtConsole(console)


def _sources(news: NewsHost, folder: Path) -> Path:
    elsewhere = news.base.replace("127.0.0.1", "localhost")  # another publisher is another host
    rows = (
        ("rss", news.base, "press"),
        ("atom", elsewhere, "press"),
        ("json", news.base, "official"),
    )
    path = folder / "sources.toml"
    path.write_text(
        "".join(
            f'[[source]]\nname = "{name}"\nkind = "feed"\nurl = "{base}/{name}"\n'
            f'lang = "en"\ntier = "{tier}"\n'
            for name, base, tier in rows
        )
    )
    return path
