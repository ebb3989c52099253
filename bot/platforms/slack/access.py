"""What Slack is reached with, and who may do what there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.model import Chat
from bot.model.verbs import NOTHING, Changing

API = "https://slack.com/api/"
LAG = timedelta(seconds=10)  # of the history behind a post; never seen above a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Tokens and addresses. A signing secret chooses HTTP, on `host`:`port`, over Socket Mode."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = API
    host: str = "127.0.0.1"
    port: int = 3000

    @property
    def base(self) -> str:
        """Return the address of the Web API, which must end with a slash."""
        return f"{(self.api_url or API).rstrip('/')}/"


async def unheard(_chat: Chat, _active: bool) -> None:  # noqa: FBT001  # the shape of `standing`
    """Take news of a chat that nobody asked for."""


async def unmoved(_chat: Chat, _room: str) -> None:
    """Take the new room of a chat that nobody asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who is let in. `changes` are the commands that change what a chat gets.

    `editors` is "everyone", "admins" or ids with commas. `allowed` holds chat, room or team ids;
    empty, it lets everybody in. `verbs` are all commands that exist. `standing` hears that
    a channel is closed to the bot (False) or open again (True), `moved` a channel's new room.
    """

    changes: Changing = NOTHING
    verbs: frozenset[str] = frozenset()
    editors: str = "everyone"
    allowed: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    standing: Callable[[Chat, bool], Awaitable[None]] = unheard
    moved: Callable[[Chat, str], Awaitable[None]] = unmoved

    def admits(self, chat: Chat) -> bool:
        """Whether the operator lets this chat use the bot."""
        names = {str(chat.id), chat.room, chat.account}
        return not self.allowed or bool(self.allowed & names)

    def operator(self, person: str) -> bool:
        """Whether a person runs this bot."""
        return bool({person, f"slack:{person}"} & self.operators)


@dataclass(frozen=True, slots=True)
class SlackPace:
    """Slack's limits: one message a second and channel, our own ceiling for the workspace.

    Until Slack has told the scopes a look-up is taken for granted: what the last run left in
    doubt is asked for, and only repeated where Slack refuses to show it.
    """

    chat: float = 1.0
    group: float = 0.0
    account: float = 5.0
    edits: float = 50 / 60
    lookup: timedelta | None = LAG
