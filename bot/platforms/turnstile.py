"""A limit over all chats of an account, which alerts, edits and answers share."""

import asyncio

_LATE = 0.02  # seconds by which a timer may be late: made up for, or they add up


class Turnstile:
    """Lets at most `rate` messages a second leave, evenly spaced, first come, first served.

    A burst would be within the limit as well, until the network makes one burst of two. Whoever
    waits leaves by the clock as it is then: what a busy moment held up does not leave all at once.
    """

    def __init__(self, rate: float) -> None:
        self._spacing, self._free, self._waiting = 1 / rate, 0.0, 0
        self._turn = asyncio.Lock()

    def wait(self, now: float) -> float:
        """Return about how many seconds one who comes now would wait."""
        return max(0.0, self._free - now) + self._waiting * self._spacing

    async def passed(self) -> None:
        """Return when it is one's turn."""
        loop = asyncio.get_running_loop()
        self._waiting += 1
        try:
            async with self._turn:
                await asyncio.sleep(max(0.0, self._free - loop.time()))
                self._free = max(self._free, loop.time() - _LATE) + self._spacing
        finally:
            self._waiting -= 1
