"""The wire's time, with the quiet hours cut out: how far it is played, and what time that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

REST = timedelta(seconds=90)
"""What is played after a publication before the clock may jump to the next one."""


@dataclass(frozen=True, slots=True)
class Reel:
    """Stretches of time, in order and apart, that are played one after another.

    Within a stretch the clock runs; between two it jumps, and never back.
    """

    stretches: tuple[tuple[datetime, datetime], ...]

    @classmethod
    def of(cls, begins: datetime, moments: Iterable[datetime], rest: timedelta = REST) -> "Reel":
        """Return a reel that plays `rest` from `begins` and from each of `moments`."""
        joined: list[tuple[datetime, datetime]] = []
        for start in sorted({begins, *moments}):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], start + rest)
            else:
                joined.append((start, start + rest))
        return cls(tuple(joined))

    @property
    def length(self) -> timedelta:
        """Return how long playing all of it takes."""
        return sum((end - start for start, end in self.stretches), timedelta())

    def at(self, played: timedelta) -> datetime:
        """Return the time on the wire once so much was played; past the end it runs on."""
        left = max(played, timedelta())
        for start, end in self.stretches[:-1]:
            if left < end - start:
                return start + left
            left -= end - start
        return self.stretches[-1][0] + left
