"""Backups, moves and versions: what was saved is what comes back, and only into an empty place."""

import asyncio
import json
import shutil
import stat
from pathlib import Path

import pytest

from bot.errors import DamagedError, StoreError, UsageError
from bot.model import Changes, ItemId, StoryId
from bot.store import TinyStore
from bot.store.backup import backup, restore
from bot.store.database import Database
from bot.store.document import decode, encode
from bot.store.engine import Engine
from bot.store.portable import export_jsonl, import_jsonl
from bot.store.recover import path_of
from bot.store.schema import VERSION, migrate
from tests.builders import CHAT, NOON, item, row, story, wish
from tests.stores import answers, opened

V1 = Path(__file__).parent / "data" / "store" / "v1"
WHOLE = Changes(
    items=(item(keys=("a", "b"), story=StoryId("S1")),),
    stories=(story(id=StoryId("S1")), story(id=StoryId("S2"))),
    chats=(CHAT,),
    subscriptions=(wish(), wish("semiconductor-chips -price")),
    rows=(row(kind="page", options={"item": "ul > li", "undated": True}),),
)


# -- backup -------------------------------------------------------------------------------------


async def test_a_backup_of_a_running_store_restores_all_that_was_acknowledged(tmp_path):
    async with opened(tmp_path / "store") as store:
        await store.commit(WHOLE)
        backup(tmp_path / "store", tmp_path / "copy")
        expected = answers(store)
        await store.commit(Changes(forgotten=(CHAT.id,)))

    documents = restore(tmp_path / "copy", tmp_path / "elsewhere")

    assert documents == 8  # and the version
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    async with opened(tmp_path / "elsewhere") as store:
        assert answers(store) == expected
        await store.commit(Changes(items=(item(id=ItemId("more")),)))


async def test_a_backup_amid_commits_and_snapshots_is_a_state_that_was(tmp_path):
    async with opened(tmp_path / "store") as store:
        store.database.engine.smallest = 2000

        async def work() -> None:
            for n in range(150):
                pair = tuple(item(id=ItemId(f"{half}{n}")) for half in "ab")
                await store.commit(Changes(items=pair))

        task = asyncio.create_task(work())
        copies = 0
        while not task.done():
            await asyncio.to_thread(backup, tmp_path / "store", tmp_path / f"copy{copies}")
            copies += 1
        await task

    for number in range(0, copies, max(1, copies // 10)):
        shutil.rmtree(tmp_path / "again", ignore_errors=True)
        restore(tmp_path / f"copy{number}", tmp_path / "again")
        with Database(tmp_path / "again") as database:
            ids = {document["id"] for document in database.table("items")}
            count = len(ids) // 2
            assert ids == {f"{half}{n}" for half in "ab" for n in range(count)}


def test_a_restore_writes_over_nothing(tmp_path):
    with Database(tmp_path / "store") as database:
        database.insert({"n": 1})
    backup(tmp_path / "store", tmp_path / "copy")

    with pytest.raises(StoreError, match="Move it away"):
        restore(tmp_path / "copy", tmp_path / "store")


@pytest.mark.parametrize("keep", [0, 10, 40, -1])
def test_a_backup_that_is_not_whole_is_refused(tmp_path, keep):
    with Database(tmp_path / "store") as database:
        database.insert({"n": 1})
    backup(tmp_path / "store", tmp_path / "copy")
    data = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(data[:keep])

    with pytest.raises(DamagedError):
        restore(tmp_path / "copy", tmp_path / "elsewhere")

    assert not (tmp_path / "elsewhere").exists()


def test_a_backup_that_is_not_there_is_said_in_words(tmp_path):
    with pytest.raises(StoreError, match="No such file"):
        restore(tmp_path / "nowhere", tmp_path / "elsewhere")


# -- export and import --------------------------------------------------------------------------


async def test_what_a_person_would_keep_moves_as_lines():
    store, other = TinyStore.memory(), TinyStore.memory()
    await store.commit(WHOLE)
    lines = list(export_jsonl(store))

    for changes in import_jsonl(lines):
        await other.commit(changes)

    assert list(export_jsonl(other)) == lines
    assert json.loads(lines[0]) == {"exportwire": 1}
    assert [list(json.loads(line)) for line in lines[1:]] == [
        ["chat"],
        ["subscription"],
        ["subscription"],
        ["story"],
        ["story"],
        ["source"],
    ]
    assert other.rows() == store.rows()
    await asyncio.gather(store.close(), other.close())


async def test_a_large_import_is_cut_into_bearable_commits():
    wishes = (encode(wish(f"q{number}")).decode() for number in range(1200))
    lines = [f'{{"subscription":{each}}}' for each in wishes]

    found = import_jsonl([*lines, ""])

    assert [len(changes.subscriptions) for changes in found] == [500, 500, 200]


_WISH = '{"subscription":{"chat":"%s","query":"%s","created":"%s"}}'


@pytest.mark.parametrize(
    "line",
    [
        *(
            "nonsense",
            "[]",
            '{"secret":1}',
            '{"chat":{"id":7}}',
            '{"story":{}}',
            '{"exportwire":2}',
        ),
        _WISH % ("console::local", "gallium", "2026-01-01T00:00:00"),  # sorted beside aware times
        _WISH % ("console::local", "gallium", "9999-12-31T23:59:59Z"),
        _WISH % ("console::local", "((", "2026-01-01T00:00:00Z"),  # read at every start
        '{"chat":{"id":"a::b","platform":"a","room":"b","title":"%s"}}' % ("x" * 300_000),
        _WISH % ("nowhere", "gallium", "2026-01-01T00:00:00Z"),
        '{"chat":{"id":"slack:T1:C1","platform":"slack","account":"T2","room":"C1"}}',
        '{"source":{"name":"x","kind":"feed","url":"https://a.example/f","every":"PT0S"}}',
        '{"chat":{"id":"slack:T1","platform":"slack","account":"T1"}}',
    ],
)
def test_a_wrong_line_is_named_and_nothing_imported(line):
    with pytest.raises(UsageError, match="Nothing was imported"):
        import_jsonl(['{"exportwire":1}', line])


# -- versions -----------------------------------------------------------------------------------


async def test_a_store_of_version_1_is_still_read(tmp_path):
    """The folder was written by the first version, and is kept as it was."""
    shutil.copytree(V1, tmp_path / "store")

    async with opened(tmp_path / "store") as store:
        assert store.known(["a", "b", "gone"]) == {"a", "b", "gone"}
        assert store.item(ItemId("i1")) == item(keys=("a", "b"), story=StoryId("S1"))
        assert [each.id for each in store.stories(NOON)] == ["S2", "S1"]
        assert (list(store.chats()), len(store.subscriptions())) == ([CHAT], 2)
        assert [delivery.id for delivery in store.owed()] == ["d1"]


def _louder(tables: dict[str, dict[int, bytes]]) -> None:
    for key, data in tables["a"].items():
        tables["a"][key] = encode({"text": decode(data)["text"].upper()})


def _longer(tables: dict[str, dict[int, bytes]]) -> None:
    for key, data in tables["a"].items():
        tables["a"][key] = encode({"text": decode(data)["text"] + "!", "kept": True})


def test_each_step_from_the_version_on_is_taken_once(tmp_path):
    steps = {1: _louder, 2: _longer}
    for first, expected in ((1, {"text": "HI!", "kept": True}), (2, {"text": "hi!", "kept": True})):
        folder = tmp_path / str(first)
        with Database(folder) as database:
            migrate(database.engine, {}, first)
            database.table("a").insert({"text": "hi"})
        for _ in range(2):
            with Database(folder) as database:
                migrate(database.engine, steps, 3)
                assert database.table("a").all() == [expected]


def test_a_step_that_fails_leaves_the_store_as_it_was(tmp_path):
    def fails(tables: dict[str, dict[int, bytes]]) -> None:
        _louder(tables)
        raise StoreError("This step does not work.")

    with Database(tmp_path) as database:
        migrate(database.engine, {}, 1)
        database.table("a").insert({"text": "hi"})
        with pytest.raises(StoreError):
            migrate(database.engine, {1: fails}, 2)

    with Database(tmp_path) as database:
        assert database.table("a").all() == [{"text": "hi"}]


def test_a_newer_store_is_refused(tmp_path):
    engine = Engine(tmp_path)
    migrate(engine, {}, VERSION + 1)
    engine.close()

    with pytest.raises(StoreError, match="newer version"):
        TinyStore.open(tmp_path)
    assert path_of(tmp_path, "journal", 0).exists()
