"""Chats, messages and people as the loopback Bot API server knows them."""

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

ME = {"id": 7700001, "is_bot": True, "first_name": "Wire", "username": "wire_test_bot"}


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
    at: float = 0.0

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


class People:
    """Chats, and the people in them who write, press and invite."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.updates: list[dict[str, Any]] = []
        self.speaks: dict[int, str] = {}
        self._ids = itertools.count(1)
        self._changed = asyncio.Condition()

    def room(self, id: int, type: str = "private", **given: Any) -> Room:  # noqa: A002  # Telegram's names
        """Open a chat."""
        self.rooms[id] = Room(id, type, **given)
        return self.rooms[id]

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def says(self, chat: int, text: str, *, user: int = 1, **given: Any) -> int:
        """Post as a person; `kind` says what update it comes as; return the message's id."""
        kind = given.pop("kind", "message")
        message = {
            "message_id": next(self._ids),
            "date": 1,
            "chat": self.rooms[chat].shown(),
            "text": text,
            **({"from": self._person(user)} if kind != "channel_post" else {}),
            **given,
        }
        if given.get("message_thread_id"):
            message["is_topic_message"] = True
        await self.update({kind: message})
        return int(message["message_id"])

    def _person(self, user: int) -> dict[str, Any]:
        return person(user) | ({"language_code": self.speaks[user]} if user in self.speaks else {})

    async def presses(self, post: Post, data: str, user: int = 1) -> None:
        """Press a button of a post."""
        room = self.rooms[post.chat]
        message = {"message_id": post.id, "date": 1, "chat": room.shown(), "text": post.text}
        if post.thread:
            message |= {"message_thread_id": int(post.thread), "is_topic_message": True}
        query = {
            "id": f"q{next(self._ids)}",
            "from": self._person(user),
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
        update = {"update_id": 1000 + len(self.updates), **body}
        self.updates.append(update)
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
