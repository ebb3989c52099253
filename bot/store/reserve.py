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
        try:
            if self._path:
                self._path.unlink()
        except OSError:
            return False
        return self._path is not None

    def refill(self) -> None:
        """Keep the space back again, where there is enough of it."""
        if self._path is None or self._path.exists():
            return
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(file, 0, SIZE)
            finally:
                os.close(file)
        except OSError:
            self.release()
