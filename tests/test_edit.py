"""What comes at once is committed together; a sheet is decided as if those before were kept."""

import asyncio
from datetime import timedelta

import pytest

from bot.cluster import Stories
from bot.edit import TOGETHER, Editor
from bot.errors import StoreError
from bot.match import Wishes
from bot.model import Changes
from bot.owing import Desk
from bot.reading import NO_ARTICLES, Sheet
from bot.store import TinyStore
from bot.tally import Tally
from tests.builders import CHAT, NOON, entry, row, wish

ROWS = [row(name=f"source-{n}", url=f"https://press.example/{n}", lang="en") for n in range(5)]
BAN = "Malaysia bans exports of raw rare earths"


class World:
    """An editor over a store whose commits are seen, and which refuses what it is told to."""

    def __init__(self, store):
        self.store, self.commits, self.refused, self.fails = store, [], "", False
        self.stories = Stories()
        self._commit, store.commit = store.commit, self.commit
        self.editor = Editor(
            store,
            Desk(self.stories, Wishes([wish()]), store.chat, store.told),
            clock=lambda: NOON,
            committed=self.told,
            tally=Tally(),
            catch_up=None,
            operator=None,
        )

    def told(self, _plan):
        if self.fails:
            raise ValueError("a fault of ours")

    async def commit(self, changes):
        if self.refused in {state.name for state in changes.sources}:
            raise StoreError("it is too long")
        await self._commit(changes)
        self.commits.append(changes)

    async def at_once(self, *entries, rows=ROWS):
        """Show a source's entry each, all before any of them is decided on."""
        sheets = (Sheet((shown,), (), {}) for shown in entries)
        takes = (self.editor.take(r, s, NO_ARTICLES) for r, s in zip(rows, sheets, strict=False))
        return await asyncio.gather(*takes, return_exceptions=True)

    def items(self):
        return [item for changes in self.commits for item in changes.items]


def shown(number, title="A football club wins"):
    url = f"https://press.example/story-{10_000 + number}"
    return entry(key=url, url=url, title=title, published=NOON - timedelta(minutes=number))


@pytest.fixture
async def world():
    store = TinyStore.memory()
    await store.commit(Changes(chats=(CHAT,)))
    made = World(store)
    await made.at_once(*(shown(100 + n, f"Club {n} wins") for n in range(5)))
    made.commits.clear()
    yield made
    await store.close()


async def test_what_comes_at_once_is_one_commit(world):
    assert await world.at_once(*(shown(n, f"Club {n} loses") for n in range(5))) == [None] * 5

    assert [len(changes.items) for changes in world.commits] == [5]
    assert len(world.commits[0].sources) == 5


async def test_what_owes_somebody_waits_for_no_later_sheet(world):
    await world.at_once(shown(0), shown(1, BAN), shown(2, "Club 2 loses"))

    assert [len(changes.deliveries) for changes in world.commits] == [1, 0]
    assert len(world.store.owed()) == 1


async def test_an_entry_that_two_sources_show_at_once_is_new_once(world):
    await world.at_once(shown(7, "Club 7 loses"), shown(7, "Club 7 loses"))

    assert len(world.items()) == 1


async def test_a_source_that_shows_twice_is_counted_twice(world):
    await world.at_once(shown(0), shown(1, "Club 1 loses"), rows=[ROWS[0]] * 2)

    assert world.store.source(ROWS[0].name).items_today == 3


async def test_what_cannot_be_kept_takes_nothing_else_with_it(world):
    world.refused = ROWS[1].name

    told = await world.at_once(shown(0, "Club 0 loses"), shown(1, BAN), shown(2, "Club 2 loses"))

    assert [type(each) for each in told] == [type(None), StoreError, type(None)]
    assert {item.source for item in world.items()} == {ROWS[0].name, ROWS[2].name}
    assert not world.stories.tells(shown(1).url)


async def test_who_is_cancelled_stops_nobody(world):
    first = asyncio.create_task(world.editor.take(ROWS[0], Sheet((shown(0),), (), {}), {}))
    await asyncio.sleep(0)
    first.cancel()

    await world.at_once(shown(1, "Club 1 loses"), rows=ROWS[1:])

    assert {item.source for item in world.items()} == {ROWS[0].name, ROWS[1].name}


async def test_a_fault_in_what_follows_a_commit_leaves_nobody_waiting(world):
    """It is kept all the same, and so are the sheets that came meanwhile."""
    world.fails = True
    many = [row(name=f"many-{n}", url=f"https://many.example/{n}") for n in range(TOGETHER + 1)]

    async with asyncio.timeout(20):
        done = await world.at_once(*map(shown, range(len(many))), rows=many)

    assert done == [None] * len(many)
    assert len(world.items()) == len(many)
