"""Answers as Slack takes them: for one person, for the room, or as App Home. Pure."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from bot.language import tr
from bot.model import Button, Chat, Line, LineStyle, Message, Span
from bot.platforms.slack.payloads import HOME, SLASHES, Asked, is_direct
from bot.platforms.slack.render import actions, blocks, fallback

_SLASHED = re.compile(r"(?<!\S)/([a-z]+)\b")
_QUOTED = frozenset({LineStyle.TITLE, LineStyle.QUOTE})  # words of others stay as they are
_OWN = frozenset(name.removeprefix("/") for name in SLASHES)


def said(text: str) -> Message:
    """Return a plain answer of one line."""
    return Message(lines=(Line((Span(text),)),))


def spoken(answer: Message, verbs: Collection[str]) -> Message:
    """Return an answer whose commands can be typed in Slack: /help is /exportwire help there."""

    def typed(found: re.Match[str]) -> str:
        verb = found[1]
        return f"/exportwire {verb}" if verb in verbs and verb not in _OWN else found[0]

    def line(told: Line) -> Line:
        if told.style in _QUOTED:
            return told
        spans = (s if s.link else replace(s, text=_SLASHED.sub(typed, s.text)) for s in told.spans)
        return replace(told, spans=tuple(spans))

    return replace(answer, lines=tuple(map(line, answer.lines)))


def post(answer: Message) -> dict[str, Any]:
    """Return what a room is sent."""
    return {
        "text": fallback(answer),
        "blocks": blocks(answer),
        "parse": "none",
        "link_names": False,
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def response(asked: Asked, answer: Message) -> dict[str, Any]:
    """Return the response to a command: seen by the person alone, unless the room is concerned."""
    is_open = answer.public and not is_direct(asked.command.chat)
    thread = {"thread_ts": asked.thread} if asked.thread else {}
    return {
        **post(answer),
        **thread,
        "response_type": "in_channel" if is_open else "ephemeral",
        "replace_original": False,
    }


def home(held: Message, chat: Chat) -> dict[str, Any]:
    """Return App Home: what the person is subscribed to, and buttons that answer in the chat."""
    verbs = {"latest": tr("Latest"), "topics": tr("Topics"), "help": tr("Help")}
    row = actions((*held.buttons, *(Button(label, verb) for verb, label in verbs.items())))
    named = [{**block, "block_id": f"{HOME}{chat.room}"} for block in row]
    return {"type": "home", "blocks": [*blocks(replace(held, buttons=())), *named]}
