"""Telegram's limits: what the outbox paces by, and a gate that answers share with alerts.

The service allows about 30 messages a second in all, one a second in a chat, and 20 a minute in
a group or channel. The outbox knows nothing of answers to commands: they pass the same gate.
"""

from collections import deque
from dataclasses import dataclass
from datetime import timedelta

WINDOW = 60.0
_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The rates, a second. The pace keeps its margin below them; edits share them."""

    chat: float = 1.0
    group: float = 20 / 60
    account: float = 30.0
    edits: float = 0
    lookup: timedelta | None = None


PACE = Limits()


class Gate:
    """When a room may have its next message; times are seconds of a clock that never goes back."""

    def __init__(self, spacing: float = 1.05, per_minute: int = 19) -> None:
        self._spacing, self._per_minute = spacing, per_minute
        self._taken: dict[str, deque[float]] = {}

    def wait(self, room: str, now: float) -> float:
        """Return the seconds until the room's next slot (0: it is free)."""
        taken = self._taken.get(room)
        if not taken:
            return 0.0
        opens = taken[-1] + self._spacing
        if is_shared(room) and len(taken) == self._per_minute:
            opens = max(opens, taken[0] + WINDOW)
        return max(0.0, opens - now)

    def take(self, room: str, when: float) -> None:
        """Use the slot at `when`."""
        if len(self._taken) > _KEPT:
            self._tidy(when)
        self._taken.setdefault(room, deque(maxlen=self._per_minute)).append(when)

    def left(self, room: str, now: float) -> None:
        """Count the room's last slot from now on, where its message was held up."""
        taken = self._taken.get(room)
        if taken:
            taken[-1] = max(taken[-1], now)

    def _tidy(self, now: float) -> None:
        for room in [room for room, taken in self._taken.items() if taken[-1] + WINDOW < now]:
            del self._taken[room]


def is_shared(room: str) -> bool:
    """Whether a room is a group or a channel: those have negative ids."""
    return room.startswith("-")


class Bucket:
    """Commands that a chat may give in a minute; past it, one polite line."""

    def __init__(self, per_minute: int = 20) -> None:
        self._per_minute = per_minute
        self._times: dict[str, deque[float]] = {}
        self._told: dict[str, float] = {}

    def takes(self, chat: str, now: float) -> bool:
        """Count a command; return whether the chat may give it."""
        if len(self._times) > _KEPT:
            self._tidy(now)
        times = self._times.setdefault(chat, deque(maxlen=self._per_minute))
        if len(times) == self._per_minute and now - times[0] < WINDOW:
            return False
        times.append(now)
        return True

    def tells(self, chat: str, now: float) -> bool:
        """Whether to say that it was too much: once a minute."""
        due = now - self._told.get(chat, -WINDOW) >= WINDOW
        if due:
            self._told[chat] = now
        return due

    def _tidy(self, now: float) -> None:
        for chat in [c for c, times in self._times.items() if now - times[-1] > WINDOW]:
            del self._times[chat]
            self._told.pop(chat, None)


class Floods:
    """What a 429 has to pause: its chat, or the account where another chat was refused lately.

    Telegram does not say which limit was broken. One chat alone is over its own limit.
    """

    def __init__(self) -> None:
        self._room, self._until = "", 0.0

    def scope(self, room: str, now: float, wait: float) -> str:
        """Return the scope of a pause of `wait` seconds that `room` was told."""
        others = now < self._until and room != self._room
        self._room, self._until = room, max(self._until, now + wait)
        return "account" if others else "chat"
