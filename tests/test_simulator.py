"""Short invented days keep every law, and a bot that is wrong does not get through one."""

import logging
from dataclasses import replace

import pytest

from bot import outbox
from bot.model import Changes, ChatId, ItemId, SourceState, State, StoryId, Topic
from tests import virtual
from tests.builders import item, label, story
from tests.fakechats import chat, owed
from tests.simulation.chats import Broken
from tests.simulation.real import services
from tests.simulation.world import WANTED, World
from tests.simulator import kept, simulate
from tests.virtual import START

PLACE = chat(id=ChatId("found:a:1"))


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize(("seed", "hours", "sources"), [(1, 2, 12), (2, 2, 12), *kept()])
def test_a_short_day_keeps_every_law(seed, hours, sources):
    world = simulate(seed, hours, sources)

    assert world.crashes >= 2
    assert world.commands
    assert all(service.accepted for service in world.services.values())


def test_a_short_day_over_slack_and_telegram_by_their_real_clients():
    world = simulate(1, 2, 12, services)

    assert world.crashes
    assert all(service.accepted for service in world.services.values())
    assert any(service.doubts for service in world.services.values())


def test_the_same_seed_is_the_same_day():
    first, second = (simulate(5, hours=0.5, sources=6) for _ in range(2))

    assert first.laws.commits == second.laws.commits
    assert first.laws.trace == second.laws.trace
    assert first.laws.trace != simulate(6, hours=0.5, sources=6).laws.trace


def broken(tmp_path, act):
    """Return what the laws say of what `act` does in a fresh world."""

    async def main():
        world = World(9, 1, 5, tmp_path)
        try:
            await act(world)
        finally:
            await world._store.close()  # noqa: SLF001  # a world that ends early

    with pytest.raises(Broken, match="seed 9, ") as caught:
        virtual.run(main())
    return str(caught.value)


def test_a_row_that_is_settled_and_was_never_sent(tmp_path):
    async def lie(world):
        row = owed("E1-alert", PLACE)
        claimed = outbox.claim(row, START)
        world.laws.rows[row.id] = claimed
        settled = outbox.sent(claimed, "no such receipt", START)
        world.laws.committed(Changes(deliveries=(settled,)), world._store)  # noqa: SLF001  # its inside is the point

    assert "was never sent" in broken(tmp_path, lie)


def test_a_story_owed_twice(tmp_path):
    async def repeat(world):
        rows = tuple(owed(name, PLACE) for name in ("E1-alert-a", "E1-alert-b"))
        world.laws.committed(Changes(deliveries=rows), world._store)  # noqa: SLF001  # as above

    assert "twice" in broken(tmp_path, repeat)


def test_a_settled_row_that_is_owed_again(tmp_path):
    async def again(world):
        row = owed("E1-alert", PLACE)
        world.laws.rows[row.id] = replace(row, state=State.SENT)
        world.laws.committed(Changes(deliveries=(row,)), world._store)  # noqa: SLF001  # as above

    assert "went from sent to pending" in broken(tmp_path, again)


def test_validators_without_their_items(tmp_path):
    async def ahead(world):
        site = next(site for site in world.press.sites if site.news)
        state = SourceState(name=site.row.name, cursor={"etag": "1"})
        world.laws.committed(Changes(sources=(state,)), world._store)  # noqa: SLF001  # as above

    assert "validators without items" in broken(tmp_path, ahead)


def test_a_relevant_item_that_nobody_who_asked_is_owed(tmp_path):
    async def silent(world):
        await world._begin()  # noqa: SLF001  # as above
        site = next(site for site in world.press.sites if any(n.relevant for n in site.news))
        news = next(news for news in site.news if news.relevant)
        made = story(id=StoryId("AAAA"), label=label(topics=(Topic(WANTED[0]),)))
        met = item(id=ItemId("i"), source=site.row.name, url=news.url, story=made.id)
        changes = Changes(items=(met,), stories=(made,))
        await world._store.commit(changes)  # noqa: SLF001  # as above
        world.laws.committed(changes, world._store)  # noqa: SLF001  # as above

    assert "was not matched with" in broken(tmp_path, silent)


def test_an_acknowledged_row_that_a_restart_lost(tmp_path):
    async def lose(world):
        world.laws.rows[owed("E1-alert", PLACE).id] = owed("E1-alert", PLACE)
        world.laws.restarted(world._store, [])  # noqa: SLF001  # as above

    assert "was acknowledged as pending" in broken(tmp_path, lose)


def test_half_of_a_commit_that_was_read_back(tmp_path):
    async def halve(world):
        whole = Changes(deliveries=(owed("E1-alert", PLACE), owed("E2-alert", PLACE)))
        await world._store.commit(replace(whole, deliveries=whole.deliveries[:1]))  # noqa: SLF001  # as above
        world.laws.restarted(world._store, [whole])  # noqa: SLF001  # as above

    assert "half of a commit" in broken(tmp_path, halve)
