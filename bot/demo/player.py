"""The demo's clock: plays the reel at speed, and holds at each jump until all is delivered."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.demo.reel import Reel


class Player:
    """Simulated time. `speed` is simulated seconds a real one; `real` is a monotonic clock."""

    def __init__(self, reel: Reel, speed: float, real: Callable[[], float]) -> None:
        self._reel, self._speed, self._real = reel, speed, real
        self._started = real()
        self._lengths = [end - start for start, end in reel.stretches]
        self._stretch = 0

    def now(self) -> datetime:
        """Return the simulated time: it stops at the end of a stretch until `turn`."""
        return self._reel.stretches[self._stretch][0] + self._run()

    def _run(self) -> timedelta:
        ran = timedelta(seconds=(self._real() - self._started) * self._speed)
        tick = timedelta(microseconds=1)  # the end itself belongs to no stretch
        return min(ran, self._lengths[self._stretch] - tick)

    @property
    def held(self) -> bool:
        """Whether the clock stands at the end of a stretch."""
        return self._run() >= self._lengths[self._stretch] - timedelta(microseconds=1)

    @property
    def stretch(self) -> tuple[datetime, datetime]:
        """Return when the stretch that is played begins and ends."""
        return self._reel.stretches[self._stretch]

    @property
    def part(self) -> float:
        """Return how much of the reel is played, 0 to 1."""
        return self._stretch / len(self._lengths)

    def turn(self) -> bool:
        """Go on to the next stretch; return False where there is none."""
        if self._stretch + 1 == len(self._lengths):
            return False
        self._stretch += 1
        self._started = self._real()
        return True
