"""Copy a store while it runs, and make a store from a copy. A backup is one snapshot file.

Only whole commits are read, and files are only appended to or replaced whole, so that what another
process reads at any moment is a state that the store was in.
"""

import contextlib
import os
from pathlib import Path

from bot.errors import DamagedError, StoreError
from bot.store import lock
from bot.store.journal import create, head
from bot.store.recover import (
    State,
    examine,
    generations,
    must_exist,
    path_of,
    read_snapshot,
    reading,
)
from bot.store.snapshot import save

_TRIES = 20


def backup(folder: Path, file: Path) -> int:
    """Write what the store in `folder` holds now to `file`, whole; return its bytes.

    Needs no lock: a running bot goes on. Raises StoreError where there is no store or `file` cannot
    be one, DamagedError, FullError and DiskError.
    """
    state = current(folder)
    if file.is_dir() or not os.access(file.parent, os.W_OK) or file.parent.samefile(folder):
        raise StoreError(
            f"No backup can be written to {file}. Name a file in a folder that exists, that this "
            "user may write to, and that is not the store's own."
        )
    return save(file, state)


def current(folder: Path) -> State:
    """Return what a folder holds while another process may write there. Raises as `backup`."""
    must_exist(folder)
    with reading(folder):
        for _ in range(_TRIES if lock.holder(folder) else 0):
            with contextlib.suppress(FileNotFoundError, DamagedError):  # it changed under our eyes
                return examine(folder)
        return examine(folder)


def restore(file: Path, folder: Path) -> int:
    """Make the store in `folder` what it was when `file` was written; return its documents.

    May be killed and run again. Raises DamagedError for a file that is not a whole backup, and
    StoreError where the folder holds a store already.
    """
    state = _saved(file)
    held = lock.hold(folder)
    try:
        if generations(folder, "journal") or generations(folder, "snapshot") not in ([], [1]):
            raise StoreError(
                f"The folder {folder} holds a store. Move it away first, or restore into another "
                "folder with --data."
            )
        _install(folder, state)
    finally:
        lock.release(held)
    return sum(map(len, state.tables.values()))


def _saved(file: Path) -> State:
    try:
        return read_snapshot(file)
    except OSError as error:
        raise StoreError(f"The backup {file} cannot be read ({error.strerror}).") from error
    except DamagedError as error:
        raise DamagedError(
            f"{file} is not a whole backup, so nothing was restored. Take another one."
        ) from error


def _install(folder: Path, state: State) -> None:
    """Write the snapshot first: without its journal the folder does not start yet."""
    state.generation = 1
    save(path_of(folder, "snapshot", 1), state)
    create(path_of(folder, "journal", 1), [head(1)])
