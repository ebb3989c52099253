"""Real faults of a real disk, for tests: a limit on a file's size, a device that is full."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def limited(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes: a write is cut short there, and the next refused."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@contextmanager
def replaced(path: Path, device: str) -> Iterator[None]:
    """Make this process's open file `path` be a device: /dev/full takes nothing (ENOSPC),
    /dev/null takes all and cannot sync."""
    held = _descriptor(path)
    kept, other = os.dup(held), os.open(device, os.O_WRONLY)
    os.dup2(other, held, inheritable=False)
    try:
        yield
    finally:
        os.dup2(kept, held, inheritable=False)
        os.close(kept)
        os.close(other)


def _descriptor(path: Path) -> int:
    """Return the number under which this process has `path` open."""
    return next(int(fd.name) for fd in Path("/proc/self/fd").iterdir() if _target(fd) == path)


def _target(fd: Path) -> Path | None:
    try:
        return fd.readlink()
    except OSError:  # the listing's own descriptor is gone by now
        return None
