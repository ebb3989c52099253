"""Slack's payloads as commands: who asked, where, what, and how to answer. Pure."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.model import Chat, ChatId, Command

PLATFORM = "slack"
SLASHES = ("/subscribe", "/unsubscribe", "/subscriptions", "/latest", "/exportwire")
"""The slash commands of the manifest; the last one takes any verb."""
HOME = "home:"
"""Begins the block id of App Home's buttons; the person's direct chat follows."""
Payload = Mapping[str, Any]
_LINK = re.compile(r"<(?:https?://|mailto:)[^<>|]*\|([^<>]*)>|<(https?://[^<>|]*)>")
_NAMED = re.compile(r"<[#!@][^<>]*>")
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command, and where its answer goes: `reply_url` for one person's eyes, else the room.

    `thread` is the message that was written below. `team` is the person's own.
    """

    command: Command
    key: str = ""
    team: str = ""
    reply_url: str = ""
    thread: str = ""
    slash: bool = False


def chat_of(team: str, room: str, title: str = "") -> Chat:
    """Return the chat of a channel in a workspace."""
    return Chat(
        id=ChatId(f"{PLATFORM}:{team}:{room}"),
        platform=PLATFORM,
        account=team,
        room=room,
        title=title,
    )


def is_direct(chat: Chat) -> bool:
    """Whether it is a chat of one person with the bot."""
    return chat.room.startswith("D")


def of_slash(body: Payload, team: str) -> Asked:
    """Return what a slash command asks; `/exportwire latest` is `/latest`."""
    verb, text = _word(body, "command").removeprefix("/"), typed(_word(body, "text"))
    if verb == PLAIN:
        verb, text = verb_of(text, "help")
    name = _word(body, "channel_name")
    title = "" if name in {"directmessage", "privategroup"} else name
    chat = chat_of(team, _word(body, "channel_id"), title)
    command = Command(chat=chat, verb=verb, argument=text, person=_word(body, "user_id"))
    return Asked(
        command=command,
        key=_word(body, "trigger_id"),
        team=_word(body, "team_id"),
        reply_url=_word(body, "response_url"),
        slash=True,
    )


PLAIN = "exportwire"


def of_message(body: Payload, team: str) -> Asked | None:
    """Return what a mention or a direct message asks; None for edits, joins and other bots."""
    event = body.get("event", {})
    if event.get("subtype") or event.get("bot_id") or not event.get("user"):
        return None
    verb, argument = verb_of(typed(_word(event, "text")), "start")
    chat = chat_of(team, _word(event, "channel"))
    command = Command(chat=chat, verb=verb, argument=argument, person=_word(event, "user"))
    return Asked(
        command=command,
        key=_word(body, "event_id"),
        team=_word(event, "user_team") or _word(event, "team"),
        thread=_word(event, "thread_ts"),
    )


def of_press(body: Payload, team: str) -> Asked | None:
    """Return what a pressed button asks; None for a press that runs nothing."""
    actions, user = body.get("actions") or [{}], body.get("user", {})
    verb, argument = verb_of(_word(actions[0], "value"), "")
    home = _word(actions[0], "block_id")
    room = _word(body.get("channel") or {}, "id")
    room = room or (home.removeprefix(HOME) if home.startswith(HOME) else "")
    if not verb or not room:
        return None
    command = Command(
        chat=chat_of(team, room), verb=verb, argument=argument, person=_word(user, "id")
    )
    return Asked(
        command=command,
        key=_word(body, "trigger_id"),
        team=_word(user, "team_id"),
        reply_url=_word(body, "response_url"),
        thread=_word(body.get("container") or {}, "thread_ts"),
    )


def from_home(body: Payload) -> bool:
    """Whether a button was pressed in App Home, which then shows something old."""
    actions = body.get("actions") or [{}]
    return _word(actions[0], "block_id").startswith(HOME)


def verb_of(text: str, empty: str) -> tuple[str, str]:
    """Return the verb and the argument of a line; `empty` is the verb of an empty one."""
    verb, _, argument = text.strip().partition(" ")
    return verb.removeprefix("/").casefold() or empty, argument.strip()


def typed(text: str) -> str:
    """Return what a person typed, before Slack marked up links, names and quotes in it."""
    plain = _NAMED.sub(" ", _LINK.sub(lambda found: found[1] or found[2] or "", text[:8_000]))
    return " ".join(html.unescape(plain).translate(_CURLY).split())


def _word(body: Payload, key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
