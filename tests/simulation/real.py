"""Slack and Telegram in the simulated day: the real clients, over loopback, in virtual time."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from random import Random  # noqa: TID251  # the type alone
from typing import Any

from aiohttp import web

from bot.errors import AmbiguousError
from bot.model import Chat, ChatId, Delivery, DeliveryId, Kind
from bot.platforms.slack import Access, Door, Slack
from bot.platforms.telegram import Options, Telegram
from bot.platforms.telegram.render import plain, render
from bot.ports import Platform
from tests.fakechats import Limits
from tests.servers.slack import BOT_TOKEN, SlackServer, failed
from tests.servers.telegram import TOKEN, TelegramServer
from tests.servers.telegram_people import RefusedError
from tests.simulation.chats import LAG, SEEN_AFTER, Service, now


class Client:
    """A real client of one process; it tells its service what was left in doubt."""

    def __init__(self, service: "Real", platform: Platform) -> None:
        self._service, self._platform = service, platform
        self.name = platform.name
        self.pace = replace(platform.pace, lookup=service.pace.lookup)  # type: ignore[type-var]  # dataclasses both

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        self._service.expect(chat, delivery)
        try:
            with patience():
                return await self._platform.send(chat, delivery, reply_to=reply_to)
        except AmbiguousError:
            self._service.doubts[delivery.id] += 1
            raise
        finally:
            if delivery.kind is Kind.DIGEST and self._service.accepted.get(delivery.id):
                self._service.texts.append(delivery.message.text)

    async def edit(self, *given: Any) -> None:
        with patience():
            await self._platform.edit(*given)

    async def find(self, *given: Any, **named: Any) -> str | None:
        with patience():
            return await self._platform.find(*given, **named)


class Real(Service):
    """A service behind a server on loopback, which lives on when a process dies."""

    url = ""

    def expect(self, chat: Chat, delivery: Delivery) -> None:
        """Note what is about to be sent."""

    def note(self, name: DeliveryId, chat: ChatId) -> None:
        """Note that a message was accepted."""
        self.accepted[name].append((now(), chat))
        if self.armed:
            self.armed.set()

    def draw(self) -> str:
        """Return what becomes of a request."""
        if self.is_down():
            return "429"
        names = ["ok", "429", "500", "drop", "cut"]
        return self.chance.choices(names, [95, 1, 1, 2, 1])[0]


class SlackService(Real, SlackServer):
    """Slack, whose messages can be looked up by their metadata. Its rooms do not move."""

    def __init__(self, chance: Random) -> None:
        Service.__init__(self, "slack", chance, Limits(lookup=LAG))
        SlackServer.__init__(self, self._fated)
        self.lag = SEEN_AFTER
        self.moves = False

    async def start(self, port: int = 0) -> str:
        self.url = await SlackServer.start(self, port)
        return self.url

    async def close(self) -> None:
        await SlackServer.close(self)

    def connect(self) -> Platform:
        access = Access(bot_token=BOT_TOKEN, api_url=self.url)
        return Client(self, Slack(access, Door()))

    def expect(self, chat: Chat, delivery: Delivery) -> None:
        shut = {"is_archived": True} if chat.room in self.closed else {}
        self.rooms[chat.room] = {"id": chat.room, "is_member": True, **shut}

    def _fated(self, method: str, _body: dict[str, Any]) -> str:
        drawn = self.draw() if method in {"chat.postMessage", "chat.update"} else "ok"
        return "" if drawn == "ok" else drawn

    def _refused(self, request: web.Request, method: str, fate: str) -> web.Response | None:
        if fate == "429":
            return failed("429", self.chance.randrange(1, 60))
        if fate == "cut" and request.transport:
            request.transport.close()
            return web.Response()
        return super()._refused(request, method, fate)

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        done = super()._post(body)
        if done["ok"]:
            name = DeliveryId(body["metadata"]["event_payload"]["id"])
            self.note(name, ChatId(f"slack:a:{body['channel']}"))
        return done


class TelegramService(Real, TelegramServer):
    """Telegram, whose messages are known by their text alone."""

    def __init__(self, chance: Random) -> None:
        Service.__init__(self, "telegram", chance, Limits())
        TelegramServer.__init__(self, fate=self._fated)
        self._expected: dict[tuple[int, str], tuple[DeliveryId, ChatId]] = {}

    async def start(self, port: int = 0) -> str:
        self.url = await TelegramServer.start(self, port)
        return self.url

    async def close(self) -> None:
        await TelegramServer.close(self)

    def connect(self) -> Platform:
        return Client(self, Telegram(TOKEN, self.url, Options()))

    def expect(self, chat: Chat, delivery: Delivery) -> None:
        room = self.rooms.get(int(chat.room)) or self.room(int(chat.room))
        room.closed = "bot was kicked" if chat.room in self.closed else ""
        room.moved = int(self.moved.get(chat.room, "0"))
        for text in (render(delivery.message), plain(delivery.message)):
            self._expected[room.id, text] = (delivery.id, chat.id)

    def _fated(self, method: str) -> str:
        drawn = self.draw() if method in {"sendMessage", "editMessageText"} else "ok"
        return "ok" if drawn == "429" else drawn

    async def _do(self, method: str, asked: dict[str, Any]) -> Any:
        if method == "sendMessage" and self.is_down():
            raise RefusedError(429, "Too Many Requests: retry after 30", retry_after=30)
        done = await super()._do(method, asked)
        if method == "sendMessage":
            self.note(*self._expected[int(asked["chat_id"]), asked["text"]])
        return done


@contextmanager
def patience() -> Iterator[None]:
    """Let the loop look at its sockets before time passes."""
    jumping = asyncio.get_running_loop()._jumping  # type: ignore[attr-defined]  # noqa: SLF001  # ours
    jumping.busy += 1
    try:
        yield
    finally:
        jumping.busy -= 1


def services(chance: Random) -> Mapping[str, Service]:
    """Return both services; `World` starts them."""
    return {"slack": SlackService(chance), "telegram": TelegramService(chance)}
