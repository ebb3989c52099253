"""A chat service on loopback for tests: it remembers what it accepted, and fails as it is told.

Each request meets a fate: "ok", "busy" (refused, certainly not done), "429", "drop" (accepted, then
the connection is cut), "cut" (cut before anything is done), "500-done", "500-not-done", "slow".
One flavour lets a message be looked up by its delivery's id, after a lag; the other does not.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from aiohttp import web

from bot.errors import AmbiguousError, RejectedError, SendError, TryLaterError
from bot.model import Chat, Delivery, Message
from bot.ports import Answer
from tests.fakechats import Limits

FATES = ("busy", "429", "drop", "cut", "500-done", "500-not-done", "slow")


@dataclass(frozen=True, slots=True)
class Copy:
    """One accepted message. `doubtful`: its answer was lost or said nothing.

    `life` tells which of a series of senders it came from.
    """

    at: float
    chat: str
    delivery: str
    text: str
    reply_to: str
    doubtful: bool
    life: int = 0


class ChatServer:
    """Accepts messages until closed. `fate` is asked once for each request."""

    def __init__(self, fate: Callable[[], str] = lambda: "ok", *, lag: float = 0.05) -> None:
        self.accepted: list[Copy] = []
        self.calls = 0
        self._fate, self._lag = fate, lag
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen on a free port of loopback; return the address."""
        app = web.Application()
        app.router.add_post("/send", self._send)
        app.router.add_post("/edit", self._edit)
        app.router.add_get("/find", self._find)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def close(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _send(self, request: web.Request) -> web.Response:
        asked = await request.json()
        return await self._answer(request, lambda fate: self._accept(asked, fate))

    async def _edit(self, request: web.Request) -> web.Response:
        return await self._answer(request, lambda _: "edited")

    def _accept(self, asked: dict[str, Any], fate: str) -> str:
        doubtful = fate in {"drop", "500-done"}
        now = asyncio.get_running_loop().time()
        self.accepted.append(Copy(now, **asked, doubtful=doubtful))
        return str(len(self.accepted))

    async def _answer(self, request: web.Request, accept: Callable[[str], str]) -> web.Response:
        self.calls += 1
        fate = self._fate()
        if fate == "slow":
            await asyncio.sleep(0.1)
        receipt = accept(fate) if fate in {"ok", "slow", "drop", "500-done"} else ""
        if fate in {"drop", "cut"} and request.transport:
            request.transport.close()
        status = {"busy": 409, "429": 429, "500-done": 500, "500-not-done": 500}.get(fate, 200)
        return web.json_response({"receipt": receipt, "wait": 0.05}, status=status)

    async def _find(self, request: web.Request) -> web.Response:
        seen = asyncio.get_running_loop().time() - self._lag
        wanted = request.query["delivery"]
        found = [
            str(at)
            for at, copy in enumerate(self.accepted, 1)
            if copy.delivery == wanted and copy.at <= seen
        ]
        return web.json_response({"receipt": found[0] if found else None})


class HttpChats:
    """The platform that speaks to a ChatServer, as strict about doubt as the real ones are."""

    name = "fake"

    def __init__(
        self, address: str, client: httpx.AsyncClient, pace: Limits, life: int = 0
    ) -> None:
        self._address, self._client, self.pace, self._life = address, client, pace, life

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        asked = {
            "chat": chat.id,
            "delivery": delivery.id,
            "text": delivery.message.text,
            "reply_to": reply_to,
            "life": self._life,
        }
        answer = await self._post("/send", asked)
        return str(answer["receipt"])

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:
        await self._post("/edit", {"chat": chat.id, "receipt": receipt, "text": message.text})

    async def find(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:
        # ids are unique, wherever they were posted
        try:
            answer = await self._client.get(
                f"{self._address}/find", params={"delivery": delivery.id}
            )
            return answer.json()["receipt"]
        except httpx.HTTPError as error:
            raise TryLaterError("cannot look it up") from error

    async def listen(self, answer: Answer) -> None:
        """Hear nobody: this service only takes messages."""

    async def close(self) -> None:
        """Nothing is held."""

    async def _post(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = await self._client.post(f"{self._address}{path}", json=asked)
        except httpx.HTTPError as error:
            raise meaning(error) from error
        if answer.status_code != 200:
            raise refusal(answer)
        return answer.json()


def meaning(error: httpx.HTTPError) -> SendError:
    """Return what a failure of the network means: only before a connection is nothing done."""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return TryLaterError("cannot connect")
    return AmbiguousError(f"no answer ({type(error).__name__})")


def refusal(answer: httpx.Response) -> SendError:
    """Return what a status other than 200 means."""
    if answer.status_code == 429:
        wait = timedelta(seconds=answer.json()["wait"])
        return TryLaterError("slow down", wait, "account", told=True)
    if answer.status_code == 409:
        return TryLaterError("busy")
    if answer.status_code >= 500:
        return AmbiguousError(f"HTTP {answer.status_code}")
    return RejectedError(f"HTTP {answer.status_code}")
