"""An event loop whose clock can be moved on: hours pass while sockets stay real."""

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2025, 6, 19, 12, tzinfo=UTC)
BEAT = 5.0  # seconds that pass at once: shorter than every deadline of what waits for an answer
SWEEP = timedelta(seconds=70)  # after it the sender has looked at its whole outbox once more


class Hours(asyncio.SelectorEventLoop):
    """Its time is the machine's, and what was skipped."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped, self.jumped = 0.0, timedelta()
        self._began = super().time()

    def time(self) -> float:
        return super().time() + self.skipped

    def now(self) -> datetime:
        """Return the wall's time, which starts at START."""
        return START + self.jumped + timedelta(seconds=self.time() - self._began)

    async def skip(self, seconds: float) -> None:
        """Let seconds pass, and all that is due in them begin."""
        while seconds > 0:
            self.skipped += min(seconds, BEAT)
            seconds -= BEAT
            for _ in range(12):  # turns in which sockets are read and written too
                await asyncio.sleep(0)

    async def jump(self, span: timedelta) -> None:
        """Move the wall's clock on, as a suspended machine does, then let the sender notice."""
        self.jumped += max(timedelta(), span - SWEEP)
        await self.skip(min(span, SWEEP).total_seconds())
