"""Invented chat services with good and bad hours, which know what their answers left in doubt."""

import asyncio
from collections import Counter, defaultdict
from datetime import timedelta
from random import Random  # noqa: TID251  # the type alone

from bot.errors import (
    AmbiguousError,
    ChatGoneError,
    ChatMovedError,
    RejectedError,
    SendError,
    TryLaterError,
)
from bot.model import Chat, ChatId, Delivery, DeliveryId, Kind, Message
from bot.ports import Answer, Platform
from tests.fakechats import Limits

LAG = timedelta(seconds=30)
SEEN_AFTER = 20  # seconds until a look-up shows a message


class Broken(AssertionError):  # noqa: N818  # it is a law that is broken, not an error of ours
    """A law does not hold."""


class Service:
    """What outlives the process: the messages that were accepted, and the state of its rooms."""

    def __init__(self, name: str, chance: Random, limits: Limits) -> None:
        self.name, self.chance, self.pace = name, chance, limits
        self.accepted: dict[DeliveryId, list[tuple[float, ChatId]]] = defaultdict(list)
        self.texts: list[str] = []
        self.doubts: Counter[DeliveryId] = Counter()
        self.closed: set[str] = set()
        self.moved: dict[str, str] = {}
        self.down: list[tuple[float, float]] = []
        self.armed: asyncio.Event | None = None
        self.moves = True

    async def start(self) -> str:
        """Begin to serve, which goes on when a process dies; return the address."""
        return ""

    async def close(self) -> None:
        """Serve no more."""

    def connect(self) -> Platform:
        """Return a new process's client."""
        raise NotImplementedError

    def take(self, chat: ChatId, delivery: Delivery) -> None:
        """Accept a message."""
        self.accepted[delivery.id].append((now(), chat))
        if self.armed:
            self.armed.set()
        if delivery.kind is Kind.DIGEST:
            self.texts.append(delivery.message.text)

    def is_down(self) -> bool:
        """Whether nobody can connect just now."""
        return any(start <= now() < end for start, end in self.down)

    def forget(self, chat: ChatId, flying: set[DeliveryId]) -> None:
        """Drop what a forgotten chat was sent; what is `flying` may still arrive."""
        for name, copies in list(self.accepted.items()):
            if any(place == chat for _, place in copies):
                del self.accepted[name]
        for name in flying:
            self.doubts[name] += 1


class Invented(Service):
    """A service in memory, as strict about doubt as the real ones are."""

    def connect(self) -> Platform:
        return self

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        self._check_place(chat, reply_to)
        before, after = self._fate()
        if delivery.kind is Kind.DIGEST and isinstance(before, RejectedError):
            before = None  # an alert that is refused is seen as dead, and so would its digest be
        await asyncio.sleep(self.chance.random())
        if before:
            raise before
        self.take(chat.id, delivery)
        number = len(self.accepted[delivery.id])
        await asyncio.sleep(self.chance.random())
        if after:
            self.doubts[delivery.id] += 1
            raise after
        return f"{delivery.id}.{number}"

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:  # its text is free
        before, after = self._fate()
        await asyncio.sleep(self.chance.random())
        if error := before or after:
            raise error

    async def find(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:
        await asyncio.sleep(self.chance.random())
        if self.chance.random() < 0.05:
            raise TryLaterError("history is busy")
        for at, place in self.accepted.get(delivery.id, []):
            if place == chat.id and at + SEEN_AFTER <= now():
                return f"{delivery.id}.1"
        return None

    async def listen(self, answer: Answer) -> None:
        """Hear nobody: people speak to the listener itself."""

    async def close(self) -> None:
        """Nothing is held."""

    def _check_place(self, chat: Chat, reply_to: str) -> None:
        if chat.room in self.closed:
            raise ChatGoneError("kicked")
        if chat.room in self.moved:
            raise ChatMovedError("upgraded", self.moved[chat.room])

    def _fate(self) -> tuple[SendError | None, SendError | None]:
        """Return the error before anything is done, and the one after it is done."""
        if self.is_down():
            return TryLaterError("cannot connect", scope="account"), None
        fate = self.chance.random()
        if fate < 0.01:
            wait = timedelta(seconds=self.chance.randrange(1, 90))
            return TryLaterError("429", wait, "account", told=True), None
        if fate < 0.03:
            return AmbiguousError("500"), None
        if fate < 0.05:
            return None, AmbiguousError("reset")
        return (RejectedError("too long"), None) if fate < 0.051 else (None, None)


def now() -> float:
    """Return virtual time, in seconds."""
    return asyncio.get_running_loop().time()
