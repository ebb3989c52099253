"""The Store's promises: durable first, then visible, whole or not at all; look-ups by index."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import DiskError, FullError, StoreError
from bot.model import (
    Changes,
    ChatId,
    Delivery,
    DeliveryId,
    ItemId,
    Kind,
    Message,
    SourceState,
    State,
    StoryId,
)
from bot.store import TinyStore
from bot.store.recover import path_of
from tests.builders import CHAT, NOON, item, story, wish
from tests.disk import limited, replaced

MINUTE = timedelta(minutes=1)


def owed(name: str = "d1", chat: str = CHAT.id, **given: object) -> Delivery:
    usual = {"kind": Kind.ALERT, "message": Message(lines=()), "created": NOON, "not_before": NOON}
    return Delivery(**({"id": DeliveryId(name), "chat": ChatId(chat)} | usual | given))  # type: ignore[arg-type]  # a builder


@asynccontextmanager
async def opened(folder: Path):
    store = TinyStore.open(folder)
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
async def store(tmp_path):
    async with opened(tmp_path / "store") as store:
        yield store


# -- reading ------------------------------------------------------------------------------------


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


# -- committing ---------------------------------------------------------------------------------


async def test_nothing_is_visible_before_it_is_durable(tmp_path):
    async with opened(tmp_path) as store:
        journal = path_of(tmp_path, "journal", 0)
        size = journal.stat().st_size
        commit = asyncio.ensure_future(store.commit(Changes(items=(item(keys=("k",)),))))
        while not store.known(["k"]):
            assert not commit.done()
            await asyncio.sleep(0)

        assert journal.stat().st_size > size
        await commit


async def test_commits_that_wait_together_share_writes_and_keep_their_order(tmp_path):
    async with opened(tmp_path) as store:
        before = store.database.engine.frozen().sequence
        counts = [SourceState(name="s", failures=number) for number in range(200)]
        await asyncio.gather(*(store.commit(Changes(sources=(each,))) for each in counts))

        assert store.source("s").failures == 199
        assert store.database.engine.frozen().sequence - before < 20


async def test_one_bad_value_fails_its_own_commit_alone(store):
    bad = replace(story(), label=replace(story().label, score=float("nan")))

    results = await asyncio.gather(
        store.commit(Changes(items=(item(id=ItemId("a")),))),
        store.commit(Changes(items=(item(id=ItemId("b")),), stories=(bad,))),
        store.commit(Changes(items=(item(id=ItemId("c")),))),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [type(None), StoreError, type(None)]
    assert [bool(store.item(ItemId(name))) for name in "abc"] == [True, False, True]


async def test_a_cancelled_caller_undoes_nothing(store):
    commit = asyncio.ensure_future(store.commit(Changes(chats=(CHAT,))))
    await asyncio.sleep(0)
    commit.cancel()
    await store.commit(Changes(subscriptions=(wish(),)))

    assert store.chat(CHAT.id) == CHAT


async def test_a_closed_store_accepts_nothing(tmp_path):
    async with opened(tmp_path) as store:
        pass

    with pytest.raises(StoreError, match="closed"):
        await store.commit(Changes(chats=(CHAT,)))


async def test_a_full_disk_refuses_without_loss_and_goes_on_by_itself(tmp_path):
    async with opened(tmp_path) as store:
        await store.commit(Changes(items=(item(),)))
        with limited(0):
            with pytest.raises(FullError, match="Free some space"):
                await store.commit(Changes(items=(item(id=ItemId("i2")),), chats=(CHAT,)))
            assert isinstance(store.trouble, FullError)
            assert (store.item(ItemId("i2")), store.chat(CHAT.id)) == (None, None)
            assert store.item(ItemId("i1")), "it can still be read"
        await store.commit(Changes(items=(item(id=ItemId("i3")),)))
        assert store.trouble is None

    async with opened(tmp_path) as store:
        assert [bool(store.item(ItemId(f"i{n}"))) for n in (1, 2, 3)] == [True, False, True]


async def test_a_failed_sync_refuses_all_that_follows_until_a_restart(tmp_path):
    async with opened(tmp_path) as store:
        await store.commit(Changes(items=(item(),)))
        with replaced(path_of(tmp_path, "journal", 0), "/dev/null"), pytest.raises(DiskError):
            await store.commit(Changes(items=(item(id=ItemId("i2")),)))
        with pytest.raises(DiskError):
            await store.commit(Changes(items=(item(id=ItemId("i3")),)))
        assert store.item(ItemId("i2")) is None

    async with opened(tmp_path) as store:
        assert store.item(ItemId("i1"))
        await store.commit(Changes(items=(item(id=ItemId("i4")),)))


async def test_what_was_sent_may_use_the_reserve_of_a_full_disk(tmp_path):
    """A message that has left must be written down as sent, or it would be sent again."""
    async with opened(tmp_path) as store:
        await store.commit(Changes(deliveries=(owed(),)))
        with limited(0):
            with pytest.raises(FullError):
                await store.commit(Changes(items=(item(),)))
            assert (tmp_path / "reserve").exists(), "news may not use it"
            with pytest.raises(FullError):  # this limit stays although the reserve is given free
                await store.commit(Changes(deliveries=(owed(state=State.SENT),)))
            assert not (tmp_path / "reserve").exists()


# -- compaction ---------------------------------------------------------------------------------


async def test_a_grown_journal_becomes_a_snapshot_beside_the_commits(tmp_path):
    async with opened(tmp_path) as store:
        store.database.engine.smallest = 20_000
        for number in range(300):
            await store.commit(
                Changes(items=(item(id=ItemId(f"i{number}"), keys=(f"k{number}",)),))
            )

    assert len(list(tmp_path.glob("snapshot-*"))) == 2, "the generation before is kept"
    assert len(list(tmp_path.glob("journal-*"))) <= 3
    async with opened(tmp_path) as store:
        assert len(store.database.table("items")) == 300
        assert len(store.known(f"k{number}" for number in range(301))) == 300


async def test_a_snapshot_that_finds_no_space_loses_nothing(tmp_path, caplog):
    async with opened(tmp_path) as store:
        await store.commit(Changes(items=tuple(item(id=ItemId(f"i{n}")) for n in range(100))))
        with limited(3000):
            await store.compact()
        assert "tried again" in caplog.text
        await store.commit(Changes(chats=(CHAT,)))

    async with opened(tmp_path) as store:
        assert (len(store.database.table("items")), store.chat(CHAT.id)) == (100, CHAT)


# -- the law of the indices ---------------------------------------------------------------------

STEPS = st.lists(
    st.builds(
        Changes,
        items=st.lists(
            st.builds(
                lambda n, keys, of: item(id=ItemId(f"i{n}"), keys=tuple(keys), story=of),
                st.integers(0, 3),
                st.lists(st.sampled_from("abcdef"), max_size=3),
                st.sampled_from([None, StoryId("S0"), StoryId("S1")]),
            ),
            max_size=2,
        ).map(tuple),
        stories=st.lists(
            st.builds(
                lambda n, m: story(id=StoryId(f"S{n}"), updated=NOON + m * MINUTE),
                st.integers(0, 2),
                st.integers(0, 3),
            ),
            max_size=2,
        ).map(tuple),
        deliveries=st.lists(
            st.builds(
                lambda n, chat, state, of: owed(f"d{n}", chat, state=state, story=of),
                st.integers(0, 3),
                st.sampled_from(["x", "y"]),
                st.sampled_from(State),
                st.sampled_from([None, StoryId("S0"), StoryId("S1")]),
            ),
            max_size=2,
        ).map(tuple),
        subscriptions=st.lists(
            st.builds(wish, st.sampled_from(["q", "r"]), st.sampled_from(["x", "y"])), max_size=2
        ).map(tuple),
        unsubscribed=st.lists(st.builds(wish, st.just("q"), st.just("x")), max_size=1).map(tuple),
        forgotten=st.lists(st.just(ChatId("y")), max_size=1).map(tuple),
    ),
    max_size=8,
)


def answers(store: TinyStore) -> object:
    """Return all that the store says."""
    stories = [StoryId("S0"), StoryId("S1"), StoryId("S2")]
    chats = [ChatId("x"), ChatId("y")]
    return (
        store.known("abcdef"),
        [(of, list(store.items(of)), store.story(of)) for of in stories],
        [list(store.stories(NOON + minute * MINUTE)) for minute in range(4)],
        list(store.owed()),
        [list(store.delivered(chat, of)) for chat in chats for of in stories],
        [list(store.subscriptions(chat)) for chat in (None, *chats)],
    )


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_indices_kept_are_indices_built_anew(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("store")

    async def run() -> None:
        async with opened(folder) as store:
            for changes in steps:
                await store.commit(changes)
            kept = answers(store)
        async with opened(folder) as store:
            assert answers(store) == kept

    asyncio.run(run())
