"""Kill at every system call of every operation that writes, with strace where it is there.

    python -m tests.torture.store_syscalls OPERATION FOLDER    does one operation, to be killed

Each call that changes a disk is hit at each of its occurrences, until the operation survives.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot.errors import StoreError
from bot.store.backup import backup, restore
from bot.store.database import Database
from bot.store.recover import path_of
from bot.store.repair import repair
from tests.torture.say import figure, say

CALLS = ("pwrite64", "fdatasync", "fsync", "rename", "ftruncate", "unlink", "mkdir")
FIRST = {"kept": True, "n": 1}
SECOND = {"kept": True, "n": 2}


def prepare(folder: Path) -> None:
    """Make a store that has one commit acknowledged, and a generation behind it."""
    with Database(folder) as database:
        database.table("a").insert(FIRST)
        database.engine.settle(database.engine.turn())
        with database.transaction():
            database.table("a").update(FIRST)
            database.table("b").insert(FIRST)


def _commit(folder: Path) -> None:
    with Database(folder) as database, database.transaction():
        database.table("a").update(SECOND)
        database.table("b").update(SECOND)


def _compact(folder: Path) -> None:
    with Database(folder) as database:
        database.engine.settle(database.engine.turn())
        database.engine.settle(database.engine.turn(), erase=True)


def _recover(folder: Path) -> None:
    Database(folder).close()


def _repair(folder: Path) -> None:
    repair(folder)


def _restore(folder: Path) -> None:
    restore(folder.with_name("copy"), folder)


def _migrate(folder: Path) -> None:
    with Database(folder) as database:
        tables = database.engine.frozen().tables
        changed = {
            name: dict.fromkeys(docs, b'{"kept":true,"n":2}') for name, docs in tables.items()
        }
        database.engine.replace(changed)


OPERATIONS: dict[str, Callable[[Path], None]] = {
    "commit": _commit,
    "compact": _compact,
    "recover": _recover,
    "repair": _repair,
    "restore": _restore,
    "migrate": _migrate,
}


def _harm(operation: str, folder: Path) -> None:
    """Give an operation what it is for."""
    if operation == "recover":
        with path_of(folder, "journal", 1).open("ab") as file:
            file.write(b"\xffRECtorn")
    if operation == "repair":
        path_of(folder, "snapshot", 1).write_bytes(b"")
    if operation == "restore":
        backup(folder, folder.with_name("copy"))
        shutil.rmtree(folder)


def _faults(operation: str, folder: Path) -> list[str]:
    """Return what is wrong after a kill: the operation can be repeated, and nothing is mixed."""
    try:
        if operation in ("repair", "restore"):
            _again(operation, folder)
        with Database(folder) as database:
            tables = [database.table("a").all(), database.table("b").all()]
    except StoreError as error:
        return [f"unreadable: {error}"]
    if tables not in ([[FIRST], [FIRST]], [[SECOND], [SECOND]]):
        return [f"neither before nor after: {tables}"]
    return []


def _again(operation: str, folder: Path) -> None:
    if operation == "repair":
        repair(folder)
    elif not path_of(folder, "journal", 1).exists():
        restore(folder.with_name("copy"), folder)


def _hit(operation: str, folder: Path, call: str, number: int) -> bool:
    """Do the operation with its `number`-th `call` replaced by a kill; return whether it died."""
    inject = f"inject={call}:signal=SIGKILL:when={number}"
    command = [sys.executable, "-m", "tests.torture.store_syscalls", operation, str(folder)]
    traced = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject]
    done = subprocess.run([*traced, *command], check=False, capture_output=True)  # noqa: S603  # ours
    if done.returncode not in (0, -9, 137):
        raise AssertionError(done.stderr.decode())
    return done.returncode != 0


def _every(operation: str, folder: Path) -> tuple[int, list[str]]:
    bad: list[str] = []
    hits = 0
    for call in CALLS:
        number, died = 0, True
        while died:
            number += 1
            shutil.rmtree(folder, ignore_errors=True)
            prepare(folder)
            _harm(operation, folder)
            died = _hit(operation, folder, call, number)
            hits += died
            bad += [
                f"{operation}, {call} {number}: {fault}" for fault in _faults(operation, folder)
            ]
    return hits, bad


def run(folder: Path, wanted: str) -> list[str]:
    """Kill one operation, "all" of them or "none"; return what was wrong."""
    if wanted == "none" or shutil.which("strace") is None:
        say("kills at every system call: left out" + ("" if wanted == "none" else ", no strace"))
        return []
    bad: list[str] = []
    for operation in OPERATIONS if wanted == "all" else [wanted]:
        hits, faults = _every(operation, folder)
        figure(f"kills at every system call of {operation}: {hits}, {len(faults)} bad")
        bad += faults
    return bad


if __name__ == "__main__":
    OPERATIONS[sys.argv[1]](Path(sys.argv[2]))
