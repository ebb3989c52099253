"""The manifest that people paste lists exactly what the code uses."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.slack.checkup import SCOPES
from bot.platforms.slack.inbound import Desk
from bot.platforms.slack.payloads import SLASHES
from bot.platforms.slack.service import LOOKUP
from bot.platforms.slack.web import Web
from tests.slackplay import Bot, access, door

DOCS = Path(__file__).parent.parent / "docs"
CODE = Path(__file__).parent.parent / "bot/platforms/slack"
METHODS = {
    "auth.test": set(),
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.info": {"channels:read", "groups:read", "im:read"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "users.info": {"users:read"},
    "views.publish": set(),
}
"""Slack's own table: what each method that the code calls needs."""
EVENTS = {"app_mention": {"app_mentions:read"}, "message.im": {"im:history"}}


def read(text: str) -> dict[str, Any]:
    """Return the lists under each last key, and the scalars, of a plain YAML file."""
    lists: dict[str, Any] = {}
    key = ""
    for line in text.splitlines():
        if re.match(r"\s*#|\s*$", line):
            continue
        if found := re.fullmatch(r"\s*(?:- )?([\w]+): (.+)", line):
            lists.setdefault(found[1], []).append(found[2])
        elif found := re.fullmatch(r"\s*([\w]+):", line):
            key = found[1]
        elif found := re.fullmatch(r"\s*- (\S+)", line):
            lists.setdefault(key, []).append(found[1])
    return lists


MANIFEST = read((DOCS / "slack-manifest.yaml").read_text())


def test_the_commands_are_those_that_the_code_answers():
    assert tuple(MANIFEST["command"]) == SLASHES
    assert all(len(name) <= 32 for name in SLASHES)


async def test_the_events_are_those_that_are_listened_to():
    web = Web(access("http://127.0.0.1:9/api/"))
    desk = Desk(web, access(""), door(), Bot().answer, {"team_id": "T1"})
    heard = {"message.im" if name == "message" else name for name in desk.events}
    await web.close()
    assert set(MANIFEST["bot_events"]) == heard


def test_the_scopes_are_those_that_the_calls_need():
    called = set(re.findall(r'"((?:auth|chat|conversations|files|users|views)\.\w+)"', source()))
    assert called == set(METHODS)
    needed = {"commands"} | set(LOOKUP).union(*METHODS.values(), *EVENTS.values())
    assert set(MANIFEST["bot"]) == needed == SCOPES  # the doctor looks for the same


@pytest.mark.parametrize("flag", ["socket_mode_enabled", "is_enabled", "home_tab_enabled"])
def test_what_the_code_relies_on_is_switched_on(flag):
    assert MANIFEST[flag] == ["true"]


def test_the_texts_are_within_slacks_limits():
    assert len(MANIFEST["name"][0]) <= 35
    assert all(len(text) <= 140 for text in MANIFEST["description"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", MANIFEST["display_name"][0])


def test_the_guide_explains_every_scope():
    guide = (DOCS / "SLACK.md").read_text()
    assert [scope for scope in MANIFEST["bot"] if f"`{scope}`" not in guide] == []


def source() -> str:
    return "".join(path.read_text() for path in CODE.glob("*.py"))
