"""Limits as sliding windows, kept by servers that shut a violator out for a while."""

import math
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

JITTER = 0.03  # seconds by which two requests may come closer on the way
Key = tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """At most `most` calls of one key in `span` seconds."""

    key: Key
    most: int
    span: float


class Windows:
    """Counts calls. `broken` lists the rules that were; `ban` is how long a violator stays out."""

    def __init__(self, ban: float) -> None:
        self.broken: list[Rule] = []
        self._ban = ban
        self._calls: defaultdict[Key, deque[float]] = defaultdict(deque)
        self._out: dict[str, float] = {}

    def wait(self, rules: Sequence[Rule], now: float) -> int:
        """Count a call; return the seconds for which it is refused, 0 where it may pass."""
        if not rules:
            return 0
        out = self._out.get(rules[0].key[0], 0.0)
        if now < out:
            return math.ceil(out - now)
        for rule in rules:
            calls = self._calls[rule.key]
            while calls and calls[0] <= now - rule.span + JITTER:
                calls.popleft()
            if len(calls) >= rule.most:
                self.broken.append(rule)
                self._out[rule.key[0]] = now + self._ban
                return math.ceil(self._ban)
        for rule in rules:
            self._calls[rule.key].append(now)
        return 0
