"""One writer: a lock file that names its holder. The kernel drops the lock when the holder dies."""

import fcntl
import os
from pathlib import Path

from bot.errors import LockedError


def hold(folder: Path) -> int:
    """Return the open lock file of a folder. Raises LockedError naming the holder's pid."""
    file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.pread(file, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(file)
        raise LockedError(
            f"The store in {folder} is in use by process {holder}. Stop it first, "
            "or give this one another folder with --data."
        ) from None
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
    return file


def release(file: int) -> None:
    """Give the lock back."""
    os.close(file)
