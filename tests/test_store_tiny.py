"""The Store's look-ups: what was committed is found, and only that."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import FullError
from bot.model import (
    Changes,
    ChatId,
    DeliveryId,
    ItemId,
    SourceState,
    State,
    StoryId,
)
from bot.store import TinyStore
from bot.store.commits import AT_ONCE
from tests.builders import CHAT, NOON, item, story, wish
from tests.disk import limited
from tests.stores import MINUTE, opened, owed


@pytest.fixture
async def store(tmp_path):
    async with opened(tmp_path / "store") as store:
        yield store


async def test_an_empty_store_answers_everything():
    store = TinyStore.memory()

    assert store.known(["k"]) == frozenset()
    assert (store.item(ItemId("i")), store.story(StoryId("S")), store.chat(CHAT.id)) == (None,) * 3
    assert store.source("harbour") == SourceState(name="harbour")
    assert [*store.stories(NOON), *store.subscriptions(), *store.owed(), *store.chats()] == []
    await store.close()


async def test_everything_committed_is_found_again_after_a_restart(tmp_path):
    whole = Changes(
        items=(item(keys=("k1", "k2"), story=StoryId("S1")),),
        stories=(story(id=StoryId("S1")),),
        deliveries=(owed(story=StoryId("S1")),),
        sources=(SourceState(name="harbour", cursor={"etag": 'W/"1"'}, baselined=True),),
        chats=(CHAT,),
        subscriptions=(wish(),),
    )
    async with opened(tmp_path) as store:
        await store.commit(whole)

    async with opened(tmp_path) as store:
        assert store.known(["k1", "k2", "k3"]) == {"k1", "k2"}
        assert store.item(whole.items[0].id) == whole.items[0]
        assert list(store.items(StoryId("S1"))) == list(whole.items)
        assert store.story(StoryId("S1")) == whole.stories[0]
        assert store.source("harbour") == whole.sources[0]
        assert store.chat(CHAT.id) == CHAT
        assert list(store.subscriptions()) == list(whole.subscriptions)
        assert store.delivery(DeliveryId("d1")) == whole.deliveries[0]
        assert list(store.owed()) == list(whole.deliveries)
        assert list(store.delivered(CHAT.id, StoryId("S1"))) == list(whole.deliveries)
        told = store.told(CHAT.id, StoryId("S1"))
        assert [(d.id, d.kind, d.state, d.revision, d.receipt, d.message) for d in told] == [
            (d.id, d.kind, d.state, d.revision, d.receipt, d.message) for d in whole.deliveries
        ]


async def test_stories_come_newest_first_from_an_instant_on(store):
    told = [story(id=StoryId(f"S{n}"), updated=NOON + n * MINUTE) for n in range(5)]
    await store.commit(Changes(stories=(told[3], told[0], told[4], told[1], told[2])))
    await store.commit(Changes(stories=(replace(told[1], updated=NOON + 9 * MINUTE),)))

    found = store.stories(NOON + 2 * MINUTE)

    assert [each.id for each in found] == ["S1", "S4", "S3", "S2"]
    assert [each.id for each in found[1:3]] == ["S4", "S3"]
    assert found[0].id == "S1"


async def test_owed_ends_with_the_delivery(store):
    await store.commit(Changes(deliveries=(owed("a"), owed("b", created=NOON - MINUTE))))
    assert [delivery.id for delivery in store.owed()] == ["b", "a"]

    for state in State:
        await store.commit(Changes(deliveries=(owed("a", state=state),)))
        waiting = state in {State.PENDING, State.SENDING, State.AMBIGUOUS}
        assert (DeliveryId("a") in [each.id for each in store.owed()]) is waiting


async def test_a_chat_is_owed_what_is_its_own():
    store = TinyStore.memory()
    ended = owed("ended", state=State.CANCELLED)
    rows = (owed("b", created=NOON + MINUTE), owed("a"), ended, owed("other", chat="x"))
    await store.commit(Changes(deliveries=rows))

    assert [each.id for each in store.owed(CHAT.id)] == ["a", "b"]
    await store.close()


async def test_a_wish_is_held_once_and_can_be_taken_back(store):
    await store.commit(Changes(subscriptions=(wish(), wish(by="U1"), wish("chips"))))
    await store.commit(Changes(unsubscribed=(wish(),)))

    assert [each.query for each in store.subscriptions(CHAT.id)] == ["chips"]
    assert list(store.subscriptions(ChatId("other"))) == []


async def test_forgetting_takes_all_of_a_chat_and_nothing_else(tmp_path):
    other = replace(CHAT, id=ChatId("console::other"), title="kept")
    chat = replace(CHAT, title="SECRETNAME")
    async with opened(tmp_path) as store:
        await store.commit(
            Changes(
                chats=(chat, other),
                subscriptions=(wish(), wish(chat=other.id)),
                deliveries=(owed("a"), owed("b", state=State.SENT), owed("c", other.id)),
            )
        )
        late = store.commit(Changes(subscriptions=(wish("chips"),)))
        await asyncio.gather(late, store.commit(Changes(forgotten=(chat.id,))))

        assert list(store.chats()) == [other]
        assert [each.chat for each in store.subscriptions()] == [other.id]
        assert [each.id for each in store.owed()] == ["c"]
        assert store.delivery(DeliveryId("b")) is None

    files = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]
    assert not any(b"SECRETNAME" in data for data in files), "it must leave the disk too"


async def test_what_was_decided_before_a_chat_was_forgotten_does_not_bring_it_back(tmp_path):
    """The commits are asked for together: the later ones cannot see yet that it is forgotten."""
    other = replace(CHAT, id=ChatId("console::other"))
    async with opened(tmp_path) as store:
        await store.commit(Changes(chats=(CHAT, other), deliveries=(owed("a"),)))
        await asyncio.gather(
            store.commit(Changes(forgotten=(CHAT.id,))),
            store.commit(Changes(deliveries=(owed("a", state=State.SENT), owed("b", other.id)))),
            store.commit(Changes(chats=(replace(CHAT, active=False),), subscriptions=(wish(),))),
        )

        assert list(store.chats()) == [other]
        assert (store.delivery(DeliveryId("a")), list(store.subscriptions())) == (None, [])
        assert store.delivery(DeliveryId("b")) is not None

        await store.commit(Changes(chats=(CHAT,), subscriptions=(wish(),)))
        assert [each.query for each in store.subscriptions(CHAT.id)] == ["rare-earth"]


async def test_a_second_forgetting_that_a_full_disk_refuses_brings_nothing_back(tmp_path):
    async with opened(tmp_path) as store:
        await store.commit(Changes(chats=(CHAT,), deliveries=(owed("a"),)))
        await store.commit(Changes(forgotten=(CHAT.id,)))
        with limited(0), pytest.raises(FullError):
            await store.commit(Changes(forgotten=(CHAT.id,)))
        await store.commit(Changes(deliveries=(owed("a", state=State.SENT),)))

        assert store.delivery(DeliveryId("a")) is None


async def test_a_forgetting_that_a_full_disk_refuses_takes_nothing_from_others_commits(tmp_path):
    """What was sent must be written down as sent while its chat stays known."""
    many = tuple(owed(f"d{number}") for number in range(300))
    async with opened(tmp_path) as store:
        await store.commit(Changes(chats=(CHAT,), deliveries=(owed("a"), *many)))
        with limited(store.bytes_on_disk + 2_000):
            forgot, settled = await asyncio.gather(
                store.commit(Changes(forgotten=(CHAT.id,))),
                store.commit(Changes(deliveries=(owed("a", state=State.SENT),))),
                return_exceptions=True,
            )

        assert (type(forgot), settled) == (FullError, None)
        found = store.delivery(DeliveryId("a"))
        assert found is not None
        assert found.state is State.SENT


async def test_identities_that_an_item_loses_stay_known(tmp_path):
    async with opened(tmp_path) as store:
        await store.commit(Changes(items=(item(keys=("old", "both")),)))
        await store.commit(Changes(items=(item(keys=("both", "new")),)))

    async with opened(tmp_path) as store:
        assert store.known(["old", "both", "new"]) == {"old", "both", "new"}


async def test_identities_of_commits_that_are_in_flight_together_stay_known(tmp_path):
    async with opened(tmp_path) as store:
        commits = [store.commit(Changes(items=(item(keys=(key,)),))) for key in ("a", "b", "c")]
        await asyncio.gather(*commits)

    async with opened(tmp_path) as store:
        assert store.known(["a", "b", "c"]) == {"a", "b", "c"}


async def test_a_change_shows_in_what_was_read_before(store):
    for title in ("before", "after"):
        chat, told = replace(CHAT, title=title), story(id=StoryId("S"), reason=title)
        await store.commit(Changes(chats=(chat,), stories=(told,), subscriptions=(wish(by=title),)))

        assert store.chat(CHAT.id) == chat
        assert (store.story(StoryId("S")), store.stories(NOON)[0]) == (told, told)
        assert list(store.subscriptions()) == [wish(by=title)]


async def test_a_reader_cannot_change_the_store(store):
    await store.commit(Changes(sources=(SourceState(name="s", cursor={"etag": "1"}),)))

    store.source("s").cursor["etag"] = "2"  # what a careless reader may do

    assert store.source("s").cursor == {"etag": "1"}


async def test_what_changes_what_is_there_is_kept_in_the_order_asked(tmp_path):
    """Else a room that moves with much that it is owed takes back what was sent meanwhile."""
    rows = tuple(owed(f"d{n}") for n in range(AT_ONCE + 1))
    async with opened(tmp_path) as store:
        await store.commit(Changes(chats=(CHAT,)))
        many = asyncio.ensure_future(store.commit(Changes(deliveries=rows)))
        await asyncio.sleep(0)
        await store.commit(Changes(deliveries=(replace(rows[0], state=State.SENT),)))
        await many

        kept = store.delivery(DeliveryId("d0"))
        assert kept
        assert kept.state is State.SENT
