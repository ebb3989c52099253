"""A small world, explored whole: an alert and its update, a scripted network, crashes anywhere.

A crash stops everything at one step: before or after a commit, around a request, around a look-up.
What the store had committed stays, what the platform had accepted stays, and a new dispatcher
starts over them.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from bot.dispatch import Dispatcher
from bot.model import Changes, Chat, Delivery, DeliveryId, Kind, Message, State
from bot.store import TinyStore
from tests import virtual
from tests.fakechats import LAG, FakeChats, Limits, chat, owed

FATES = (
    "ok",
    "refused",
    "timeout-lost",
    "timeout-delivered",
    "429",
    "500-not-done",
    "500-done",
    "reply-lost-crash",
)
AMBIGUOUS = frozenset(FATES) - {"ok", "refused", "429"}
Script = tuple[str, ...]


def scripts(longest: int) -> Iterator[Script]:
    """Yield every script up to a length."""
    for length in range(longest + 1):
        yield from product(FATES, repeat=length)


class Life:
    """One run of the process: it ends at a step, and from then on nothing returns."""

    def __init__(self, last: int | None) -> None:
        self.last, self.steps = last, 0
        self.over = asyncio.Event()

    async def step(self) -> None:
        self.steps += 1
        if self.steps == self.last:
            self.over.set()
        if self.over.is_set():
            await asyncio.sleep(10**9)


class MortalStore:
    """The store, with a step before and after each commit."""

    def __init__(self, store: TinyStore, life: Life) -> None:
        self._store, self._life = store, life
        for name in (
            "delivery",
            "owed",
            "delivered",
            "told",
            "chat",
            "subscriptions",
            "stories",
            "story",
        ):
            setattr(self, name, getattr(store, name))

    async def commit(self, changes: Changes) -> None:
        await self._life.step()
        await self._store.commit(changes)
        await self._life.step()


class MortalChats:
    """The platform, with a step before each request, and one before its answer is read."""

    name = "fake"

    def __init__(self, chats: FakeChats, life: Life) -> None:
        self._chats, self._life = chats, life
        self.pace = chats.pace

    async def send(self, at: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        await self._life.step()
        receipt = await self._chats.send(at, delivery, reply_to=reply_to)
        await self._life.step()
        return receipt

    async def edit(self, at: Chat, receipt: str, message: Message) -> None:
        await self._life.step()
        await self._chats.edit(at, receipt, message)
        await self._life.step()

    async def find(self, at: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:
        await self._life.step()
        found = await self._chats.find(at, delivery, reply_to=reply_to)
        await self._life.step()
        return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a scenario ended. `doubts` counts what nobody could know the outcome of."""

    lost: int
    extra: int
    doubts: int
    disorder: bool
    steps: int


ALERT, UPDATE = DeliveryId("story-1"), DeliveryId("story-2")


async def explore(
    script: Script, crashes: tuple[int, ...], *, lookup: bool, lag: float = 25
) -> Verdict:
    """Live through a script, with a crash at the given step of each life in turn."""
    net = FakeChats(Limits(lookup=LAG if lookup else None), script, visible_after=lag)
    store = TinyStore.memory()
    rows = (owed(ALERT), owed(UPDATE, kind=Kind.UPDATE, revision=2))
    await store.commit(Changes(chats=(chat(),), deliveries=rows))
    doubts, steps = sum(fate in AMBIGUOUS for fate in script), 0
    ends = list(crashes)
    while True:
        life = Life(ends.pop(0) if ends else None)
        steps = max(steps, await _live(store, net, life))
        doubts += sum(d.state is State.SENDING for d in store.owed())
        if not life.over.is_set():
            return _verdict(store, net, doubts, steps)


async def _live(store: TinyStore, net: FakeChats, life: Life) -> int:
    net.died = life.over.set
    mortal = MortalStore(store, life)
    sender = Dispatcher(
        mortal,  # type: ignore[arg-type]  # its reads are set by name
        {"fake": MortalChats(net, life)},  # type: ignore[dict-item]  # it listens to nobody
        clock=virtual.clock,
        rng=virtual.chance(),
    )
    running = asyncio.ensure_future(sender.run())
    ended = asyncio.ensure_future(life.over.wait())
    drained = asyncio.ensure_future(sender.drain(timedelta(hours=1)))
    await asyncio.wait({ended, drained}, return_when=asyncio.FIRST_COMPLETED)
    for task in (running, ended, drained):
        task.cancel()
    await asyncio.gather(running, ended, drained, return_exceptions=True)
    return life.steps


def _verdict(store: TinyStore, net: FakeChats, doubts: int, steps: int) -> Verdict:
    copies = net.copies()
    first = {a.delivery: at for at, a in reversed([*enumerate(net.accepted)])}
    disorder = UPDATE in first and first[UPDATE] < first.get(ALERT, -1)
    lost = sum(not copies[name] for name in (ALERT, UPDATE)) + len(store.owed())
    return Verdict(lost, sum(copies.values()) - len(copies), doubts, disorder, steps)
