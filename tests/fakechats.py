"""A chat platform in memory, whose network follows a script; it remembers what it accepted."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.errors import AmbiguousError, SendError, TryLaterError
from bot.model import (
    Chat,
    ChatId,
    Delivery,
    DeliveryId,
    Kind,
    Line,
    LineStyle,
    Message,
    Span,
    StoryId,
)
from tests.virtual import START

LAG = timedelta(seconds=30)
ERRORS: dict[str, Callable[[], SendError]] = {
    "refused": lambda: TryLaterError("connection refused"),
    "429": lambda: TryLaterError("slow down", timedelta(seconds=3), "account", told=True),
    "500-not-done": lambda: AmbiguousError("500"),
    "500-done": lambda: AmbiguousError("500"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    chat: float = 0
    group: float = 0
    account: float = 0
    edits: float = 5
    lookup: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    at: float
    chat: ChatId
    delivery: DeliveryId
    reply_to: str
    text: str


@dataclass
class FakeChats:
    """`script` gives the fate of each request in turn: a word, or an exception to raise."""

    pace: Limits = Limits()
    script: Iterable[str | Exception] = ()
    takes: float = 0.05
    name: str = "fake"
    visible_after: float = 0.0
    accepted: list[Accepted] = field(default_factory=list)
    edits: list[tuple[float, str, str]] = field(default_factory=list)
    looked: list[float] = field(default_factory=list)
    died: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._script = iter(self.script)
        self.calls: list[float] = []

    def copies(self) -> Counter[DeliveryId]:
        return Counter(a.delivery for a in self.accepted)

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        def accept() -> str:
            text = delivery.message.text
            self.accepted.append(Accepted(_time(), chat.id, delivery.id, reply_to, text))
            return f"r{len(self.accepted)}"

        return await self._request(accept)

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:
        def accept() -> str:
            self.edits.append((_time(), receipt, message.text))
            return receipt

        await self._request(accept)

    async def _request(self, accept: Callable[[], str]) -> str:
        self.calls.append(_time())
        fate = next(self._script, "ok")
        if isinstance(fate, Exception):
            await asyncio.sleep(self.takes)
            raise fate
        return await self._fate(fate, accept)

    async def _fate(self, fate: str, accept: Callable[[], str]) -> str:
        """Carry a request out, or not, and answer, or not; then say so as `fate` wants it."""
        await asyncio.sleep(self.takes)
        done = fate in {"ok", "timeout-delivered", "500-done", "reply-lost-crash"}
        receipt = accept() if done else ""
        if fate == "reply-lost-crash":
            self.died()
        if fate.startswith(("timeout", "reply")):
            await asyncio.sleep(60)
        await asyncio.sleep(self.takes)
        if error := ERRORS.get(fate):
            raise error()
        return receipt

    async def find(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:
        self.looked.append(_time())
        await asyncio.sleep(self.takes)
        for at, accepted in enumerate(self.accepted, 1):
            seen = accepted.at + self.visible_after <= _time()
            if accepted.delivery == delivery.id and accepted.chat == chat.id and seen:
                return f"r{at}"
        return None

    async def listen(self, answer: object) -> None:
        """Hear nobody: this service only takes messages."""

    async def close(self) -> None:
        """Nothing is held."""


def _time() -> float:
    return asyncio.get_running_loop().time()


def chat(number: int | str = 1, **given) -> Chat:
    usual = {"id": ChatId(f"fake:a:{number}"), "platform": "fake", "account": "a"}
    return Chat(**(usual | {"room": str(number)} | given))


def message(text: str) -> Message:
    return Message(
        lines=(
            Line((Span(f"EASES {text}"),), LineStyle.HEAD),
            Line((Span(text, "https://news.example/1"),), LineStyle.TITLE),
        )
    )


def owed(name: str, at: Chat | None = None, **given) -> Delivery:
    """Return an alert; the first letters of its name are its story."""
    when = given.pop("created", START)
    usual = {
        "id": DeliveryId(name),
        "chat": (at or chat()).id,
        "kind": Kind.ALERT,
        "message": message(name),
        "created": when,
        "not_before": given.pop("not_before", when),
        "story": StoryId(name.partition("-")[0]),
        "revision": 1,
    }
    return Delivery(**(usual | given))
