"""What the Slack tests share: a server, a platform at it, and a bot that answers simply."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.model import (
    Button,
    Chat,
    Command,
    Delivery,
    DeliveryId,
    Direction,
    Kind,
    Line,
    LineStyle,
    Message,
    Span,
)
from bot.model.verbs import Changing
from bot.platforms.slack import Access, Door, Slack
from bot.platforms.slack.payloads import chat_of
from tests.builders import NOON
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, TEAM, SlackServer

METALS: Chat = chat_of(TEAM, "C1")
VERBS = frozenset({"subscribe", "unsubscribe", "subscriptions", "latest", "help", "start", "why"})
CHANGES = Changing(frozenset({"subscribe", "unsubscribe", "pause"}), frozenset({"pause"}))


def alert(head: str = "RESTRICTS  China: dysprosium", **given: Any) -> Message:
    usual: dict[str, Any] = {
        "lines": (
            Line((Span(head, strong=True),), LineStyle.HEAD),
            Line((Span("Ministry lists more", "https://news.example/1"),), LineStyle.TITLE),
            Line((Span("The list grows by five."),), LineStyle.QUOTE),
            Line((Span("harbour, 19 Jun 2025 · A7F3"),), LineStyle.SMALL),
            Line((Span("matched rare-earth"),), LineStyle.SMALL),
        ),
        "buttons": (Button("More", "story", "A7F3"), Button("Why", "why", "A7F3")),
        "direction": Direction.RESTRICT,
    }
    return Message(**(usual | given))


def owed(name: str = "d1", kind: Kind = Kind.ALERT, **given: Any) -> Delivery:
    usual: dict[str, Any] = {
        "id": DeliveryId(name),
        "chat": METALS.id,
        "kind": kind,
        "message": alert(),
        "created": NOON,
        "not_before": NOON,
    }
    return Delivery(**(usual | given))


class Bot:
    """Answers every command with what it was asked, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[Command] = []
        self.subscribed: list[str] = []

    async def answer(self, command: Command) -> Message:
        self.asked.append(command)
        text = f"{command.verb} {command.argument}".strip()
        if command.verb == "subscribe" and command.argument:
            self.subscribed.append(command.argument)
            text = f"Subscribed this chat to {command.argument}."
        if command.verb == "start":
            text = "Hello: /subscribe rare-earth, /latest gallium, /help"
        made = text.startswith("Subscribed")
        return Message(lines=(Line((Span(text),)),), public=made)


def access(url: str, **given: Any) -> Access:
    usual: dict[str, Any] = {"bot_token": BOT_TOKEN, "app_token": APP_TOKEN, "api_url": url}
    return Access(**(usual | given))


def door(**given: Any) -> Door:
    usual: dict[str, Any] = {"changes": CHANGES, "verbs": VERBS}
    return Door(**(usual | given))


@asynccontextmanager
async def at(server: SlackServer, **given: Any) -> AsyncIterator[Slack]:
    """A platform at a running server; both are closed at the end."""
    slack = Slack(access(await server.start(), **given), door())
    try:
        yield slack
    finally:
        await slack.close()
        await server.close()


@asynccontextmanager
async def listening(
    server: SlackServer, bot: Bot, the_door: Door | None = None
) -> AsyncIterator[Slack]:
    """A platform that listens by socket."""
    slack = Slack(access(await server.start()), the_door or door())
    task = asyncio.create_task(slack.listen(bot.answer))
    try:
        await server.joined()
        yield slack
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await slack.close()
        await server.close()
