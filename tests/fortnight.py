"""Two weeks of a few chats: changes of the clocks, settings, kills, restarts, in virtual time.

Stories are placed and owed by the pipeline, people's commands are answered by the handlers, and
the store, the dispatcher and its rules are the real ones. A kill ends a dispatcher around any of
its commits or requests; what was committed stays, and some time later a new one starts.
"""

import asyncio
import random  # noqa: TID251  # chance with a seed
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.cluster import Stories
from bot.dispatch import Dispatcher
from bot.listen import Listener
from bot.match import Wishes
from bot.model import (
    Change,
    Changes,
    Chat,
    Command,
    Delivery,
    Direction,
    ItemId,
    Kind,
    Placement,
    State,
    StoryId,
)
from bot.office import Office
from bot.owing import Desk, owe
from bot.store import TinyStore
from bot.tally import Tally
from bot.timetable import hold, quiet_until, zone_of
from handlers import HANDLERS
from tests import virtual
from tests.builders import item, label, report, story, wish
from tests.fakechats import LAG, Accepted, FakeChats, Limits, chat
from tests.scenarios import Life, MortalChats, MortalStore

TOPICS = ("gallium", "germanium", "graphite")
ZONES = ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Shanghai")
SCHEDULES = ("now", "hourly", "daily 02:30", "daily 08:00 strict", "weekdays 01:30")
QUIETS = ("", "22:00-07:00", "23:30-02:15 strict", "01:00-03:00")
COMMANDS = (
    "pause 2h", "pause until Monday", "pause", "resume", "quiet 22:00-07:00", "quiet off",
    "quiet 00:30-03:30 strict", "timezone London", "timezone New York", "timezone Lord Howe",
    "subscribe gallium daily 02:30", "subscribe gallium hourly", "subscribe gallium now",
    "subscribe germanium weekdays 01:30 strict", "subscribe graphite daily 23:59",
)  # fmt: skip
FORTNIGHT = timedelta(days=14)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a platform took, and the chat's settings by then."""

    at: datetime
    delivery: Delivery
    chat: Chat


@dataclass
class World:
    """All that outlives a dispatcher."""

    begins: datetime
    seed: int
    sent: list[Sent] = field(default_factory=list)
    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    changed: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    kills: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)  # noqa: S311  # not for secrets
        self.store = TinyStore.memory()
        taken = _Taken()
        taken.world = self
        self.net = FakeChats(Limits(lookup=LAG), visible_after=5, accepted=taken)
        self.wishes = Wishes()
        self.desk = Desk(Stories(), self.wishes, self.store.chat, self.store.told)
        office = Office(
            self.store, self.wishes, [], self.now, Tally(), self.begins, sender=_Sender(self)
        )
        self.listener = Listener(HANDLERS, office)
        self.sender: Dispatcher | None = None

    def now(self) -> datetime:
        return self.begins + timedelta(seconds=asyncio.get_running_loop().time())

    async def say(self, at: Chat, line: str) -> None:
        verb, _, argument = line.partition(" ")
        await self.listener.answer(Command(chat=at, verb=verb, argument=argument))
        self.changed[at.id].append(self.now())


class _Taken(list[Accepted]):
    """What the platform took; the world notes what the chat had chosen by then."""

    world: World

    def append(self, accepted: Accepted) -> None:
        super().append(accepted)
        row = self.world.store.delivery(accepted.delivery)
        place = self.world.store.chat(accepted.chat)
        assert row is not None
        assert place is not None
        self.world.sent.append(Sent(self.world.now(), row, place))


@dataclass
class _Sender:
    """Whichever dispatcher lives."""

    world: World

    def wake(self, new):
        if self.world.sender:
            self.world.sender.wake(new)

    def review(self, chats):
        if self.world.sender:
            self.world.sender.review(chats)

    async def withdraw(self, deliveries):
        raise NotImplementedError


async def lived(begins: datetime, seed: int) -> World:
    """Live through two weeks, then some quiet days in which all that is held comes."""
    world = World(begins, seed)
    chats = [chat(n, zone=ZONES[n % 4], quiet=QUIETS[n // 2 % 4]) for n in range(6)]
    asked = [
        wish(topic, place.id, created=begins, delivery=world.rng.choice(SCHEDULES))
        for place in chats
        for topic in TOPICS
    ]
    await world.store.commit(Changes(chats=tuple(chats), subscriptions=tuple(asked)))
    for each in asked:
        world.wishes.add(each)
    tasks = [asyncio.ensure_future(_happen(world, chats)), asyncio.ensure_future(_serve(world))]
    await tasks[0]
    for place in chats:
        await world.say(place, "resume")
    await asyncio.sleep(timedelta(days=4).total_seconds())
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return world


async def _happen(world: World, chats: list[Chat]) -> None:
    """Stories, their updates, and what people type, at random times."""
    rng, told = world.rng, list[Placement]()
    ends = world.now() + FORTNIGHT
    while world.now() < ends:
        await asyncio.sleep(rng.expovariate(1 / 7200))
        match rng.random():
            case dice if dice < 0.55:
                told.append(_new(world, len(told)))
                await _owe(world, told[-1])
            case dice if dice < 0.85 and told:
                at = rng.randrange(max(0, len(told) - 8), len(told))
                told[at] = _more(world, told[at])
                await _owe(world, told[at])
            case _:
                await world.say(rng.choice(chats[:4]), rng.choice(COMMANDS))


def _new(world: World, number: int) -> Placement:
    now, topic = world.now(), world.rng.choice(TOPICS)
    facts = label(topics=(topic,), direction=world.rng.choice([*Direction]), hedged=False)
    first = report(item=ItemId(f"i{number}"), title=f"News {number}", seen=now)
    made = story(
        id=StoryId(f"S{number:03}"), reports=(first,), label=facts, first_seen=now, updated=now
    )
    return Placement(story=made, change=Change.NEW, reason="new")


def _more(world: World, before: Placement) -> Placement:
    """Return a story that another publisher has told, or that became official."""
    old, now = before.story, world.now()
    official = world.rng.random() < 0.5 and not old.official
    more = report(
        item=ItemId(f"{old.reports[0].item}-{len(old.reports)}"),
        publisher=f"p{len(old.reports)}.example",
        title=old.reports[0].title,
        official=official,
        seen=now,
    )
    revision = old.revision + official
    change = Change.MATERIAL if official else Change.COVERAGE
    grown = replace(old, reports=(*old.reports, more), updated=now, revision=revision)
    return Placement(story=grown, change=change, reason="more")


async def _owe(world: World, placed: Placement) -> None:
    now, last = world.now(), placed.story.reports[-1]
    news = item(id=last.item, title=last.title, seen=now, story=placed.story.id)
    rows = tuple(filter(None, owe(placed, news, world.desk, now)))
    await world.store.commit(Changes(stories=(placed.story,), deliveries=rows))
    if world.sender:
        world.sender.wake(rows)


async def _serve(world: World) -> None:
    """Let one dispatcher live after the other; each but the last is killed."""
    while True:
        kill = world.now() < world.begins + FORTNIGHT
        life = Life(world.rng.randrange(1, world.rng.choice((30, 300))) if kill else None)
        await _live(world, life)
        gone, world.kills = world.now(), world.kills + 1
        await asyncio.sleep(world.rng.choice([5, 600, 4 * 3600, 9 * 3600]))
        world.down.append((gone, world.now()))


async def _live(world: World, life: Life) -> None:
    world.sender = Dispatcher(
        MortalStore(world.store, life),  # type: ignore[arg-type]  # its reads are set by name
        {"fake": MortalChats(world.net, life)},  # type: ignore[dict-item]  # it listens to nobody
        clock=world.now,
        rng=virtual.chance(world.seed),
    )
    running = asyncio.ensure_future(world.sender.run())
    ended = asyncio.ensure_future(life.over.wait())
    try:
        await asyncio.wait({running, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        world.sender = None
        for task in (running, ended):
            task.cancel()
        await asyncio.gather(running, ended, return_exceptions=True)


# -- what must be so ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two weeks came to; everything but the first four must be nothing."""

    kills: int
    stories: int
    alone: int
    in_digests: int
    unfinished: tuple[str, ...]
    not_once: tuple[str, ...]
    disturbed: tuple[str, ...]
    early: tuple[str, ...]
    late: tuple[str, ...]


def verdict(world: World) -> Verdict:
    """Count what was told, and find what broke a promise."""
    alerts = [row for n in range(6) for row in _rows(world, chat(n)) if row.kind is Kind.ALERT]
    told_in = _updates(world)
    texts = Counter[tuple[str, str]]()
    for sent in world.sent:
        updates = {row.story for row in told_in[sent.delivery.id]}
        told = (name for name in _first_told(sent.delivery) if name not in updates)
        texts.update((sent.chat.id, name) for name in told)
    copies = world.net.copies()
    once = {
        row.id: texts[row.chat, row.story or ""] == 1 and copies[row.within or row.id] == 1
        for row in alerts
    }
    return Verdict(
        world.kills,
        len({row.story for row in alerts}),
        sum(row.state is State.SENT for row in alerts),
        sum(row.state is State.EXPIRED for row in alerts),
        tuple(row.id for row in world.store.owed()),
        tuple(name for name, well in once.items() if not well),
        tuple(str(s) for s in world.sent if _disturbs(world, s)),
        tuple(str(s) for s in world.sent if _is_early(world, s)),
        tuple(str(s) for s in world.sent if _is_late(world, s)),
    )


def _rows(world: World, place: Chat) -> list[Delivery]:
    return [
        row
        for told in world.store.stories(world.begins)
        for row in world.store.delivered(place.id, told.id)
    ]


def _updates(world: World) -> defaultdict[str | None, list[Delivery]]:
    """Return the updates that digests tell without their alerts, by digest."""
    found: defaultdict[str | None, list[Delivery]] = defaultdict(list)
    for n in range(6):
        rows = [row for row in _rows(world, chat(n)) if row.within]
        alerts = {(row.within, row.story) for row in rows if row.kind is Kind.ALERT}
        for row in rows:
            if (row.within, row.story) not in alerts:
                found[row.within].append(row)
    return found


def _first_told(delivery: Delivery) -> list[str]:
    """Return the stories that a message tells for the first time, by their ids in its text."""
    lines = delivery.message.text.splitlines()
    if delivery.kind is Kind.ALERT:
        return [str(delivery.story)]
    if delivery.kind is not Kind.DIGEST:
        return []
    named = [line.rpartition(" · ")[2] for line in lines if line.startswith("• News")]  # no update
    more = [line.partition(": ")[2] for line in lines if line.startswith("and ")]
    return [*named, *(name for names in more for name in names.split(", "))]


def _disturbs(world: World, sent: Sent) -> bool:
    """Whether it came in a pause or in quiet hours that it may not pass."""
    if _changed_lately(world, sent):
        return False
    place, asked = sent.chat, world.store.subscriptions(sent.chat.id)
    if place.paused and place.paused > sent.at:
        return True
    strict = place.quiet.endswith("strict")
    passes = sent.delivery.urgent and not strict
    return bool(quiet_until(sent.at, place.quiet, zone_of(place))) and not passes and bool(asked)


def _changed_lately(world: World, sent: Sent) -> bool:
    return any(timedelta() <= sent.at - at < MINUTE for at in world.changed[sent.chat.id])


def _parts(world: World, sent: Sent) -> list[Delivery]:
    """Return the alerts and updates that a message of a chat that never changed settings tells."""
    if world.changed[sent.chat.id][:-1]:  # the last is the /resume at the end
        return []
    if sent.delivery.kind is not Kind.DIGEST:
        return [sent.delivery] if sent.delivery.kind is Kind.ALERT else []
    return [row for row in _rows(world, sent.chat) if row.within == sent.delivery.id]


def _is_early(world: World, sent: Sent) -> bool:
    asked = world.store.subscriptions(sent.chat.id)
    return any(hold(row, sent.chat, asked, sent.at) for row in _parts(world, sent))


def _is_late(world: World, sent: Sent) -> bool:
    """Whether it came later than the settings and the bot's own absence explain."""
    asked = world.store.subscriptions(sent.chat.id)
    for row in _parts(world, sent):
        due = row.created
        while found := hold(row, sent.chat, asked, due):
            due = found.until
        for gone, back in world.down:
            if gone - 2 * MINUTE <= due < back:
                due = back
                while found := hold(row, sent.chat, asked, due):
                    due = found.until
        if sent.at - due > 3 * MINUTE:
            return True
    return False


AUTUMN = datetime(2025, 10, 24, 12, tzinfo=UTC)  # London on the 26th, New York on 2 November
SPRING = datetime(2026, 3, 26, 12, tzinfo=UTC)  # London on the 29th, Lord Howe on 5 April
