"""The two clocks of the sender: the wall's, which may jump, and one that only goes forward."""

import asyncio
from datetime import datetime, timedelta

from bot.ports import Clock


class Times:
    """Stored times are the wall's; waiting and pacing go by the steady clock."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock
        self._origin: tuple[datetime, float] | None = None

    def steady(self) -> datetime:
        """Return the wall's time at the first call, and the event loop's seconds since."""
        seconds = asyncio.get_running_loop().time()
        if self._origin is None:
            self._origin = (self.now(), seconds)
        return self._origin[0] + timedelta(seconds=seconds - self._origin[1])
