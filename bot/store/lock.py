"""One writer: a lock file that names its holder. The kernel drops the lock when the holder dies."""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import LockedError, StoreError
from bot.store.journal import sync_folder


def hold(folder: Path) -> int:
    """Return the open lock file of a folder, which is made where it is missing.

    Raises LockedError naming the holder's pid, and StoreError where the folder is not ours.
    """
    try:
        _make(folder)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW  # a link's file is not ours
        file = os.open(folder / "lock", flags, 0o600)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be used for the store ({error.strerror}). "
            "Give this user the right to write there, or another folder with --data."
        ) from error
    try:
        _take(file, folder)
    except BaseException:
        os.close(file)
        raise
    return file


def _make(folder: Path) -> None:
    """Make a folder where it is missing, durably: a file in it is lost with its folder's name."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def _take(file: int, folder: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LockedError(
            f"The store in {folder} is in use by process {_holder(file)}. Stop it first, "
            "or give this one another folder with --data."
        ) from None
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be locked ({error.strerror}), so two writers could "
            "meet there. Use a folder on a local disk."
        ) from error
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()}\n".encode(), 0)


def _holder(file: int) -> str:
    return os.pread(file, 32, 0).decode("ascii", "replace").strip() or "unknown"


def holder(folder: Path) -> tuple[int, datetime] | None:
    """Return the pid that holds a folder and since when, None where nobody does.

    The lock is tried only where its last holder seems alive, so as not to refuse one who comes.
    """
    path = folder / "lock"
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        pid, since = _holder(file), datetime.fromtimestamp(os.fstat(file).st_mtime, UTC)
        held = pid.isdecimal() and Path("/proc", pid).exists() and not _is_free(file)
    finally:
        os.close(file)
    return (int(pid), since) if held else None


def _is_free(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def release(file: int) -> None:
    """Give the lock back."""
    os.close(file)
