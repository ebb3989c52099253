"""Slack on loopback: Web API and Socket Mode, with a memory, Slack's limits, and users to play.

It refuses what Slack refuses (lengths, blocks, pace, strangers), fails as told by `fail`, and its
users type commands, write messages and press buttons, by socket or by signed HTTP.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.platforms.slack.signature import sign
from tests.servers.windows import JITTER, Rule, Windows

BOT_TOKEN, APP_TOKEN = "xoxb-canary-bot-0123456789", "xapp-canary-app-0123456789"
SECRET = "canary-signing-secret"  # noqa: S105  # made up, to be searched for in logs
TEAM, ME, BOT = "T1", "UBOT", "B1"
SCOPES = "chat:write,channels:history,groups:history,im:history,metadata.message:read"
PER_MINUTE = {"chat.update": 50, "conversations.info": 50, "users.info": 100}
Fail = Callable[[str, dict[str, Any]], str]
"""Given method and arguments: "" or an error, "429", "500-done", "500", "drop", "html"."""


@dataclass
class Post:
    room: str
    ts: str
    body: dict[str, Any]
    at: float
    updates: list[dict[str, Any]] = field(default_factory=list)


class SlackServer:
    """Keeps what was posted in `posts` and what each response address got in `responses`."""

    def __init__(
        self, fail: Fail = lambda _m, _b: "", *, strict: bool = False, jitter: float = JITTER
    ) -> None:
        self.fail, self.windows = fail, Windows(jitter) if strict else None
        self.scopes = SCOPES
        self.lag = 0.0  # seconds until the history shows a post
        self.clock = 0.0  # seconds by which the server's clock is off
        self.posts: list[Post] = []
        self.calls: list[str] = []
        self.responses: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.posted: asyncio.Queue[Post] = asyncio.Queue()
        self.uploads: dict[str, bytes] = {}
        self.files: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
        self.views: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.acks: asyncio.Queue[str] = asyncio.Queue()
        self.rooms: dict[str, dict[str, Any]] = {
            "C1": {"id": "C1", "is_member": True},
            "C2": {"id": "C2", "is_member": True},
            "COUT": {"id": "COUT", "is_member": False},
            "D1": {"id": "D1", "is_im": True},
        }
        self.users: dict[str, dict[str, Any]] = {
            "U1": {"id": "U1", "team_id": TEAM},
            "UADMIN": {"id": "UADMIN", "team_id": TEAM, "is_admin": True},
            "UGUEST": {"id": "UGUEST", "team_id": TEAM, "is_restricted": True},
            "UOTHER": {"id": "UOTHER", "team_id": "T9"},
        }
        self._sockets: list[web.WebSocketResponse] = []
        self._joined = asyncio.Event()
        self._tickets: set[str] = set()
        self._count = 0
        self._runner: web.AppRunner | None = None
        self.base = ""

    @property
    def violations(self) -> int:
        """Return how often a limit was broken."""
        return len(self.windows.broken) if self.windows else 0

    async def start(self, port: int = 0) -> str:
        app = web.Application()
        app.on_response_prepare.append(self._dated)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/respond/{n}", self._respond)
        app.router.add_post("/upload/{name}/{length}", self._upload)
        app.router.add_get("/socket/{ticket}", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"{host}:{port}"
        return f"http://{self.base}/api/"

    async def _dated(self, _request: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Date"] = formatdate(time.time() + self.clock, usegmt=True)

    async def close(self) -> None:
        await self.cut()
        if self._runner:
            await self._runner.cleanup()

    # -- the Web API ------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = dict(request.query)
        if request.content_type == "application/json":
            body.update(await request.json())
        else:
            body.update({k: str(v) for k, v in (await request.post()).items()})
        self.calls.append(method)
        fate = self.fail(method, body)
        if early := self._refused(request, method, fate) or self._hasty(method, body):
            return early
        done = self._do(method, body)
        if fate == "drop" and request.transport:
            request.transport.close()
        if fate == "500-done":
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        return web.json_response(done, headers={"x-oauth-scopes": self.scopes})

    def _refused(self, request: web.Request, method: str, fate: str) -> web.Response | None:
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {wanted}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        return None if fate in {"", "drop", "500-done"} else failed(fate)

    def _hasty(self, method: str, body: dict[str, Any]) -> web.Response | None:
        """Refuse what is too fast: a violator is refused that method for a while, and counted."""
        now = asyncio.get_running_loop().time()
        if self.windows is None or not (wait := self.windows.wait(_rules(method, body), now)):
            return None
        return failed("429", wait)

    def _do(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        actions = {
            "auth.test": lambda _b: _ok(team_id=TEAM, user_id=ME, user="exportwire", bot_id=BOT),
            "apps.connections.open": self._open,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.info": self._info,
            "conversations.history": self._history,
            "conversations.replies": self._history,
            "users.info": self._user,
            "views.publish": self._publish,
            "files.getUploadURLExternal": self._place,
            "files.completeUploadExternal": self._shared,
        }
        return actions[method](body)

    def _open(self, _body: dict[str, Any]) -> dict[str, Any]:
        ticket = self._next()
        self._tickets.add(ticket)
        return _ok(url=f"ws://{self.base}/socket/{ticket}")

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        room = self.rooms.get(body["channel"])
        if room is None or room.get("is_archived"):
            return _no("is_archived" if room else "channel_not_found")
        if not (room.get("is_member") or room.get("is_im")):
            return _no("not_in_channel")
        if wrong := wrong_with(body):
            return _no(wrong)
        now = asyncio.get_running_loop().time()
        post = Post(body["channel"], f"{time.time() + self._step():.6f}", body, now)
        self.posts.append(post)
        self.posted.put_nowait(post)
        return _ok(ts=post.ts, channel=post.room)

    def _update(self, body: dict[str, Any]) -> dict[str, Any]:
        for post in self.posts:
            if (post.room, post.ts) == (body["channel"], body["ts"]):
                if wrong := wrong_with(body):
                    return _no(wrong)
                post.updates.append(body)
                return _ok(ts=post.ts)
        return _no("message_not_found")

    def _info(self, body: dict[str, Any]) -> dict[str, Any]:
        room = self.rooms.get(body["channel"])
        return _ok(channel=room) if room else _no("channel_not_found")

    def _user(self, body: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(body["user"])
        return _ok(user=user) if user else _no("user_not_found")

    def _publish(self, body: dict[str, Any]) -> dict[str, Any]:
        self.views.put_nowait(body)
        return _ok()

    def _place(self, body: dict[str, Any]) -> dict[str, Any]:
        name = f"F{self._next()}"
        self.uploads[name] = b""
        return _ok(upload_url=f"http://{self.base}/upload/{name}/{body['length']}", file_id=name)

    async def _upload(self, request: web.Request) -> web.Response:
        data = await request.read()
        self.uploads[request.match_info["name"]] = data
        right = len(data) == int(request.match_info["length"])
        return web.Response(status=200 if right else 400)

    def _shared(self, body: dict[str, Any]) -> dict[str, Any]:
        for file in body["files"]:
            told = (body["channel_id"], file["title"], self.uploads[file["id"]].decode())
            self.files.put_nowait(told)
        return _ok()

    def _history(self, body: dict[str, Any]) -> dict[str, Any]:
        under, oldest = body.get("ts", ""), body.get("oldest", "")
        seen = asyncio.get_running_loop().time() - self.lag
        shown = [
            self._shown(post, metadata=bool(body.get("include_all_metadata")))
            for post in self.posts
            if post.room == body["channel"]
            and post.ts > oldest
            and post.at <= seen
            and _is_in(post, under)
        ]
        start = int(body.get("cursor") or 0)
        end = start + min(int(body.get("limit", 100)), 100)
        more = {"next_cursor": str(end)} if end < len(shown) else {}
        return _ok(messages=shown[start:end], response_metadata=more)

    def _shown(self, post: Post, *, metadata: bool) -> dict[str, Any]:
        replies = [p.ts for p in self.posts if p.body.get("thread_ts") == post.ts]
        told: dict[str, Any] = {"ts": post.ts, "bot_id": BOT, "text": post.body["text"]}
        told |= {"latest_reply": max(replies)} if replies else {}
        told |= {"thread_ts": post.body["thread_ts"]} if post.body.get("thread_ts") else {}
        return told | ({"metadata": post.body.get("metadata")} if metadata else {})

    def _step(self) -> float:
        self._count += 1
        return self._count / 1e4

    def _next(self) -> str:
        self._count += 1
        return str(self._count)

    async def _respond(self, request: web.Request) -> web.Response:
        self.responses.put_nowait(await request.json())
        return web.Response(text="ok")

    # -- Socket Mode ------------------------------------------------------------------------

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.remove(ticket)  # good for one use
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        self._joined.set()
        async for message in socket:
            self.acks.put_nowait(json.loads(message.data)["envelope_id"])
        return socket

    async def joined(self, seconds: float = 30) -> None:
        """Wait until a client listens."""
        await asyncio.wait_for(self._joined.wait(), seconds)

    async def cut(self) -> None:
        """End every connection."""
        self._joined.clear()
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close()

    async def refresh(self) -> None:
        """Ask the client to connect anew."""
        self._joined.clear()
        await self._sockets.pop().send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def envelope(self, kind: str, payload: dict[str, Any]) -> str:
        name = f"e{self._next()}"
        told = {"envelope_id": name, "type": kind, "payload": payload}
        await self._sockets[-1].send_json(told)
        return name

    # -- people -----------------------------------------------------------------------------

    def slash(self, command: str, text: str = "", **more: str) -> dict[str, Any]:
        """Return the payload of a slash command that U1 types in C1."""
        return {
            "command": command,
            "text": text,
            "team_id": TEAM,
            "channel_id": "C1",
            "channel_name": "metals",
            "user_id": "U1",
            "trigger_id": f"t{self._next()}",
            "response_url": f"http://{self.base}/respond/1",
            **more,
        }

    def event(self, kind: str, **more: Any) -> dict[str, Any]:
        """Return the payload of an event."""
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{self._next()}",
            "authorizations": [{"team_id": TEAM, "user_id": ME, "is_bot": True}],
            "event": {"type": kind, "event_ts": "1.1", **more},
        }

    def press(self, value: str, **more: Any) -> dict[str, Any]:
        """Return the payload of a button that U1 presses on a message in C1."""
        return {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": "U1", "team_id": TEAM},
            "channel": {"id": "C1"},
            "container": {"type": "message", "message_ts": "1.1"},
            "trigger_id": f"t{self._next()}",
            "response_url": f"http://{self.base}/respond/1",
            "actions": [{"type": "button", "action_id": "run:0", "block_id": "b", "value": value}],
            **more,
        }

    async def type(self, command: str, text: str = "", **more: str) -> dict[str, Any]:
        """Type a slash command and return what its response address got."""
        await self.envelope("slash_commands", self.slash(command, text, **more))
        return await asyncio.wait_for(self.responses.get(), 30)


def _rules(method: str, body: dict[str, Any]) -> list[Rule]:
    """Return the limits that a call counts for; a rule's first part is what a ban closes."""
    if method == "chat.postMessage":
        room = Rule((method, body["channel"]), 1, 1.0)
        return [room, Rule((method,), 300, 60.0)]
    return [Rule((method,), PER_MINUTE[method], 60.0)] if method in PER_MINUTE else []


def failed(fate: str, wait: int = 7) -> web.Response:
    """Return the answer of a request that is not carried out."""
    match fate:
        case "429":
            told = {"ok": False, "error": "ratelimited"}
            return web.json_response(told, status=429, headers={"Retry-After": str(wait)})
        case "500":
            return web.json_response({"ok": False, "error": "fatal_error"}, status=500)
        case "html":
            return web.Response(text="<h1>busy</h1>", status=503, content_type="text/html")
        case "text":
            return web.Response(text="busy", status=503)
        case _:
            return web.json_response({"ok": False, "error": fate})


def signed(body: bytes, stamp: int, secret: str = SECRET) -> dict[str, str]:
    """Return the headers with which Slack signs a body."""
    return {
        "X-Slack-Request-Timestamp": str(stamp),
        "X-Slack-Signature": sign(secret.encode(), str(stamp), body),
        "Content-Type": "application/x-www-form-urlencoded",
    }


def form(payload: dict[str, str]) -> bytes:
    return urlencode(payload).encode()


def _is_in(post: Post, under: str) -> bool:
    thread = post.body.get("thread_ts", "")
    if under:
        return under in {thread, post.ts}
    return not thread or bool(post.body.get("reply_broadcast"))


def wrong_with(body: dict[str, Any]) -> str:
    """Return Slack's word for a message that breaks its limits."""
    if not body.get("text"):
        return "no_text"
    if len(body["text"]) > 4_000:
        return "msg_too_long"
    blocks = body.get("blocks", [])
    if len(blocks) > 50 or not all(map(_is_valid, blocks)):
        return "invalid_blocks"
    return "" if len(json.dumps(blocks)) < 120_000 else "msg_blocks_too_long"


def _is_valid(block: dict[str, Any]) -> bool:
    match block["type"]:
        case "rich_text":
            return bool(block["elements"]) and all(map(_is_section, block["elements"]))
        case "context":
            return 1 <= len(block["elements"]) <= 10 and all(map(_is_text, block["elements"]))
        case "actions":
            return 1 <= len(block["elements"]) <= 25 and all(map(_is_button, block["elements"]))
        case _:
            return False


def _is_section(section: dict[str, Any]) -> bool:
    known = section["type"] in {"rich_text_section", "rich_text_quote"}
    total = sum(len(e.get("text", "")) for e in section["elements"])
    return (
        known
        and bool(section["elements"])
        and total <= 3_000
        and all(
            e["type"] == "emoji" or (e["type"] in {"text", "link"} and len(e["text"]) >= 1)
            for e in section["elements"]
        )
    )


def _is_text(text: dict[str, Any]) -> bool:
    return text["type"] == "plain_text" and 1 <= len(text["text"]) <= 3_000


def _is_button(button: dict[str, Any]) -> bool:
    fits = len(button["text"]["text"]) <= 75 and len(button["value"]) <= 2_000
    return fits and 1 <= len(button["action_id"]) <= 255


def _ok(**more: Any) -> dict[str, Any]:
    return {"ok": True, **more}


def _no(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error}
