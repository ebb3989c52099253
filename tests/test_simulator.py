"""Short invented days hold every invariant, and a sender that is wrong does not get through one."""

import logging

import pytest

from bot import outbox
from bot.model import Changes, ChatId, SourceState
from tests import virtual
from tests.fakechats import chat, owed
from tests.simulator import Broken, World, simulate
from tests.virtual import START


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_short_day_holds_every_invariant(seed):
    world = simulate(seed, hours=3, sources=20)

    assert world.crashes >= 3
    assert all(platform.accepted for platform in world.platforms.values())


def test_the_same_seed_is_the_same_day():
    first, second = (simulate(5, hours=1, sources=10) for _ in range(2))

    assert first.commits == second.commits
    assert [*first.platforms["blind"].accepted] == [*second.platforms["blind"].accepted]


def test_a_row_that_is_settled_and_was_never_sent_breaks_the_day():
    async def main():
        world = World(9, hours=1, sources=5)
        claimed = outbox.claim(owed("E1-alert", chat(id=ChatId("found:a:1"))), START)
        lied = outbox.sent(claimed, "no such receipt", START)
        world.check(Changes(deliveries=(lied,)), {lied.id: claimed})

    with pytest.raises(Broken, match=r"seed 9, .* was never sent"):
        virtual.run(main())


def test_a_story_owed_twice_breaks_the_day():
    async def main():
        world = World(9, hours=1, sources=5)
        for name in ("E1-alert-a", "E1-alert-b"):
            row = owed(name, chat(id=ChatId("found:a:1")))
            world.check(Changes(deliveries=(row,)), {row.id: None})

    with pytest.raises(Broken, match="twice"):
        virtual.run(main())


def test_validators_without_their_items_break_the_day():
    async def main():
        world = World(9, hours=1, sources=1)
        state = SourceState(name="0", cursor={"etag": "3"})
        world.check(Changes(sources=(state,)), {})

    with pytest.raises(Broken, match="validators without items"):
        virtual.run(main())
