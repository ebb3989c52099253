"""Counts of what happened since the start, for the demo's summary and /status."""

import statistics
from dataclasses import dataclass, field
from datetime import datetime

KEPT = 10_000  # latencies kept for the median


@dataclass(slots=True)
class Tally:
    """Running counts; `latencies` are seconds from publication to alert.

    `reached` is when each account ("slack:T1") last took a message.
    """

    polls: int = 0
    failures: int = 0
    new: int = 0
    irrelevant: int = 0
    copies: int = 0
    stories: int = 0
    archived: int = 0
    alerts: int = 0
    reached: dict[str, datetime] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)

    def sent(self, seconds: float | None) -> None:
        """Count an alert that left, and how long after publication (None: undated)."""
        self.alerts += 1
        if seconds is not None and len(self.latencies) < KEPT:
            self.latencies.append(max(0.0, seconds))

    def median(self) -> float | None:
        """Return the median of the latencies in seconds, None where there are none."""
        return statistics.median(self.latencies) if self.latencies else None
