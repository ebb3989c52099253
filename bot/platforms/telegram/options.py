"""What a Telegram platform may be told beyond its token."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.model import Chat
from bot.model.verbs import NOTHING, Changing


async def _ignore(_chat: Chat, _active: bool) -> None:  # noqa: FBT001  # the shape of `standing`
    pass


async def _stay(_chat: Chat, _room: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are received: `url` is public and https; `secret` proves who calls it.

    The server listens on `host` and `port`, behind the proxy that ends TLS. Port 0: any free one.
    """

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8443


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Rules of a bot, and who is told of its chats.

    `menu` lists (verb, description) as Telegram shows them; `changes` are the commands that
    change what a chat gets. `allowed` are the chats that may use the bot (empty: all) and
    `operators` its own people, by id. `standing` hears that a room is closed to the bot (False)
    or open again (True), `moved` a room's new id; its chat has no thread, and stands for all topics
    of the room.
    `first_wait` is the first pause, in seconds, after Telegram did not answer, and `spacing` the
    least time between two messages in a room.
    """

    menu: tuple[tuple[str, str], ...] = ()
    changes: Changing = NOTHING
    allowed: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    standing: Callable[[Chat, bool], Awaitable[None]] = _ignore
    moved: Callable[[Chat, str], Awaitable[None]] = _stay
    webhook: Webhook | None = None
    first_wait: float = 1.0
    spacing: float = 1.05

    @property
    def verbs(self) -> frozenset[str]:
        """Return every verb of the menu."""
        return frozenset(verb for verb, _ in self.menu)

    def operator(self, person: str) -> bool:
        """Whether a person, by id, runs this bot."""
        return bool({person, f"telegram:{person}"} & self.operators)

    def admits(self, chat: Chat) -> bool:
        """Whether a chat may use the bot; `allowed` may name it or its whole room."""
        names = {chat.room, chat.id, f"{chat.platform}:{chat.room}"}
        return not self.allowed or bool(self.allowed & names)
