"""What must hold before a command runs: the chat let in, the person entitled, the room open."""

import asyncio
import math
from collections.abc import Mapping
from typing import Any

from bot.errors import ChatGoneError, SendError
from bot.language import mark, tr
from bot.model import Chat, Command
from bot.platforms.slack import editors
from bot.platforms.slack.access import Door
from bot.platforms.slack.payloads import is_direct
from bot.platforms.slack.web import Web

_FRESH = 60.0  # seconds that a person's rights hold
_DAY = 86_400.0
_KEPT = 2_000
BEGINS = frozenset({"subscribe", "import"})  # what alerts come of
UNKNOWN = mark(
    "Slack does not say just now who you are, so nothing was changed. Try again in a minute."
)


class Gate:
    """Asks Slack about people and rooms. `name` is what the bot is called in the workspace."""

    def __init__(self, web: Web, door: Door, name: str) -> None:
        self._web, self._door, self._name = web, door, name
        self._people: dict[tuple[str, str], tuple[float, Mapping[str, Any]]] = {}

    async def refusal(self, command: Command) -> str:
        """Return why a command may not run, in words for the person; "" where it may."""
        chat = command.chat
        if not self._door.admits(chat):
            return tr(
                "This bot is closed to this chat; its operator can add {chat} to ALLOWED_CHATS.",
                chat=chat.id,
            )
        refused = ""
        if self._door.changes.by(command.verb, command.argument) and not is_direct(chat):
            refused = await self._person(chat, command.person)
        return refused or (await self._room(command) if command.verb in BEGINS else "")

    async def _person(self, chat: Chat, person: str) -> str:
        try:
            user = await self._user(chat, person, _FRESH)
        except SendError:
            return tr(UNKNOWN)
        refused = editors.refusal(self._door.editors, user, chat.account)
        return tr(refused) if refused else ""

    async def locale(self, chat: Chat, person: str) -> str:
        """Return the language that a person has set in Slack ("ja-JP"), "" where it is not told."""
        try:
            return str((await self._user(chat, person, _DAY)).get("locale") or "")
        except SendError:
            return ""

    async def _user(self, chat: Chat, person: str, age: float) -> Mapping[str, Any]:
        """Return what Slack says of a person, or said within `age` seconds. Raises SendError."""
        now = asyncio.get_running_loop().time()
        asked, user = self._people.get((chat.account, person), (-math.inf, {}))
        if now - asked < age:
            return user
        answer = await self._web.read("users.info", user=person, include_locale=True)
        user = answer.get("user") or {}
        if len(self._people) >= _KEPT:
            self._people.clear()
        self._people[chat.account, person] = (now, user)
        return user

    async def _room(self, command: Command) -> str:
        """Return how to open a room in which the bot cannot post."""
        try:
            answer = await self._web.read("conversations.info", channel=command.chat.room)
        except ChatGoneError:
            return self._invite(command)
        except SendError:
            return ""  # it cannot be told; the first alert will show
        room = answer.get("channel") or {}
        if room.get("is_archived"):
            return tr(
                "This channel is archived, so no alert could be posted; subscribe in another one."
            )
        is_in = room.get("is_member") or room.get("is_im") or room.get("is_mpim")
        return "" if is_in else self._invite(command)

    def _invite(self, command: Command) -> str:
        return tr(
            "Not subscribed yet: the bot cannot post here. Type /invite @{name} and then "
            "{command}. In a chat that cannot invite it, write to it directly.",
            name=self._name,
            command=f"/{command.verb} {command.argument[:200]}".rstrip(),
        )
