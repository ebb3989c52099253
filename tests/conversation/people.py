"""People who talk to the bot: at the console, in Slack, in Telegram. All see texts and buttons."""

import io
import os
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.model import Message
from bot.platforms.console import Console
from bot.platforms.slack.payloads import SLASHES
from tests.servers import slack, telegram

GROUP = -1001


@dataclass(frozen=True)
class Seen:
    """A message as it stands now; `buttons` are (label, what it does, where it stands)."""

    key: tuple[Any, ...]
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    at: Any = None


class Person(Protocol):
    """Somebody at one platform."""

    def seen(self) -> list[Seen]:
        """Return all that was seen, oldest first; what was edited has another key."""

    async def says(self, text: str, where: str) -> None:
        """Type, in the direct chat (">") or in a group ("group>", "guest>")."""

    async def presses(self, message: Seen, does: str) -> None:
        """Press a button."""


class Recorded(Console):
    """The console, which remembers what it printed."""

    def __init__(self) -> None:
        read, self.write = os.pipe()
        self.source = os.fdopen(read, encoding="utf-8")
        super().__init__(io.StringIO(), self.source)
        self.shown: list[Message] = []

    def hang_up(self) -> None:
        """End the input, then close it: nobody reads it any more."""
        os.close(self.write)
        self.source.close()

    def show(self, message: Message) -> None:
        self.shown.append(message)
        super().show(message)


@dataclass
class AtConsole:
    """One person, who may all."""

    console: Recorded

    def seen(self) -> list[Seen]:
        return [
            Seen(
                (n,),
                "\n".join([told.text, *([told.file.name] if told.file else [])]),
                tuple((b.label, f"{b.verb} {b.argument}".strip()) for b in told.buttons),
            )
            for n, told in enumerate(self.console.shown)
        ]

    async def says(self, text: str, _where: str) -> None:
        os.write(self.console.write, f"{text}\n".encode())

    async def presses(self, _message: Seen, does: str) -> None:
        """Type what the button would do: a console has none."""
        await self.says(f"/{does}", ">")


@dataclass
class InSlack:
    """UADMIN in a direct chat and in #metals, and the guest UGUEST there."""

    server: slack.SlackServer
    answers: list[dict[str, Any]] = field(default_factory=list)
    files: list[tuple[str, str, str]] = field(default_factory=list)

    def seen(self) -> list[Seen]:
        while not self.server.responses.empty():
            self.answers.append(self.server.responses.get_nowait())
        while not self.server.files.empty():
            self.files.append(self.server.files.get_nowait())
        answers = [_slack(("answer", n), body, "D1") for n, body in enumerate(self.answers)]
        posts = [
            _slack((post.ts, len(post.updates)), (post.updates or [post.body])[-1], post.room)
            for post in self.server.posts
        ]
        files = [Seen(("file", n), name) for n, (_, name, _) in enumerate(self.files)]
        return [*answers, *posts, *files]

    async def says(self, text: str, where: str) -> None:
        verb, _, rest = text.partition(" ")
        if where == ">" and not text.startswith("/"):
            event = self.server.event(
                "message",
                channel="D1",
                channel_type="im",
                user="UADMIN",
                team="T1",
                text=text,
                ts="1",
            )
            await self.server.envelope("events_api", event)
            return
        known = verb in SLASHES
        command, words = (verb, rest) if known else ("/exportwire", text)
        place = ("D1", "directmessage") if where == ">" else ("C1", "metals")
        user = "UGUEST" if where == "guest>" else "UADMIN"
        given = {"channel_id": place[0], "channel_name": place[1], "user_id": user}
        await self.server.envelope("slash_commands", self.server.slash(command, words, **given))

    async def presses(self, message: Seen, does: str) -> None:
        user = {"id": "UADMIN", "team_id": "T1"}
        given = {"channel": {"id": message.at}, "user": user}
        await self.server.envelope("interactive", self.server.press(does, **given))


def _slack(key: tuple[Any, ...], body: dict[str, Any], room: str) -> Seen:
    text = body["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    keys = [e for b in body["blocks"] if b["type"] == "actions" for e in b["elements"]]
    buttons = tuple((key["text"]["text"], key["value"]) for key in keys)
    return Seen(key, text.replace("/exportwire ", "/"), buttons, room)


@dataclass
class InTelegram:
    """Person 1 in a direct chat and, as an admin, in a group; person 2 there."""

    server: telegram.TelegramServer

    def seen(self) -> list[Seen]:
        told = [
            Seen(("toast", n), each["text"])
            for n, each in enumerate(self.server.pressed)
            if "text" in each
        ]
        posts = [
            Seen(
                (p.id, p.edits),
                p.text.replace("\u2060", ""),
                tuple((key["text"], key["callback_data"]) for key in p.buttons),
                p,
            )
            for p in self.server.posts
        ]
        files = [Seen(("file", n), name) for n, (_, name, _) in enumerate(self.server.files)]
        return [*told, *posts, *files]

    async def says(self, text: str, where: str) -> None:
        chat, user = (1, 1) if where == ">" else (GROUP, 2 if where == "guest>" else 1)
        await self.server.says(chat, text, user=user)

    async def presses(self, message: Seen, does: str) -> None:
        await self.server.presses(message.at, does)
