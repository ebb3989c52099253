"""The Store's promises: durable first, then visible, whole or not at all, in order."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import DiskError, FullError, StoreError
from bot.model import (
    Changes,
    ItemId,
    SourceState,
    State,
)
from bot.store.recover import path_of
from bot.store.reserve import SIZE
from tests.builders import CHAT, item, story, wish
from tests.disk import limited, replaced
from tests.stores import opened, owed


@pytest.fixture
async def store(tmp_path):
    async with opened(tmp_path / "store") as store:
        yield store


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


async def test_a_full_disk_takes_what_there_is_room_for(tmp_path):
    """Commits that wait together share a write; one that is too large does not fail the others."""
    async with opened(tmp_path) as store:
        large = item(id=ItemId("large"), text="x" * 200_000)
        room = store.bytes_on_disk + 50_000
        with limited(room):
            results = await asyncio.gather(
                store.commit(Changes(items=(item(),))),
                store.commit(Changes(items=(large,))),
                store.commit(Changes(chats=(CHAT,))),
                return_exceptions=True,
            )

        assert [type(result) for result in results] == [type(None), FullError, type(None)]

    async with opened(tmp_path) as store:
        assert (store.item(ItemId("i1")), store.item(large.id), store.chat(CHAT.id)) == (
            item(),
            None,
            CHAT,
        )


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


async def test_a_claim_may_not_use_the_reserve(tmp_path):
    """What is claimed would be sent, and then have no room to be written down as sent."""
    async with opened(tmp_path) as store:
        await store.commit(Changes(deliveries=(owed(),)))
        with limited(0), pytest.raises(FullError):
            await store.commit(Changes(deliveries=(owed(state=State.SENDING),)))

        assert (tmp_path / "reserve").exists()


@pytest.mark.parametrize("spent", [False, True], ids=["with its reserve", "after its reserve"])
async def test_a_full_disk_is_well_again_once_there_is_room_for_the_reserve(tmp_path, spent):
    async with opened(tmp_path) as store:
        await store.commit(Changes(deliveries=(owed(),)))
        change = Changes(deliveries=(owed(state=State.SENT),)) if spent else Changes(chats=(CHAT,))
        with limited(0):
            with pytest.raises(FullError):
                await store.commit(change)
            await asyncio.wait_for(store.failed(), 5)
            assert not await store.has_room()
            assert isinstance(store.trouble, FullError)
        with limited(SIZE // 2):  # room for a commit, and for little more
            assert not await store.has_room()
        assert await store.has_room()

        assert store.trouble is None
        assert sorted(path.name for path in tmp_path.glob("reserve*")) == ["reserve"]


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


async def test_says_how_large_it_is_and_when_it_was_last_written_down(store):
    assert store.last_snapshot is None
    await store.commit(Changes(items=(item(text="x" * 5000),)))
    assert store.bytes_on_disk > 5000
    await store.compact()

    assert store.last_snapshot is not None
    assert store.bytes_on_disk > 5000


async def test_a_snapshot_that_finds_no_space_loses_nothing(tmp_path, caplog):
    async with opened(tmp_path) as store:
        await store.commit(Changes(items=tuple(item(id=ItemId(f"i{n}")) for n in range(100))))
        with limited(3000):
            await store.compact()
        assert "tried again" in caplog.text
        assert list(tmp_path.glob("snapshot-*")) == []
        await store.commit(Changes(chats=(CHAT,)))

    async with opened(tmp_path) as store:
        assert (len(store.database.table("items")), store.chat(CHAT.id)) == (100, CHAT)


async def test_others_have_their_turn_while_a_large_commit_is_made(store):
    """Thousands of chats may be owed a story: their rows in one go would stop the loop."""
    turns: list[int] = []

    async def others():
        while not made.done():
            turns.append(len(store.owed()))
            await asyncio.sleep(0)

    rows = tuple(owed(f"d{number}") for number in range(1_000))
    made = asyncio.ensure_future(store.commit(Changes(deliveries=rows)))
    await others()

    assert turns.count(0) >= 10
    assert len(store.owed()) == len(rows)
