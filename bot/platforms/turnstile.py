"""A limit over all chats of an account, which alerts, edits and answers share. Pure."""


class Turnstile:
    """At most `rate` messages a second of a clock that never goes back, evenly spaced.

    A burst would be within the limit as well, until the network makes one burst of two.
    """

    def __init__(self, rate: float) -> None:
        self._spacing = 1 / rate
        self._free = 0.0

    def wait(self, now: float) -> float:
        """Return the seconds until the next slot (0: it is free)."""
        return max(0.0, self._free - now)

    def take(self, when: float) -> None:
        """Use the slot at `when`, which is not before the one that was used last."""
        self._free = when + self._spacing
