"""A Bot API server on loopback: it keeps chats and messages, enforces the limits, plays people.

It refuses what Telegram refuses: a broken pace (429 with `retry_after`, remembered in
`violations`), bad HTML, lengths, closed chats, groups that moved. `fate` is asked for each
request and may break it: "drop" accepts and cuts the connection, "cut" cuts it first, a number
such as "502" answers so, "ok" leaves it alone.
"""

import asyncio
import json
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from aiohttp import web

from tests.servers.telegram_markup import BadMarkupError, read, units
from tests.servers.telegram_people import ME, People, Post, RefusedError, Room, person, refused
from tests.servers.windows import JITTER, Rule, Windows

TOKEN = "7700001:AAHcanaryCANARYcanaryCANARYcanary0"  # noqa: S105  # opens nothing


class TelegramServer(People):
    """Serves one bot until closed. `strict` keeps Telegram's pace."""

    route = "/bot{token}/{method}"

    def __init__(
        self,
        *,
        strict: bool = False,
        jitter: float = JITTER,
        fate: Callable[[str], str] = lambda _method: "ok",
    ) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.menus: dict[tuple[str, str], dict[str, str]] = {}  # by scope and language
        self.pressed: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] = {}
        self.files: list[tuple[int, str, str]] = []
        self.confirmed = 0
        self.hook_error = ""
        self.clock = 0.0  # seconds by which the server's clock is off
        self.token, self.fate = TOKEN, fate
        self.windows = Windows(jitter) if strict else None
        self._runner: web.AppRunner | None = None

    @property
    def violations(self) -> int:
        """Return how often a limit was broken."""
        return len(self.windows.broken) if self.windows else 0

    # -- being a server -------------------------------------------------------------------------

    async def start(self, port: int = 0) -> str:
        """Listen on loopback; return the address."""
        app = web.Application()
        app.on_response_prepare.append(self._dated)
        app.router.add_post(self.route, self._called)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _dated(self, _request: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Date"] = formatdate(time.time() + self.clock, usegmt=True)

    async def close(self) -> None:
        """Stop listening; the state stays."""
        if self._runner:
            await self._runner.cleanup()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds; it is looked at after each request and update."""
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(condition)

    async def sent(self, count: int) -> Post:
        """Wait until the bot has posted `count` messages in all; return the latest."""
        await self.until(lambda: len(self.posts) >= count)
        return self.posts[count - 1]

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fate = self.fate(method)
        form = await request.post()
        asked = {name: str(value) for name, value in form.items() if isinstance(value, str)}
        parts = (part for part in form.values() if isinstance(part, web.FileField))
        asked |= {f"file {part.filename}": part.file.read().decode() for part in parts}
        self.calls.append((method, asked))
        await self._tell()
        if fate.isdigit():
            return web.Response(status=int(fate), text=f"<html>{request.path}</html>")
        try:
            if fate == "cut":
                return self._cut(request)
            self._known(request.match_info["token"])
            result = await self._do(method, asked)
            await self._tell()
            return (
                self._cut(request)
                if fate == "drop"
                else web.json_response({"ok": True, "result": result})
            )
        except RefusedError as error:
            await self._tell()
            return web.json_response(error.body, status=error.status)

    def _known(self, token: str) -> None:
        if token != self.token:
            raise RefusedError(401, "Unauthorized")

    def _cut(self, request: web.Request) -> web.Response:
        if request.transport:
            request.transport.close()
        return web.Response()

    async def _do(self, method: str, asked: dict[str, Any]) -> Any:
        known: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": lambda _: ME,
            "sendMessage": self._send,
            "editMessageText": self._edit,
            "sendDocument": self._document,
            "getChatMember": self._member,
            "answerCallbackQuery": self._acknowledged,
            "setMyCommands": self._menu,
            "setWebhook": self._hook,
            "deleteWebhook": self._unhook,
            "getMyCommands": self._menu_of,
            "getWebhookInfo": self._hooked,
        }
        if method == "getUpdates":
            return await self._poll(asked)
        if method not in known:
            raise RefusedError(404, "Not Found")
        return known[method](asked)

    # -- messages -------------------------------------------------------------------------------

    def _send(self, asked: dict[str, Any]) -> dict[str, Any]:
        room = self._open(asked)
        text = self._text(asked)
        thread = int(asked.get("message_thread_id", 0))
        if thread and thread not in room.topics:
            raise refused("message thread not found")
        for row in json.loads(asked.get("reply_markup", "{}")).get("inline_keyboard", []):
            for key in row:
                if not 1 <= len(key.get("callback_data", "").encode()) <= 64 or not key["text"]:
                    raise refused("BUTTON_DATA_INVALID")
        at = asyncio.get_running_loop().time()
        post = Post(next(self._ids), room.id, text, asked, at=at)
        self.posts.append(post)
        return {"message_id": post.id, "date": 1, "chat": room.shown(), "text": text}

    def _edit(self, asked: dict[str, Any]) -> dict[str, Any]:
        room = self._open(asked)
        text = self._text(asked)
        wanted = int(asked["message_id"])
        post = next((p for p in self.posts if p.id == wanted and p.chat == room.id), None)
        if post is None:
            raise refused("message to edit not found")
        same = asked.get("reply_markup") == post.asked.get("reply_markup")
        if text == post.text and same:
            raise refused("message is not modified: specified new message content is the same")
        post.text, post.edits, post.asked = text, post.edits + 1, post.asked | asked
        return {"message_id": post.id, "date": 1, "chat": room.shown(), "text": text}

    def _document(self, asked: dict[str, Any]) -> dict[str, Any]:
        room = self._open(asked)
        self.files += [
            (room.id, name.removeprefix("file "), text)
            for name, text in asked.items()
            if name.startswith("file ")
        ]
        document = {"file_id": "f", "file_unique_id": "f"}
        shown = {"message_id": next(self._ids), "date": 1, "chat": room.shown()}
        return shown | {"document": document}

    def _open(self, asked: dict[str, Any]) -> Room:
        room = self.rooms.get(int(asked["chat_id"]))
        if room is None:
            raise refused("chat not found")
        if room.moved:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, text, migrate_to_chat_id=room.moved)
        if room.closed:
            raise RefusedError(403, f"Forbidden: {room.closed}")
        self._pace(room)
        return room

    def _text(self, asked: dict[str, Any]) -> str:
        text = str(asked["text"])
        if asked.get("parse_mode") == "HTML":
            try:
                text, _links = read(text)
            except BadMarkupError as error:
                raise refused(f"can't parse entities: {error}") from error
        if not text.strip():
            raise refused("message text is empty")
        if units(text) > 4096:
            raise refused("message is too long")
        return text

    def _pace(self, room: Room) -> None:
        """Refuse what is too fast: a violator is shut out for a while, and counted."""
        now = asyncio.get_running_loop().time()
        rules = [Rule(("bot",), 30, 1.0), Rule(("bot", str(room.id)), 1, 1.0)]
        if room.type != "private":
            rules.append(Rule(("bot", str(room.id), "minute"), 20, 60.0))
        if self.windows and (wait := self.windows.wait(rules, now)):
            raise RefusedError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)

    # -- everything else ------------------------------------------------------------------------

    def _member(self, asked: dict[str, Any]) -> dict[str, Any]:
        room, user = self.rooms[int(asked["chat_id"])], int(asked["user_id"])
        status = "creator" if user in room.admins else "member"
        extra = {"is_anonymous": False} if status == "creator" else {}
        return {"status": status, "user": person(user), **extra}

    def _acknowledged(self, asked: dict[str, Any]) -> bool:
        if len(asked.get("text", "")) > 200:
            raise refused("MESSAGE_TOO_LONG")
        self.pressed.append(asked)
        return True

    def _menu(self, asked: dict[str, Any]) -> bool:
        commands = json.loads(asked["commands"])
        self.menus[_place(asked)] = {each["command"]: each["description"] for each in commands}
        return True

    def _menu_of(self, asked: dict[str, Any]) -> list[dict[str, str]]:
        menu = self.menus.get(_place(asked), {})
        return [{"command": verb, "description": told} for verb, told in menu.items()]

    def _hooked(self, _asked: dict[str, Any]) -> dict[str, Any]:
        kept = {"url": self.webhook.get("url", ""), "has_custom_certificate": False}
        failed = {"last_error_message": self.hook_error} if self.hook_error else {}
        return kept | failed | {"pending_update_count": len(self.updates)}

    def _unhook(self, _asked: dict[str, Any]) -> bool:
        self.webhook.clear()
        return True

    def _hook(self, asked: dict[str, Any]) -> bool:
        self.webhook = dict(asked)
        return True

    async def _poll(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, wanted = int(asked.get("offset", 0)), json.loads(asked["allowed_updates"])
        self.confirmed = offset = max(self.confirmed, offset)

        def waiting() -> list[dict[str, Any]]:
            new = (u for u in self.updates if u["update_id"] >= offset)
            return [u for u in new if set(u) & set(wanted)]

        try:
            async with asyncio.timeout(float(asked.get("timeout", 0))), self._changed:
                await self._changed.wait_for(lambda: bool(waiting()))
        except TimeoutError:
            return []
        return waiting()


def _place(asked: dict[str, Any]) -> tuple[str, str]:
    """Return the scope and the language that a menu is for."""
    scope = json.loads(asked.get("scope", '{"type": "default"}'))["type"]
    return scope, asked.get("language_code", "")
