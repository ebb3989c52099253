"""One seed's world: the process, its deaths, its disk, and the people in its chats."""

import asyncio
import contextlib
import heapq
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random  # noqa: TID251  # the type alone
from typing import Any

from bot.app import RECENT, follow
from bot.cluster import Stories
from bot.dispatch import Dispatcher, Options
from bot.errors import DiskError, FullError, StoreError
from bot.listen import Listener
from bot.match import Wishes
from bot.model import Changes, Chat, ChatId, Command, Subscription
from bot.office import Office
from bot.owing import Desk
from bot.parse.parser import here
from bot.poll import Poller
from bot.reading import Reader
from bot.store import TinyStore
from bot.store.recover import generations, path_of
from bot.tally import Tally
from handlers import HANDLERS
from sources import KINDS, full_text
from tests.fakechats import Limits
from tests.simulation.chats import LAG, Broken, Invented, Service, now
from tests.simulation.laws import Laws
from tests.simulation.press import GOODS, Press
from tests.virtual import START, chance, clock

CHATS = 40
WANTED = GOODS[:8]
HOUR = 3600.0
Services = Callable[[Random], Mapping[str, Service]]


class Watched:
    """The store, that fails now and then, dies with the process, and shows the laws each commit."""

    def __init__(self, world: "World", store: TinyStore) -> None:
        self._world, self._store = world, store
        self.broken: DiskError | None = None
        self.dead = False
        self.flying: list[Changes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit(self, changes: Changes) -> None:
        """Be the store's commit, on a disk that may be full or fail for good."""
        self._fail()
        if self._world.chance.random() < 0.2:  # others go on meanwhile
            await asyncio.sleep(self._world.chance.random() / 100)
        if self.dead:
            await asyncio.sleep(10**9)
        self.flying.append(changes)
        await self._store.commit(changes)
        self.flying.remove(changes)
        self._world.laws.committed(changes, self._store)

    def _fail(self) -> None:
        fate = 1.0 if self._world.press.healed else self._world.chance.random()
        if fate < 0.0005:
            raise FullError("no space left")
        if fate < 0.00055:
            self.broken = DiskError("the disk does not sync")
        if self.broken:
            raise self.broken


class Life:
    """One process: everything that `bot.app` puts together, over virtual time."""

    def __init__(self, world: "World", store: TinyStore) -> None:
        self.store = Watched(world, store)
        store_: Any = self.store
        self.wishes = Wishes(store.subscriptions())
        self.platforms = {name: s.connect() for name, s in world.services.items()}
        self.dispatcher = Dispatcher(
            store_,
            self.platforms,
            clock=world.wall,
            rng=world.chance,
            options=Options(moved=lambda changes: follow(changes, self.wishes)),
        )
        stories = Stories(store.stories(world.wall() - RECENT))
        self.poller = Poller(
            store_,
            Desk(stories, self.wishes, store.chat, store.told),
            Reader(world.press.fetch, here, KINDS, full_text, world.wall),
            clock=world.wall,
            jitter=world.chance.random,
            committed=lambda plan: self.dispatcher.wake(plan.deliveries),
            tally=Tally(),
            catch_up=timedelta(hours=1),
        )
        office = Office(store_, self.wishes, [], world.wall, Tally(), world.wall())
        self.listener = Listener(HANDLERS, office)


class World:
    """Everything, from one seed."""

    def __init__(
        self, seed: int, hours: float, sources: int, folder: Path, services: Services | None = None
    ) -> None:
        self.seed, self.hours, self.chance = seed, hours, chance(seed)
        self._folder = folder
        self.services = (services or invented)(self.chance)
        self.press = Press(self.chance, hours, sources)
        self.laws = Laws(self.press, self.services, self._fail)
        self.shift = timedelta()
        self.broken: Broken | None = None
        self.polls = self.crashes = self.commands = 0
        self._polling: set[asyncio.Task[None]] = set()
        self._store = TinyStore.open(folder)
        self._life: Life
        self._plan_trouble(hours * HOUR)

    def _plan_trouble(self, end: float) -> None:
        """Choose when services are down, the clock jumps, chats close or move, and people act."""
        chance = self.chance
        for service in self.services.values():
            lengths = [chance.choice([600, 1800, 8 * 3600]) for _ in range(2)]
            starts = [chance.random() * end for _ in lengths]
            service.down = [(at, at + span) for at, span in zip(starts, lengths, strict=True)]
        often = max(1, int(self.hours / 3))
        kinds = {"jump": 6, "close": 4, "move": 6, "wish": 3 * often, "forget": often}
        self._trouble = sorted(
            (chance.random() * end, kind) for kind, count in kinds.items() for _ in range(count)
        )

    async def run(self) -> None:
        """Live through the day, with a crash at random times; then deliver what is owed."""
        for service in self.services.values():
            await service.start()
        await self._begin()
        end = self.hours * HOUR
        crashes = sorted(self.chance.random() * end for _ in range(int(self.hours)))
        sites = self.press.sites
        queue = [
            (self.chance.random() * s.row.every.total_seconds(), at) for at, s in enumerate(sites)
        ]
        heapq.heapify(queue)
        for until in (*crashes, end):
            await self._live(queue, until)
        self.laws.ended(self._store)
        await self._store.close()
        for service in self.services.values():
            await service.close()

    async def _begin(self) -> None:
        chats = chats_of(self.services)
        wishes = [
            Subscription(chat=chat.id, query=WANTED[at % len(WANTED)], created=START)
            for at, chat in enumerate(chats)
        ]
        await self._store.commit(Changes(chats=tuple(chats), subscriptions=tuple(wishes)))

    async def _live(self, queue: list[tuple[float, int]], until: float) -> None:
        self._life = life = Life(self, self._store)
        running = asyncio.ensure_future(life.dispatcher.run())
        polling = asyncio.ensure_future(self._poll(queue))
        if until >= self.hours * HOUR:
            await asyncio.wait([polling, running], return_when=asyncio.FIRST_COMPLETED)
            if running.done() or life.store.broken:  # the disk failed: another process goes on
                await self._kill()
                self._stored(polling, running)
                await self._live(queue, until)
                return
            await self._settle(life)
            await life.dispatcher.stop()
            await asyncio.gather(running, return_exceptions=True)
            await self._hang_up(life)
            self._raise()
            return
        crash = asyncio.ensure_future(self._crash(until))
        await asyncio.wait([crash, polling, running], return_when=asyncio.FIRST_COMPLETED)
        await self._kill()
        self._stored(polling, running)

    def _stored(self, *tasks: asyncio.Task[None]) -> None:
        """Let a process end by its disk, and by nothing else."""
        for task in tasks:
            error = task.exception() if task.done() and not task.cancelled() else None
            if error and not isinstance(error, StoreError):
                raise error

    async def _settle(self, life: Life) -> None:
        """Heal everything, read every source once more when it may be asked, send what is owed."""
        self.press.healed = True
        for service in self.services.values():
            service.down = []
        await asyncio.sleep(26 * HOUR)
        for site in self.press.sites:
            await self._ask(life, site.row.name)
        left = await life.dispatcher.drain(timedelta(days=2))
        self._raise()
        if left:
            self._fail(f"{left} are owed for ever")

    def _raise(self) -> None:
        """Say what broke, wherever it was caught."""
        if self.broken:
            raise self.broken

    async def _crash(self, when: float) -> None:
        """Return when the process is to end: half the times while something is being sent."""
        await asyncio.sleep(max(0.0, when - now()))
        if self.chance.random() < 0.5:
            return
        sent = asyncio.Event()
        for service in self.services.values():
            service.armed = sent
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(900):
                await sent.wait()
                await asyncio.sleep(self.chance.random() * 2)

    async def _kill(self) -> None:
        """End the process as kill -9 does, perhaps in a write, and read its store back."""
        self.crashes += 1
        life = self._life
        life.store.dead = True
        for service in self.services.values():
            service.armed = None
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._hang_up(life)
        self._raise()
        self._store.database.close()
        if self.chance.random() < 0.3:
            newest = generations(self._folder, "journal")[-1]
            with path_of(self._folder, "journal", newest).open("ab") as file:
                file.write(b"\xffRECtorn")
        self._store = TinyStore.open(self._folder)
        self.laws.restarted(self._store, life.store.flying)

    async def _hang_up(self, life: Life) -> None:
        """Close a process's connections, as the system does when it ends."""
        for platform in life.platforms.values():
            await platform.close()

    def wall(self) -> datetime:
        """Return the wall clock's time, which may have jumped."""
        return clock() + self.shift

    def _fail(self, text: str) -> None:
        self.broken = self.broken or Broken(f"seed {self.seed}, {now():.0f} s: {text}")
        raise self.broken

    # -- what happens to the process ------------------------------------------------------------

    async def _poll(self, queue: list[tuple[float, int]]) -> None:
        """Start each source's polls when they are due; they overlap as the real ones do."""
        while queue[0][0] < self.hours * HOUR and not self.broken:
            due, at = queue[0]
            await asyncio.sleep(max(0.0, due - now()))
            row = self.press.sites[at].row
            heapq.heapreplace(queue, (due + row.every.total_seconds(), at))
            while self._trouble and self._trouble[0][0] < now():
                self._keep(self._upset(self._trouble.pop(0)[1]))
            self._keep(self._ask(self._life, row.name))

    def _keep(self, doing: Any) -> None:
        task = asyncio.ensure_future(doing)
        self._polling.add(task)
        task.add_done_callback(self._polling.discard)

    async def _ask(self, life: Life, name: str) -> None:
        self.polls += 1
        with contextlib.suppress(StoreError):  # the scheduler logs it, and asks again in time
            await life.poller.poll(self.press.site(name).row)

    async def _upset(self, kind: str) -> None:
        """Let the wall clock jump, a chat close or move, or a person change or forget one."""
        service = self.chance.choice([*self.services.values()])
        room = room_of(self.chance.randrange(CHATS))
        if kind == "jump":
            self.shift = timedelta(seconds=self.chance.randrange(-7200, 7200))
        elif kind == "close":
            service.closed.add(room)
        elif kind == "move":
            gone = room in service.closed or not service.moves
            service.moved |= {} if gone else {room: f"-9{room.lstrip('-')}"}
        elif room not in service.closed and room not in service.moved:
            await self._speak(kind, service, room)

    async def _speak(self, kind: str, service: Service, room: str) -> None:
        """Type a command in a chat. What is forgotten is subscribed again, as people do."""
        self.commands += 1
        chat = ChatId(f"{service.name}:a:{room}")
        life, good = self._life, self.chance.choice(GOODS)
        self.laws.person(chat)
        if kind == "wish":
            await self._type(life, chat, "subscribe", good)
            return
        answer = await self._type(life, chat, "forget", "yes")
        if answer.startswith("Forgotten"):
            self.laws.forget(chat)
        await asyncio.sleep(self.chance.random() * 600)
        if life is self._life:
            self.laws.person(chat)
            await self._type(life, chat, "subscribe", good)

    async def _type(self, life: Life, chat: ChatId, verb: str, argument: str) -> str:
        platform, account, room = chat.split(":")
        place = Chat(id=chat, platform=platform, account=account, room=room)
        answer = await life.listener.answer(Command(chat=place, verb=verb, argument=argument))
        self.laws.person(chat)
        return answer.text


def invented(chance: Random) -> Mapping[str, Service]:
    """Return a service whose messages can be looked up, and one where they cannot."""
    limits = Limits(chat=1, group=1 / 3, account=25, edits=2)
    return {
        "found": Invented("found", chance, replace(limits, lookup=LAG)),
        "blind": Invented("blind", chance, limits),
    }


def room_of(number: int) -> str:
    """Return a room; every fourth is a group."""
    return f"-{number}" if number % 4 == 0 else str(number)


def chats_of(services: Mapping[str, Service]) -> list[Chat]:
    """Return the chats at the beginning; every ninth wants no repeats."""
    return [
        Chat(
            id=ChatId(f"{name}:a:{room_of(number)}"),
            platform=name,
            account="a",
            room=room_of(number),
            repeat=number % 9 != 0,
        )
        for number in range(CHATS)
        for name in services
    ]
