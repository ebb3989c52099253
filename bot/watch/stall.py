"""A thread that says where the event loop is stuck, once for each time that it is.

The loop leaves a mark at every quarter of the limit. The thread counts its own turns without one,
so that a process that was frozen as a whole, or a machine that slept, is no stall.
"""

import asyncio
import contextlib
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from types import FrameType

log = logging.getLogger("exportwire.watch")
LIMIT = 1.0  # seconds
PARTS = 4  # marks within the limit
DEEPEST = 12  # frames that are told, the innermost first


class Stall:
    """What the loop and the thread share."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: float) -> None:
        self._loop, self._every = loop, limit / PARTS
        self._thread = threading.get_ident()
        self._missed = 0
        self._over = threading.Event()

    def mark(self) -> None:
        """Show that the loop runs."""
        missed, self._missed = self._missed, 0
        if missed > PARTS:
            log.warning("the loop runs again", extra={"seconds": round(missed * self._every, 1)})
        if not self._over.is_set():
            self._loop.call_later(self._every, self.mark)

    def watch(self) -> None:
        """Count turns without a mark until `end`; runs in a thread."""
        while not self._over.wait(self._every):
            self._missed += 1
            if self._missed == PARTS + 1:
                stack = place(sys._current_frames()[self._thread])  # noqa: SLF001  # the documented way
                log.warning("the loop is stuck", extra={"stack": stack})

    def end(self) -> None:
        """Stop both sides."""
        self._over.set()


@contextlib.contextmanager
def watched(limit: float = LIMIT) -> Iterator[None]:
    """Watch the running loop while the block runs."""
    stall = Stall(asyncio.get_running_loop(), limit)
    thread = threading.Thread(target=stall.watch, name="watch", daemon=True)
    stall.mark()
    thread.start()
    try:
        yield
    finally:
        stall.end()
        thread.join()


def place(frame: FrameType) -> str:
    """Return where a thread is, on one line, innermost first."""
    frames = reversed(traceback.extract_stack(frame)[-DEEPEST:])
    return " < ".join(f"{each.name} ({each.filename}:{each.lineno})" for each in frames)
