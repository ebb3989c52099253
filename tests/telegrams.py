"""What the tests of the Telegram platform share: a server with a bot, and what it answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from bot.model import Chat, ChatId, Command, Delivery, DeliveryId, Kind, Line, Message, Span
from bot.model.verbs import Changing
from bot.platforms.telegram import Options, Telegram
from tests.builders import NOON
from tests.servers.telegram import TOKEN, TelegramServer

MENU = (
    ("start", "what this is"),
    ("subscribe", "alerts from now on"),
    ("latest", "what happened"),
    ("story", "more of a story"),
    ("help", "everything else"),
)
CHANGES = Changing(frozenset({"subscribe"}))


def said(text: str, link: str = "") -> Message:
    return Message(lines=(Line((Span(text, link),)),))


def chat(room: int, thread: str = "") -> Chat:
    name = ":".join(filter(None, ["telegram", "7700001", str(room), thread]))
    return Chat(
        id=ChatId(name), platform="telegram", account="7700001", room=str(room), thread=thread
    )


def delivery(text: str = "an alert", **given: Any) -> Delivery:
    usual: dict[str, Any] = {
        "id": DeliveryId("d1"),
        "chat": ChatId("telegram:7700001:1"),
        "kind": Kind.ALERT,
        "message": said(text),
        "created": NOON,
        "not_before": NOON,
    }
    return Delivery(**(usual | given))


@dataclass
class Talk:
    """A listening bot; `commands` are those that reached the answering side."""

    server: TelegramServer
    bot: Telegram
    commands: list[Command] = field(default_factory=list)
    standing: list[tuple[str, bool]] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)
    task: "asyncio.Task[None] | None" = None

    async def answer(self, command: Command) -> Message:
        self.commands.append(command)
        told = said(f"{command.verb}: {command.argument}".rstrip())
        more = said("and more") if command.verb == "story" else Message(lines=())
        return Message(lines=(*told.lines, *more.lines))

    async def stop(self) -> None:
        if self.task:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)


@contextlib.asynccontextmanager
async def talking(
    server: TelegramServer | None = None, *, listen: bool = True, token: str = TOKEN, **given: Any
) -> AsyncIterator[Talk]:
    """Run a bot against a server, with the pace out of the way."""
    server = server or TelegramServer()
    address = await server.start()
    kept: list[tuple[str, bool]] = []

    async def standing(chat: Chat, active: bool) -> None:  # noqa: FBT001  # the shape of `standing`
        kept.append((chat.id, active))

    moves: list[tuple[str, str]] = []

    async def moved(chat: Chat, room: str) -> None:
        moves.append((chat.id, room))

    usual: dict[str, Any] = {"menu": MENU, "changes": CHANGES}
    usual |= {"standing": standing, "moved": moved}
    options = Options(**(usual | {"spacing": 0.0, "first_wait": 0.01} | given))
    talk = Talk(server, Telegram(token, address, options), standing=kept, moves=moves)
    if listen:
        talk.task = asyncio.ensure_future(talk.bot.listen(talk.answer))
    try:
        yield talk
    finally:
        await talk.stop()
        await talk.bot.close()
        await server.close()
