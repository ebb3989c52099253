"""How far the first round of polls is."""

from collections.abc import Callable


class Progress:
    """How far the first round is, for the console's status line."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._polled: dict[str, bool] = {}

    def polled(self, name: str, *, answered: bool, nothing: Callable[[], None]) -> None:
        """Count a poll; where the first round ends without an answer, say so once."""
        first = name not in self._polled
        self._polled[name] = self._polled.get(name, False) or answered
        if first and len(self._polled) == self.total and not any(self._polled.values()):
            nothing()

    def changed(self, name: str, *, polled: bool) -> None:
        """Count a source more, which was polled already, or one less."""
        self.total += 1 if polled else -1
        if polled:
            self._polled[name] = True
        else:
            self._polled.pop(name, None)

    def is_whole(self) -> bool:
        """Whether the first round is over."""
        return len(self._polled) >= self.total

    def line(self) -> str:
        """Return the status line."""
        done, good = len(self._polled), sum(self._polled.values())
        if done < self.total:
            return f"reading sources for the first time: {done} of {self.total}"
        return f"{good} of {self.total} sources answer · /help"
