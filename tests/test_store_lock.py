"""One writer: a second is told who is the first; what else is in the way is said in words."""

import os
import subprocess
import sys
import time

import pytest

from bot.errors import DamagedError, LockedError, StoreError
from bot.store import TinyStore
from bot.store.database import Database
from bot.store.lock import hold, holder
from bot.store.recover import load, path_of
from bot.store.repair import repair


@pytest.fixture
def folder(tmp_path):
    with Database(tmp_path / "store") as database:
        database.insert({"n": 1})
    return tmp_path / "store"


def test_a_second_writer_is_told_who_is_the_first(folder):
    with Database(folder), pytest.raises(LockedError, match=f"process {os.getpid()}"):
        Database(folder)


def test_a_second_process_is_refused_too(folder):
    code = "import sys; from bot.store.repair import *; repair(Path(sys.argv[1]))"
    with Database(folder):
        command = [sys.executable, "-c", code, folder]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # ours

    assert b"LockedError" in done.stderr
    assert str(os.getpid()).encode() in done.stderr


def test_the_holder_is_known_while_it_lives(folder):
    """A pid that is somebody else's by now holds nothing, and asking takes nothing."""
    before = time.time()
    assert holder(folder) is None
    with Database(folder):
        pid, since = holder(folder) or (0, None)
        assert pid == os.getpid()
        assert since
        assert abs(since.timestamp() - before) < 60
    assert holder(folder) is None
    (folder / "lock").write_text("x")
    assert holder(folder) is None
    assert holder(folder / "none") is None
    with Database(folder):
        pass


def test_a_damaged_store_is_not_left_locked(folder):
    path_of(folder, "journal", 0).write_bytes(b"")
    with pytest.raises(DamagedError):
        TinyStore.open(folder)

    repair(folder)


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match="cannot be used"):
        Database(tmp_path / "file" / "store")


def test_a_file_that_cannot_be_read_is_said_in_words(folder):
    path_of(folder, "journal", 0).unlink()
    path_of(folder, "journal", 0).mkdir()

    with pytest.raises(StoreError, match="cannot be read"):
        load(folder)


def test_a_lock_that_is_a_link_to_anothers_file_is_refused(folder, tmp_path):
    (tmp_path / "other").write_text("kept")
    (folder / "lock").unlink()
    (folder / "lock").symlink_to(tmp_path / "other")

    with pytest.raises(StoreError, match="cannot be used"):
        hold(folder)

    assert (tmp_path / "other").read_text() == "kept"
