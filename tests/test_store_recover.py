"""Opening a folder: a torn tail is put aside, any other damage refuses to start, never empty; and
`repair` brings the last good state back."""

import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import DamagedError
from bot.store.database import Database
from bot.store.journal import MARK, Record, frame
from bot.store.recover import path_of
from bot.store.repair import repair

EVERYTHING = [{"n": n} for n in range(6)]


@pytest.fixture
def folder(tmp_path):
    """Return a store that has had two snapshots, and commits after the last."""
    with Database(tmp_path / "store") as database:
        for n in (0, 1):
            database.insert({"n": n})
        database.engine.settle(database.engine.turn())
        for n in (2, 3):
            database.insert({"n": n})
        database.engine.settle(database.engine.turn())
        for n in (4, 5):
            database.insert({"n": n})
    return tmp_path / "store"


def everything(folder: Path) -> list[object]:
    with Database(folder) as database:
        return [dict(document) for document in database]


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def change(path: Path, at: int, byte: int = 0xFF) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= byte
    path.write_bytes(bytes(data))


def gone(*paths: Path) -> None:
    for path in paths:
        path.unlink()


def snapshot(folder: Path, generation: int = 2) -> Path:
    return path_of(folder, "snapshot", generation)


def journal(folder: Path, generation: int = 2) -> Path:
    return path_of(folder, "journal", generation)


def test_a_new_folder_is_an_empty_store(tmp_path):
    assert everything(tmp_path / "deep" / "new") == []


def test_reads_the_newest_snapshot_and_what_came_after(folder):
    assert everything(folder) == EVERYTHING


def test_only_the_owner_may_read(folder):
    modes = [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()]

    assert set(modes) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


# -- a torn tail --------------------------------------------------------------------------------


@pytest.mark.parametrize("tail", [b"\xff", b"\xffREC", bytes(5000), frame(Record(9, b"[]"))[:-1]])
def test_a_torn_tail_is_put_aside_once_and_told(folder, tail, caplog):
    with journal(folder).open("ab") as file:
        file.write(tail)

    assert everything(folder) == EVERYTHING
    aside = list((folder / "quarantine").iterdir())
    assert [path.read_bytes() for path in aside] == [tail]
    assert not journal(folder).read_bytes().endswith(tail)
    assert everything(folder) == EVERYTHING
    assert list((folder / "quarantine").iterdir()) == aside
    assert [record.message for record in caplog.records] == ["an unfinished commit was put aside"]


def test_writing_goes_on_behind_a_torn_tail(folder):
    with journal(folder).open("r+b") as file:
        file.truncate(journal(folder).stat().st_size - 1)

    with Database(folder) as database:
        database.insert({"n": 6})

    assert everything(folder) == [*EVERYTHING[:5], {"n": 6}]


# -- damage -------------------------------------------------------------------------------------

DAMAGE: dict[str, Callable[[Path], object]] = {
    "journal gone": lambda folder: journal(folder).unlink(),
    "journal empty": lambda folder: journal(folder).write_bytes(b""),
    "journal zeroed": lambda folder: journal(folder).write_bytes(bytes(1000)),
    "journal's head": lambda folder: change(journal(folder), 3),
    "journal's generation": lambda folder: change(journal(folder), 8),
    "first record's mark": lambda folder: change(journal(folder), 20),
    "first record's length": lambda folder: change(journal(folder), 24),
    "first record's text": lambda folder: change(journal(folder), 50),
    "another journal's": lambda folder: shutil.copy(journal(folder, 1), journal(folder)),
    "a record twice": lambda folder: journal(folder).write_bytes(
        journal(folder).read_bytes() + frame(Record(99, b"[]"))
    ),
    "snapshot empty": lambda folder: snapshot(folder).write_bytes(b""),
    "snapshot cut": lambda folder: os.truncate(snapshot(folder), 60),
    "snapshot's end cut": lambda folder: os.truncate(
        snapshot(folder), snapshot(folder).stat().st_size - 1
    ),
    "snapshot without its end": lambda folder: os.truncate(
        snapshot(folder), snapshot(folder).read_bytes().rindex(MARK)
    ),
    "snapshot with more behind": lambda folder: snapshot(folder).write_bytes(
        snapshot(folder).read_bytes() + b"more"
    ),
    "snapshot's text": lambda folder: change(snapshot(folder), 50),
    "both snapshots gone": lambda folder: gone(snapshot(folder, 1), snapshot(folder, 2)),
    "all journals gone": lambda folder: gone(journal(folder, 1), journal(folder, 2)),
}
WHOLE_AGAIN = {"snapshot empty", "snapshot cut", "snapshot's end cut", "snapshot's text"}
WHOLE_AGAIN |= {"snapshot without its end", "snapshot with more behind"}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_refuses_to_start_and_changes_nothing(folder, damage):
    damage(folder)
    before = contents(folder)

    with pytest.raises(DamagedError, match="doctor --repair"):
        Database(folder)

    assert contents(folder) == before


@pytest.mark.parametrize("name", DAMAGE)
def test_repair_brings_back_what_can_be_proved(folder, name):
    DAMAGE[name](folder)
    if name == "both snapshots gone":
        with pytest.raises(DamagedError, match="exportwire restore"):
            repair(folder)
        return

    report = repair(folder)

    back = everything(folder)
    assert back[:4] == EVERYTHING[:4], "a snapshot that is whole is never lost"
    assert all(document in EVERYTHING for document in back)
    assert not report.healthy
    assert "quarantine" in report.text
    if name in WHOLE_AGAIN:  # the generation before and both journals hold everything
        assert (back, report.lost) == (EVERYTHING, 0)


def test_repair_keeps_the_good_commits_behind_a_bad_one(folder):
    change(journal(folder), 50)

    report = repair(folder)

    assert everything(folder) == [*EVERYTHING[:4], {"n": 5}]
    assert report.lost == 1


def test_repair_leaves_a_whole_store_alone_and_can_be_repeated(folder):
    before = contents(folder)
    assert repair(folder).healthy
    assert contents(folder) == before

    change(journal(folder), 50)
    assert not repair(folder).healthy
    repaired = contents(folder)
    assert repair(folder).healthy
    assert contents(folder) == repaired


# -- what is no damage --------------------------------------------------------------------------


def test_a_snapshot_that_vanished_is_made_up_for_by_the_one_before(folder):
    snapshot(folder).unlink()

    assert everything(folder) == EVERYTHING


def test_an_older_generation_is_ignored_whatever_it_holds(folder):
    journal(folder, 1).write_bytes(b"nonsense")
    snapshot(folder, 1).write_bytes(b"")

    assert everything(folder) == EVERYTHING


def test_half_written_files_are_swept_away(folder):
    (folder / "snapshot-00000003.tmp").write_bytes(b"half")
    (folder / "journal-00000003.tmp").write_bytes(b"half")

    assert everything(folder) == EVERYTHING
    assert not list(folder.glob("*.tmp"))


def test_a_generation_that_had_only_begun_is_gone_on_with(folder):
    with Database(folder) as database:
        database.engine.turn()  # and then it was killed, before the snapshot
        database.insert({"n": 6})
    with Database(folder) as database:
        database.insert({"n": 7})

    assert everything(folder) == [*EVERYTHING, {"n": 6}, {"n": 7}]


def test_a_snapshot_that_is_ahead_of_its_journal_s_beginning_is_gone_on_from(folder):
    with Database(folder) as database:
        state = database.engine.turn()
        database.insert({"n": 6})
        assert state.sequence + 1 == database.engine.frozen().sequence
        assert len(state.tables["_default"]) == len(EVERYTHING), "what was frozen stays"
        database.engine.settle(database.engine.frozen())
        database.remove(doc_ids=[1])
        database.insert({"n": 7})

    assert everything(folder) == [*EVERYTHING[1:], {"n": 6}, {"n": 7}]
