"""Space kept back for a full disk: what has been sent must still be written down as sent."""

import os
from pathlib import Path

SIZE = 1024 * 1024  # bytes: a thousand deliveries
NAME = "reserve"


class Reserve:
    """A file that is there to be deleted. `folder` None: there is none."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / NAME if folder else None
        self.refill()

    def release(self) -> bool:
        """Give the space free; return whether there was any."""
        return self._path is not None and _deleted(self._path)

    def refill(self) -> None:
        """Keep the space back again, where there is enough of it."""
        if self._path is not None and not self._path.exists():
            _allocated(self._path)

    def has_room(self) -> bool:
        """Whether the space can be kept back, or as much again where it is."""
        if self._path is None:
            return True
        if not self._path.exists():
            return _allocated(self._path)
        more = self._path.with_name(f"{NAME}-more.tmp")  # a start deletes what a crash left of it
        return _allocated(more) and _deleted(more)


def _allocated(path: Path) -> bool:
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(file, 0, SIZE)
        finally:
            os.close(file)
    except OSError:
        _deleted(path)
        return False
    return True


def _deleted(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True
