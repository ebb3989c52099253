"""One writer: a lock file that names its holder. The kernel drops the lock when the holder dies."""

import fcntl
import os
from pathlib import Path

from bot.errors import LockedError, StoreError


def hold(folder: Path) -> int:
    """Return the open lock file of a folder, which is made where it is missing.

    Raises LockedError naming the holder's pid, and StoreError where the folder is not ours.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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


def release(file: int) -> None:
    """Give the lock back."""
    os.close(file)
