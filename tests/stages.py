"""Each platform on a stage of its own, for tests that hold for all of them."""

import asyncio
import contextlib
import io
import json
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.model import Chat, Command, Line, Message, Span
from bot.platforms.console import CHAT as CONSOLE
from bot.platforms.console import Console
from bot.platforms.slack import Slack
from bot.platforms.slack.payloads import chat_of
from bot.platforms.telegram import Options, Telegram
from bot.ports import Platform
from tests.servers import slack, telegram
from tests.slackplay import access, door
from tests.telegrams import CHANGES, MENU
from tests.telegrams import chat as telegram_chat

ROOM = 5


@dataclass
class Stage:
    """A platform that listens, a chat of it, and a person there.

    `shown` returns what the chat shows, a message each; `types` gives a command as a person,
    `presses` a button of the newest message. `outage` takes the service away (True) or back.
    """

    platform: Platform
    chat: Chat
    shown: Callable[[], list[str]]
    types: Callable[[str], Awaitable[None]]
    presses: Callable[[int], Awaitable[None]] | None = None
    outage: Callable[[bool], Awaitable[None]] | None = None
    asked: list[Command] = field(default_factory=list)

    async def answer(self, command: Command) -> Message:
        self.asked.append(command)
        return Message(lines=(Line((Span(f"answer to {command.verb} {command.argument}"),)),))

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition():  # noqa: ASYNC110  # what happens at the other end
                await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def listening(stage: Stage) -> AsyncIterator[Stage]:
    task = asyncio.create_task(stage.platform.listen(stage.answer))
    try:
        yield stage
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await stage.platform.close()


@contextlib.asynccontextmanager
async def console_stage() -> AsyncIterator[Stage]:
    out = io.StringIO()
    reader, writer = os.pipe()
    with os.fdopen(reader, encoding="utf-8") as source:
        typed = os.fdopen(writer, "w", encoding="utf-8")

        async def types(text: str) -> None:
            typed.write(f"/{text}\n")
            typed.flush()

        def shown() -> list[str]:
            return [part for part in out.getvalue().split("\n\n") if part]

        async with listening(Stage(Console(out, source), CONSOLE, shown, types)) as stage:
            yield stage
            typed.close()
            await asyncio.to_thread(_ended)


def _ended() -> None:
    """Wait for the thread that reads the input."""
    for thread in threading.enumerate():
        if thread.daemon and "_pump" in thread.name:
            thread.join(5)


@contextlib.asynccontextmanager
async def telegram_stage() -> AsyncIterator[Stage]:
    server = telegram.TelegramServer()
    server.room(ROOM)
    url = await server.start()
    port = int(url.rpartition(":")[2])
    options = Options(menu=MENU, changes=CHANGES, spacing=0.0, first_wait=0.05)

    async def types(text: str) -> None:
        await server.says(ROOM, f"/{text}")

    async def presses(number: int) -> None:
        post = server.posts[-1]
        await server.presses(post, post.buttons[number]["callback_data"])

    async def outage(away: bool) -> None:  # noqa: FBT001  # the stage's shape
        await (server.close() if away else server.start(port))

    platform = Telegram(telegram.TOKEN, url, options)
    stage = Stage(
        platform,
        telegram_chat(ROOM),
        lambda: [post.text for post in server.posts],
        types,
        presses,
        outage,
    )
    async with listening(stage):
        yield stage
    await server.close()


@contextlib.asynccontextmanager
async def slack_stage() -> AsyncIterator[Stage]:
    server = slack.SlackServer()
    platform = Slack(access(await server.start()), door(verbs=frozenset({"latest", "why"})))

    async def types(text: str) -> None:
        words = {"text": text, "channel": "C1", "user": "U1"}
        await server.envelope("events_api", server.event("app_mention", **words))

    async def presses(number: int) -> None:
        (row,) = (b for b in server.posts[-1].body["blocks"] if b["type"] == "actions")
        value = row["elements"][number]["value"]
        await server.envelope("interactive", server.press(value, response_url=""))

    async def outage(away: bool) -> None:  # noqa: FBT001  # the stage's shape
        await (server.close() if away else server.start(int(server.base.rpartition(":")[2])))

    def shown() -> list[str]:
        return [_text(post.updates[-1] if post.updates else post.body) for post in server.posts]

    stage = Stage(platform, chat_of(slack.TEAM, "C1"), shown, types, presses, outage)
    async with listening(stage):
        await server.joined()
        yield stage
    await server.close()


def _text(body: dict[str, Any]) -> str:
    return str(body["text"]) + json.dumps(body["blocks"], ensure_ascii=False)


STAGES = {"console": console_stage, "telegram": telegram_stage, "slack": slack_stage}
