"""A Bot API server on loopback: it keeps chats and messages, enforces the limits, plays people.

It refuses what Telegram refuses: a broken pace (429 with `retry_after`, remembered in
`violations`), bad HTML, lengths, closed chats, groups that moved. `fate` is asked for each
request and may break it: "drop" accepts and cuts the connection, "cut" cuts it first, a number
such as "502" answers so, "ok" leaves it alone.
"""

import asyncio
import itertools
import json
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.servers.telegram_markup import BadMarkupError, read, units

TOKEN = "7700001:AAHcanaryCANARYcanaryCANARYcanary0"  # noqa: S105  # opens nothing
ME = {"id": 7700001, "is_bot": True, "first_name": "Wire", "username": "wire_test_bot"}
JITTER = 0.03  # seconds by which two messages may come closer on the way


@dataclass
class Room:
    """A chat as the server knows it."""

    id: int
    type: str = "private"
    title: str = ""
    admins: set[int] = field(default_factory=set)
    topics: set[int] = field(default_factory=set)
    closed: str = ""
    moved: int = 0
    times: deque[float] = field(default_factory=lambda: deque(maxlen=20))
    quiet: float = 0.0

    def shown(self) -> dict[str, Any]:
        name = {"first_name": "Ann"} if self.type == "private" else {"title": self.title or "Desk"}
        return {"id": self.id, "type": self.type, "is_forum": bool(self.topics), **name}


@dataclass
class Post:
    """A message that the bot has in a chat."""

    id: int
    chat: int
    text: str
    asked: dict[str, Any]
    edits: int = 0

    @property
    def thread(self) -> str:
        return str(self.asked.get("message_thread_id", ""))

    @property
    def reply_to(self) -> int:
        return int(json.loads(self.asked.get("reply_parameters", "{}")).get("message_id", 0))

    @property
    def buttons(self) -> list[dict[str, str]]:
        rows = json.loads(self.asked.get("reply_markup", "{}")).get("inline_keyboard", [])
        return [key for row in rows for key in row]


class RefusedError(Exception):
    """An answer that is not ok."""

    def __init__(self, status: int, text: str, **parameters: int) -> None:
        super().__init__(text)
        self.body = {"ok": False, "error_code": status, "description": text}
        if parameters:
            self.body["parameters"] = parameters
        self.status = status


def refused(text: str) -> RefusedError:
    return RefusedError(400, f"Bad Request: {text}")


class TelegramServer:
    """Serves one bot until closed. `strict` keeps Telegram's pace."""

    def __init__(
        self, *, strict: bool = False, fate: Callable[[str], str] = lambda _method: "ok"
    ) -> None:
        self.rooms: dict[int, Room] = {}
        self.posts: list[Post] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.violations: list[tuple[str, int]] = []
        self.menus: dict[str, list[str]] = {}
        self.pressed: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] = {}
        self.confirmed = 0
        self.token, self.fate, self.strict = TOKEN, fate, strict
        self._updates: list[dict[str, Any]] = []
        self._all: deque[float] = deque(maxlen=30)
        self._ids = itertools.count(1)
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    # -- being a server -------------------------------------------------------------------------

    async def start(self, port: int = 0) -> str:
        """Listen on loopback; return the address."""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._called)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def close(self) -> None:
        """Stop listening; the state stays."""
        if self._runner:
            await self._runner.cleanup()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds; it is looked at after each request and update."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(condition)

    async def sent(self, count: int) -> Post:
        """Wait until the bot has posted `count` messages in all; return the latest."""
        await self.until(lambda: len(self.posts) >= count)
        return self.posts[count - 1]

    def room(self, id: int, type: str = "private", **given: Any) -> Room:  # noqa: A002  # Telegram's names
        """Open a chat."""
        self.rooms[id] = Room(id, type, **given)
        return self.rooms[id]

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fate = "ok" if request.match_info["token"] == self.token else "401"
        fate = self.fate(method) if fate == "ok" else fate
        asked = {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append((method, asked))
        await self._tell()
        if fate.isdigit():
            return web.Response(status=int(fate), text=f"<html>{request.path}</html>")
        try:
            if fate == "cut":
                return self._cut(request)
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

    def _cut(self, request: web.Request) -> web.Response:
        if request.transport:
            request.transport.close()
        return web.Response()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _do(self, method: str, asked: dict[str, Any]) -> Any:
        known: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": lambda _: ME,
            "sendMessage": self._send,
            "editMessageText": self._edit,
            "getChatMember": self._member,
            "answerCallbackQuery": self._acknowledged,
            "setMyCommands": self._menu,
            "setWebhook": self._hook,
            "deleteWebhook": self._unhook,
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
        post = Post(next(self._ids), room.id, text, asked)
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

    def _open(self, asked: dict[str, Any]) -> Room:
        room = self.rooms.get(int(asked["chat_id"]))
        if room is None:
            raise refused("chat not found")
        if room.moved:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, text, migrate_to_chat_id=room.moved)
        if room.closed:
            raise RefusedError(403, f"Forbidden: {room.closed}")
        if self.strict:
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
        now = asyncio.get_running_loop().time()
        opens = [
            room.quiet,
            room.times[-1] + 1 if room.times else 0,
            room.times[0] + 60 if room.type != "private" and len(room.times) == 20 else 0,
            self._all[0] + 1 if len(self._all) == 30 else 0,
        ]
        if max(opens) - JITTER > now:
            wait = max(1, math.ceil(max(opens) - now))
            room.quiet = now + wait
            self.violations.append(("sendMessage", room.id))
            raise RefusedError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        room.times.append(now)
        self._all.append(now)

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
        scope = json.loads(asked.get("scope", '{"type": "default"}'))["type"]
        self.menus[scope] = [each["command"] for each in json.loads(asked["commands"])]
        return True

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
            new = (u for u in self._updates if u["update_id"] >= offset)
            return [u for u in new if set(u) & set(wanted)]

        try:
            async with asyncio.timeout(float(asked.get("timeout", 0))), self._changed:
                await self._changed.wait_for(lambda: bool(waiting()))
        except TimeoutError:
            return []
        return waiting()

    # -- being people ---------------------------------------------------------------------------

    async def says(self, chat: int, text: str, *, user: int = 1, **given: Any) -> int:
        """Post as a person; `kind` says what update it comes as; return the message's id."""
        kind = given.pop("kind", "message")
        message = {
            "message_id": next(self._ids),
            "date": 1,
            "chat": self.rooms[chat].shown(),
            "text": text,
            **({"from": person(user)} if kind != "channel_post" else {}),
            **given,
        }
        if given.get("message_thread_id"):
            message["is_topic_message"] = True
        await self.update({kind: message})
        return int(message["message_id"])

    async def presses(self, post: Post, data: str, user: int = 1) -> None:
        """Press a button of a post."""
        room = self.rooms[post.chat]
        message = {"message_id": post.id, "date": 1, "chat": room.shown(), "text": post.text}
        if post.thread:
            message |= {"message_thread_id": int(post.thread), "is_topic_message": True}
        query = {
            "id": f"q{next(self._ids)}",
            "from": person(user),
            "chat_instance": "1",
            "data": data,
            "message": message,
        }
        await self.update({"callback_query": query})

    async def changes(self, chat: int, before: str, after: str) -> None:
        """Invite the bot, throw it out, block it."""
        change = {
            "chat": self.rooms[chat].shown(),
            "from": person(1),
            "date": 1,
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        await self.update({"my_chat_member": change})

    async def update(self, body: dict[str, Any]) -> dict[str, Any]:
        """Add an update to what the bot will poll; return it."""
        update = {"update_id": 1000 + len(self._updates), **body}
        self._updates.append(update)
        await self._tell()
        return update


def person(user: int) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": f"P{user}"}


def member(status: str) -> dict[str, Any]:
    rights = dict.fromkeys(
        [
            "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
            "can_manage_video_chats", "can_restrict_members", "can_promote_members",
            "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
            "can_delete_stories",
        ],
        False,
    )  # fmt: skip
    by_status: dict[str, dict[str, Any]] = {"administrator": rights, "kicked": {"until_date": 0}}
    extra = by_status.get(status, {})
    return {"status": status, "user": ME, **extra}
