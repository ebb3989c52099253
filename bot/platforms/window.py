"""A limit over all chats of an account, which alerts, edits and answers share. Pure."""

from collections import deque


class Window:
    """At most `most` messages in any `span` seconds of a clock that never goes back."""

    def __init__(self, most: int, span: float) -> None:
        self._span = span
        self._taken: deque[float] = deque(maxlen=most)

    def wait(self, now: float) -> float:
        """Return the seconds until the next slot (0: it is free)."""
        full = len(self._taken) == self._taken.maxlen
        return max(0.0, self._taken[0] + self._span - now) if full else 0.0

    def take(self, when: float) -> None:
        """Use the slot at `when`, which is not before the one that was used last."""
        self._taken.append(when)
