"""How many commands a chat may give in a minute; past it, one polite line. Pure."""

from collections import deque

from bot.language import mark

MOST, WINDOW = 20, 60.0
TOO_MANY = mark("That is more than 20 commands a minute here; please try again in a minute.")
_KEPT = 5_000


class Quota:
    """Counts by chat; times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._taken: dict[str, deque[float]] = {}
        self._told: dict[str, float] = {}

    def verdict(self, chat: str, now: float) -> str | None:
        """Return "" where a command may run, else what to answer: TOO_MANY once, then None."""
        if len(self._taken) > _KEPT:
            self._tidy(now)
        taken = self._taken.setdefault(chat, deque(maxlen=MOST))
        if len(taken) < MOST or now - taken[0] >= WINDOW:
            taken.append(now)
            return ""
        if now < self._told.get(chat, now):
            return None
        self._told[chat] = taken[0] + WINDOW
        return TOO_MANY

    def _tidy(self, now: float) -> None:
        for chat in [chat for chat, taken in self._taken.items() if now - taken[-1] >= WINDOW]:
            del self._taken[chat]
            self._told.pop(chat, None)
