"""The chat services of the kill harness: our own in two flavours, and loopback Slack and Telegram.

Each remembers what it accepted as a `Copy`, with the life of the sender that it came from, and
meets requests with the fates that it is given.
"""

import asyncio
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol

from aiohttp import web

from bot.model import Chat
from bot.platforms.slack.payloads import chat_of
from tests.chatserver import ChatServer, Copy
from tests.fakechats import chat
from tests.servers.slack import TEAM, SlackServer, failed
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_people import RefusedError
from tests.telegrams import chat as telegram_chat

CHATS = 12
ROOMS = 48  # of the real ones, whose clients keep their distance in a room
FLAVOURS = ("with look-up", "without", "slack", "telegram")
LOOKED_UP = frozenset({"with look-up", "slack"})
LAG = 0.05  # seconds until a look-up shows a message
Fate = Callable[[], str]
_SLACK = {"ok": "", "busy": "cut", "500-not-done": "500", "slow": ""}
_TELEGRAM = {"busy": "cut", "500-done": "drop", "500-not-done": "500", "slow": "ok"}
_drawn = ContextVar("drawn", default="ok")  # of the request that is being answered
_life = ContextVar("life", default=0)  # of the sender that asks
_NAME = re.compile(r"EASES (\S+)\n\1")


class Service(Protocol):
    """A service that senders are killed over."""

    accepted: list[Copy]

    async def start(self) -> str:
        """Listen on loopback; return the address."""

    async def close(self) -> None:
        """Stop listening."""


class SlackService(SlackServer):
    """Slack: a copy is known by its metadata. No life explains a second one, so none is told."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(lambda method, _: self._fated(fate, method))
        self.accepted: list[Copy] = []
        self.lag = LAG
        self.rooms |= {name: {"id": name, "is_member": True} for name in map(room, range(ROOMS))}

    def _fated(self, fate: Fate, method: str) -> str:
        drawn = fate() if method == "chat.postMessage" else "ok"
        _drawn.set(_SLACK.get(drawn, drawn))
        return _drawn.get()

    def _refused(self, request: web.Request, method: str, fate: str) -> web.Response | None:
        if fate == "429":
            return failed("429", 0)
        if fate == "cut" and request.transport:
            request.transport.close()
            return web.Response()
        return super()._refused(request, method, fate)

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        done = super()._post(body)
        if done["ok"]:
            name = body["metadata"]["event_payload"]["id"]
            place, under = f"slack:{TEAM}:{body['channel']}", body.get("thread_ts", "")
            doubtful = _drawn.get() in {"drop", "500-done"}
            self.accepted.append(Copy(_now(), place, name, body["text"], under, doubtful))
        return done


class TelegramService(TelegramServer):
    """Telegram: a copy is known by its text, the life by the address that the bot was given."""

    route = "/life{life}/bot{token}/{method}"

    def __init__(self, fate: Fate) -> None:
        super().__init__(fate=lambda method: self._fated(fate, method))
        self.accepted: list[Copy] = []
        for number in range(ROOMS):
            self.room(1 + number)

    def _fated(self, fate: Fate, method: str) -> str:
        drawn = fate() if method == "sendMessage" else "ok"
        _drawn.set(_TELEGRAM.get(drawn, drawn))
        return "ok" if drawn == "429" else _drawn.get()

    async def _called(self, request: web.Request) -> web.StreamResponse:
        _life.set(int(request.match_info["life"]))
        return await super()._called(request)

    async def _do(self, method: str, asked: dict[str, Any]) -> Any:
        if _drawn.get() == "429":
            raise RefusedError(429, "Too Many Requests: retry after 0", retry_after=0)
        done = await super()._do(method, asked)
        if method == "sendMessage":
            post, doubtful = self.posts[-1], _drawn.get() == "drop"
            named = _NAME.search(post.text)
            name, place = named[1] if named else post.text[:40], f"telegram:{post.chat}"
            under = str(post.reply_to or "")
            copy = Copy(_now(), place, name, post.text, under, doubtful, _life.get())
            self.accepted.append(copy)
        return done


def _now() -> float:
    return asyncio.get_running_loop().time()


def room(number: int) -> str:
    """Return the channel of a number."""
    return f"C{100 + number}"


def place(flavour: str, number: int) -> Chat:
    """Return a chat of a service."""
    match flavour:
        case "slack":
            return chat_of(TEAM, room(number % ROOMS))
        case "telegram":
            return telegram_chat(1 + number % ROOMS)
        case _:
            return chat(number % CHATS)


def service(flavour: str, fate: Fate) -> Service:
    """Return a service that is to be started."""
    match flavour:
        case "slack":
            return SlackService(fate)
        case "telegram":
            return TelegramService(fate)
        case _:
            return ChatServer(fate, lag=LAG)
