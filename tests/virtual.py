"""An event loop whose time is virtual: it jumps to the next timer instead of waiting for it."""

import asyncio
import random  # noqa: TID251  # chance with a seed
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

GRACE = 0.002  # seconds for which real sockets are waited for
START = datetime(2025, 6, 19, 12, tzinfo=UTC)


class _Jumping(selectors.SelectSelector):
    """A selector that advances the loop's clock by the time that it should have waited.

    While it is `busy`, what sockets carry comes first.
    """

    now = 0.0
    busy = 0

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("everything waits and nothing will happen")
        if timeout > 0 and self.busy and (found := super().select(GRACE)):
            return found
        self.now += max(0.0, timeout)
        has_sockets = len(self.get_map()) > 1  # one is the loop's own, for threads
        return super().select(0) if has_sockets else []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time passes only while everything waits; threads run at once, in line."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def run_in_executor(self, executor, func, *args):  # type: ignore[override]  # no thread is used
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001  # it is the caller's
            done.set_exception(error)
        return done


def run(main: Coroutine[Any, Any, Any]) -> Any:
    """Run `main` in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def clock() -> datetime:
    """Return virtual time as aware UTC."""
    return START + timedelta(seconds=asyncio.get_running_loop().time())


def chance(seed: int = 7) -> random.Random:
    """Return chance that repeats itself."""
    return random.Random(seed)  # noqa: S311  # not for secrets
