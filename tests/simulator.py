"""A day of polling and sending in virtual time: one seed drives news, network, disk and crashes.

    python -m tests.simulator [SEED [HOURS [SOURCES]]]

The sender, the outbox and the store are the real ones; sources and chat platforms are invented.
After every commit the invariants are checked; a broken one raises `Broken`, which names the seed.
"""

import asyncio
import contextlib
import heapq
import logging
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random  # noqa: TID251  # chance with a seed

from bot.dispatch import Dispatcher, Options
from bot.errors import (
    AmbiguousError,
    ChatGoneError,
    ChatMovedError,
    FullError,
    RejectedError,
    SendError,
    TryLaterError,
)
from bot.model import (
    Changes,
    Chat,
    ChatId,
    Delivery,
    DeliveryId,
    Item,
    ItemId,
    Kind,
    Message,
    State,
    Story,
    StoryId,
)
from bot.outbox import ENDS
from bot.ports import Answer
from bot.store import TinyStore
from tests import virtual
from tests.builders import item, report, story
from tests.fakechats import Limits, message, owed
from tests.virtual import VirtualLoop, chance

TOPICS = 6
CHATS = 40
LAG = timedelta(seconds=30)
LEGAL = {
    None: {State.PENDING},
    State.PENDING: set(State) - {State.SENT, State.UNCERTAIN, State.AMBIGUOUS},
    State.SENDING: set(State) - {State.SENDING, State.EXPIRED},
    State.AMBIGUOUS: {State.SENT, State.PENDING, State.AMBIGUOUS, State.UNCERTAIN, State.CANCELLED},
}


class Broken(AssertionError):  # noqa: N818  # it is an invariant, not an error of ours
    """An invariant does not hold."""


@dataclass(frozen=True, slots=True)
class News:
    """What a source publishes at a time: `event` is what happened, `step` what is new about it."""

    at: float
    source: int
    key: str
    event: int
    topic: int
    kind: Kind | None


@dataclass(slots=True)
class Source:
    """A source's server: what it has published, and when it is asked."""

    every: float
    news: list[News] = field(default_factory=list)

    def shown(self, now: float) -> list[News]:
        return [n for n in self.news if n.at <= now]


def news_of(chance: Random, hours: float, sources: int) -> list[News]:
    """Invent a day: events, coverage of them, material changes, and what is of no interest."""
    found: list[News] = []
    for number in range(int(hours * 60)):
        at = chance.random() * hours * 3600 * 0.95
        source = chance.randrange(sources)
        earlier = [n for n in found if n.kind is Kind.ALERT and n.at < at]
        kind = chance.choices([None, Kind.ALERT, Kind.EDIT, Kind.UPDATE], [5, 3, 3, 1])[0]
        if kind in {Kind.EDIT, Kind.UPDATE} and earlier:
            event = chance.choice(earlier)
            found.append(News(at, source, f"k{number}", event.event, event.topic, kind))
        else:
            own = Kind.ALERT if kind else None
            found.append(News(at, source, f"k{number}", number, number % TOPICS, own))
    return found


class Platform:
    """A chat service with good and bad hours. It knows which of its answers left a doubt."""

    def __init__(self, name: str, chance: Random, lookup: timedelta | None) -> None:
        self.name, self._chance = name, chance
        self.pace = Limits(chat=1, group=1 / 3, account=25, edits=2, lookup=lookup)
        self.accepted: dict[DeliveryId, list[tuple[float, ChatId]]] = defaultdict(list)
        self.texts: list[str] = []
        self.doubts: Counter[DeliveryId] = Counter()
        self.closed: set[str] = set()
        self.moved: dict[str, str] = {}
        self.down: list[tuple[float, float]] = []
        self.calls = 0
        self.armed: asyncio.Event | None = None

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        self._check_place(chat, reply_to)
        before, after = self._fate()
        if delivery.kind is Kind.DIGEST and isinstance(before, RejectedError):
            before = None  # an alert that is refused is seen as dead, and so would its digest be
        await asyncio.sleep(self._chance.random())
        if before:
            raise before
        self.accepted[delivery.id].append((_time(), chat.id))
        if self.armed:
            self.armed.set()
        if delivery.kind is Kind.DIGEST:
            self.texts.append(delivery.message.text)
        await asyncio.sleep(self._chance.random())
        if after:
            self.doubts[delivery.id] += 1
            raise after
        return f"{delivery.id}.{len(self.accepted[delivery.id])}"

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:  # its text is free
        before, after = self._fate()
        await asyncio.sleep(self._chance.random())
        if error := before or after:
            raise error

    async def find(self, chat: Chat, delivery: Delivery) -> str | None:
        await asyncio.sleep(self._chance.random())
        if self._chance.random() < 0.05:
            raise TryLaterError("history is busy")
        for at, place in self.accepted.get(delivery.id, []):
            if place == chat.id and at + 20 <= _time():
                return f"{delivery.id}.1"
        return None

    async def listen(self, answer: Answer) -> None:
        """Hear nobody."""

    def _check_place(self, chat: Chat, reply_to: str) -> None:
        if reply_to and reply_to.rpartition(".")[0] not in self.accepted:
            raise Broken(f"a reply to {reply_to}, which was never sent")
        if chat.room in self.closed:
            raise ChatGoneError("kicked")
        if chat.room in self.moved:
            raise ChatMovedError("upgraded", self.moved[chat.room])

    def _fate(self) -> tuple[SendError | None, SendError | None]:
        """Return the error before anything is done, and the one after it is done."""
        self.calls += 1
        if any(start <= _time() < end for start, end in self.down):
            return TryLaterError("cannot connect", scope="account"), None
        fate = self._chance.random()
        if fate < 0.01:
            wait = timedelta(seconds=self._chance.randrange(1, 90))
            return TryLaterError("429", wait, "account", told=True), None
        if fate < 0.03:
            return AmbiguousError("500"), None
        if fate < 0.05:
            return None, AmbiguousError("reset")
        return (RejectedError("too long"), None) if fate < 0.051 else (None, None)

    async def close(self) -> None:
        """Nothing is held."""


class Watched:
    """The store, that fails now and then, dies with the process, and checks what it is given."""

    def __init__(self, world: "World", store: TinyStore) -> None:
        self._world, self._store = world, store
        self.dead = False
        for name in ("delivery", "owed", "delivered", "chat", "subscriptions", "stories"):
            setattr(self, name, getattr(store, name))

    async def commit(self, changes: Changes) -> None:
        chance = self._world.chance
        if chance.random() < 0.0005:
            raise FullError("no space left")
        await asyncio.sleep(chance.random() / 100)
        if self.dead:
            await asyncio.sleep(10**9)
        before = {d.id: self._store.delivery(d.id) for d in changes.deliveries}
        await self._store.commit(changes)
        self._world.check(changes, before)


class World:
    """Everything, from one seed."""

    def __init__(self, seed: int, hours: float, sources: int) -> None:
        self.seed, self.hours, self.chance = seed, hours, chance(seed)
        self.store = TinyStore.memory()
        self.platforms = {
            "found": Platform("found", self.chance, LAG),
            "blind": Platform("blind", self.chance, None),
        }
        self.sources = [Source(self.chance.randrange(300, 3600)) for _ in range(sources)]
        for news in sorted(news_of(self.chance, hours, sources), key=lambda n: n.at):
            self.sources[news.source].news.append(news)
        self.shift = timedelta()
        self.broken: Broken | None = None
        self.polls = self.commits = self.crashes = 0
        self.alerts: Counter[tuple[ChatId, StoryId]] = Counter()
        self.watched = Watched(self, self.store)
        self._plan_trouble(hours * 3600)

    def _plan_trouble(self, end: float) -> None:
        """Choose when platforms are down, the clock jumps, and chats close or move."""
        chance = self.chance
        for platform in self.platforms.values():
            lengths = [chance.choice([600, 1800, 8 * 3600]) for _ in range(2)]
            starts = [chance.random() * end for _ in lengths]
            platform.down = [(at, at + span) for at, span in zip(starts, lengths, strict=True)]
        kinds = ["jump"] * 6 + ["close"] * 4 + ["move"] * 6
        self.trouble = sorted((chance.random() * end, kind) for kind in kinds)

    # -- the process --------------------------------------------------------------------------

    async def run(self) -> None:
        """Live through the day, with a crash at random times; then deliver what is owed."""
        await self.store.commit(Changes(chats=tuple(self._chats())))
        end = self.hours * 3600
        crashes = sorted(self.chance.random() * end for _ in range(int(self.hours)))
        queue = [(self.chance.random() * s.every, at) for at, s in enumerate(self.sources)]
        heapq.heapify(queue)
        for until in (*crashes, end):
            await self._live(queue, until)
        self._check_end()

    def _chats(self) -> list[Chat]:
        return [
            Chat(
                id=ChatId(f"{name}:a:{room}"),
                platform=name,
                account="a",
                room=room,
                title=str(number % TOPICS),
                repeat=number % 9 != 0,
            )
            for number in range(CHATS)
            for name in ("found", "blind")
            for room in [f"-{number}" if number % 4 == 0 else str(number)]
        ]

    async def _live(self, queue: list[tuple[float, int]], until: float) -> None:
        self.watched = Watched(self, self.store)
        sender = Dispatcher(
            self.watched,  # type: ignore[arg-type]  # its reads are set by name
            self.platforms,
            clock=self._wall,
            rng=self.chance,
            options=Options(),
        )
        running = asyncio.ensure_future(sender.run())
        polling = asyncio.ensure_future(self._poll(queue, sender))
        if until >= self.hours * 3600:
            await polling
            self._heal()
            left = await sender.drain(timedelta(days=2))
            self._raise()
            self._assert(left == 0, f"{left} are owed for ever")
        else:
            crash = asyncio.ensure_future(self._crash(until))
            await asyncio.wait([crash, polling, running], return_when=asyncio.FIRST_COMPLETED)
        self._kill()
        for task in (polling, running):
            task.cancel()
        results = await asyncio.gather(polling, running, return_exceptions=True)
        self._raise()
        for result in results:
            if isinstance(result, Exception):
                raise result

    def _raise(self) -> None:
        """Say what broke, wherever it was caught."""
        if self.broken:
            raise self.broken

    async def _crash(self, when: float) -> None:
        """Return when the process is to end: half the times while something is being sent."""
        await asyncio.sleep(max(0.0, when - _time()))
        if self.chance.random() < 0.5:
            return
        sent = asyncio.Event()
        for platform in self.platforms.values():
            platform.armed = sent
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(900):
                await sent.wait()
                await asyncio.sleep(self.chance.random() * 2)

    def _kill(self) -> None:
        self.watched.dead = True
        self.crashes += 1
        for platform in self.platforms.values():
            platform.armed = None
        for row in self.store.owed():
            if row.state is State.SENDING:
                self.platforms[row.chat.partition(":")[0]].doubts[row.id] += 1

    def _heal(self) -> None:
        for platform in self.platforms.values():
            platform.down = []

    def _wall(self) -> datetime:
        return virtual.clock() + self.shift

    # -- the poll side ------------------------------------------------------------------------

    async def _poll(self, queue: list[tuple[float, int]], sender: Dispatcher) -> None:
        while queue[0][0] < self.hours * 3600:
            due, at = queue[0]
            await asyncio.sleep(max(0.0, due - _time()))
            heapq.heapreplace(queue, (due + self.sources[at].every, at))
            while self.trouble and self.trouble[0][0] < _time():
                self._upset(self.trouble.pop(0)[1])
            await self._ask(at, sender)

    def _upset(self, kind: str) -> None:
        """Let the wall clock jump, or a chat close or move."""
        platform = self.chance.choice([*self.platforms.values()])
        number = self.chance.randrange(CHATS)
        room = f"-{number}" if number % 4 == 0 else str(number)
        if kind == "jump":
            self.shift = timedelta(seconds=self.chance.randrange(-7200, 7200))
        elif kind == "close":
            platform.closed.add(room)
        elif room not in platform.closed:
            platform.moved[room] = f"-9{number}"

    async def _ask(self, at: int, sender: Dispatcher) -> None:
        """Poll one source as the bot does: what is new, what it means, one commit."""
        self.polls += 1
        if self.chance.random() < 0.05:
            return
        state, source = self.store.source(str(at)), self.sources[at]
        shown = source.shown(_time())
        etag = str(len(shown))
        if state.cursor.get("etag", "0") == etag:
            return
        known = self.store.known(n.key for n in shown)
        changes = self._plan([n for n in shown if n.key not in known])
        cursor = replace(state, cursor={"etag": etag}, checked=self._wall())
        try:
            await self.watched.commit(replace(changes, sources=(cursor,)))
        except FullError:
            return
        sender.wake(changes.deliveries)

    def _plan(self, fresh: list[News]) -> Changes:
        items: list[Item] = []
        stories: dict[StoryId, Story] = {}
        rows: dict[DeliveryId, Delivery] = {}
        for news in fresh:
            name = StoryId(f"E{news.event}") if news.kind else None
            items.append(item(id=ItemId(news.key), keys=(news.key,), story=name, seen=self._wall()))
            if name is None:
                continue
            stories[name] = story(id=name, reports=(report(title=str(news.topic)),))
            rows |= {row.id: row for row in self._owe(news, name, rows)}
        return Changes(
            items=tuple(items), stories=tuple(stories.values()), deliveries=tuple(rows.values())
        )

    def _owe(
        self, news: News, name: StoryId, planned: dict[DeliveryId, Delivery]
    ) -> list[Delivery]:
        chats = [c for c in self._readers(news.topic) if c.active]
        pending = {(d.chat, d.story) for d in planned.values()}
        found: list[Delivery] = []
        for chat in chats:
            told = (chat.id, name) in pending or self.store.delivered(chat.id, name)
            kind = news.kind if told else Kind.ALERT
            if kind is Kind.ALERT and told:
                continue
            found.append(self._row(chat, name, news, kind or Kind.ALERT))
        return found

    def _row(self, chat: Chat, name: StoryId, news: News, kind: Kind) -> Delivery:
        label = f"{name}-{kind}-{news.key}-{chat.id}"
        made = owed(label, chat, created=self._wall(), kind=kind)
        return replace(made, story=name, message=message(label))

    def _readers(self, topic: int) -> list[Chat]:
        rooms = [c.id for c in self._chats() if c.title == str(topic)]
        moved = [
            ChatId(f"{name}:a:{new}")
            for name, platform in self.platforms.items()
            for old, new in platform.moved.items()
            if abs(int(old)) % TOPICS == topic
        ]
        found = (self.store.chat(name) for name in (*rooms, *moved))
        return [chat for chat in found if chat]

    # -- invariants ---------------------------------------------------------------------------

    def check(self, changes: Changes, before: dict[DeliveryId, Delivery | None]) -> None:
        """Check everything that a commit touched."""
        self.commits += 1
        for row in changes.deliveries:
            self._check_step(before[row.id], row)
            self._check_copies(row)
            self._check_order(row)
        for made in changes.stories:
            self._check_matched(made)
        for state in changes.sources:
            shown = self.sources[int(state.name)].news[: int(state.cursor["etag"])]
            known = self.store.known(n.key for n in shown)
            self._assert(len(known) == len(shown), f"{state.name}: validators without items")

    def _check_step(self, before: Delivery | None, row: Delivery) -> None:
        state = before.state if before else None
        moved = before is not None and before.chat != row.chat
        legal = moved or row.state in LEGAL.get(state, {state})
        self._assert(legal, f"{row.id} went from {state} to {row.state}")
        if before is None and row.kind is Kind.ALERT and row.story:
            self.alerts[row.chat, row.story] += 1
            once = self.alerts[row.chat, row.story] == 1
            self._assert(once, f"{row.chat} is owed {row.story} twice")

    def _check_order(self, row: Delivery) -> None:
        """Check that an update leaves only once its alert's fate is known."""
        if row.state is not State.SENDING or row.kind is not Kind.UPDATE or not row.story:
            return
        told = self.store.delivered(row.chat, row.story)
        open_ = [d for d in told if d.kind is Kind.ALERT and d.state not in ENDS]
        self._assert(not open_, f"{row.id} overtakes its alert")

    def _check_copies(self, row: Delivery) -> None:
        if row.kind is Kind.EDIT:
            return
        platform = self.platforms[row.chat.partition(":")[0]]
        copies = len(platform.accepted.get(row.id, ()))
        most = 1 if platform.pace.lookup else 1 + platform.doubts[row.id]
        self._assert(copies <= most, f"{row.id} has {copies} copies")
        if row.state is State.SENT:
            self._assert(copies > 0, f"{row.id} is settled and was never sent")

    def _check_matched(self, made: Story) -> None:
        topic = int(made.reports[0].title)
        for chat in self._readers(topic):
            told = not chat.active or self.store.delivered(chat.id, made.id)
            self._assert(bool(told), f"{made.id} was not matched with {chat.id}")

    def _check_end(self) -> None:
        """Check that whatever was owed was told, given up visibly, or stands in a digest."""
        digests = "\n".join(text for p in self.platforms.values() for text in p.texts)
        left = [d for d in self.store.owed() if d.state is not State.UNCERTAIN]
        self._assert(not left, f"{len(left)} are left owed")
        for chat, name in self.alerts:
            told = self._elsewhere(chat, name)
            alert = next((d for d in told if d.kind is Kind.ALERT), None)
            self._assert(alert is not None, f"{name} for {chat} vanished")
            if alert:
                self._check_fate(alert, digests)

    def _check_fate(self, alert: Delivery, digests: str) -> None:
        platform, _, room = alert.chat.split(":")
        given_up = {
            State.SENT: True,
            State.DEAD: alert.reason == "too long",
            State.EXPIRED: str(alert.id) in digests or self._gives_up(alert.chat),
            State.CANCELLED: room in self.platforms[platform].closed,
            State.UNCERTAIN: not self.platforms[platform].pace.lookup,
        }
        fair = given_up.get(alert.state, False)
        self._assert(fair, f"{alert.id} ended as {alert.state} ({alert.reason})")

    def _gives_up(self, name: ChatId) -> bool:
        """Whether a chat's digest may have been given up: it is closed, or wants no repeats."""
        chat = self.store.chat(name)
        return chat is None or not chat.active or not chat.repeat

    def _elsewhere(self, chat: ChatId, name: StoryId) -> list[Delivery]:
        platform, account, room = chat.split(":")
        new = self.platforms[platform].moved.get(room, room)
        moved = self.store.delivered(ChatId(f"{platform}:{account}:{new}"), name)
        return [*(moved or self.store.delivered(chat, name))]

    def _assert(self, holds: bool, text: str) -> None:  # noqa: FBT001  # like assert
        if not holds:
            self.broken = self.broken or Broken(f"seed {self.seed}, {_time():.0f} s: {text}")
            raise self.broken


def _time() -> float:
    return asyncio.get_running_loop().time()


def simulate(seed: int, hours: float = 24, sources: int = 1000) -> World:
    """Live through a day; return the world as it is then. Raises Broken."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(_simulate(seed, hours, sources))


async def _simulate(seed: int, hours: float, sources: int) -> World:
    world = World(seed, hours, sources)
    await world.run()
    return world


def main() -> None:
    """Simulate one day, or as much as is asked for."""
    logging.disable(logging.CRITICAL)
    given = [*sys.argv[1:], "", "", ""]
    seed = int(given[0] or 1)
    hours, sources = float(given[1] or 24), int(given[2] or 1000)
    began = time.perf_counter()
    world = simulate(seed, hours, sources)
    sent = {name: len(p.accepted) for name, p in world.platforms.items()}
    print(  # noqa: T201  # its purpose
        f"seed {seed}: {hours:g} h, {sources} sources, {world.polls} polls, "
        f"{world.commits} commits, "
        f"{world.crashes} crashes, sent {sent}, in {time.perf_counter() - began:.1f} s"
    )


if __name__ == "__main__":
    main()
