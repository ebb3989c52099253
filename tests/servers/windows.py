"""Limits as sliding windows, kept by servers that shut a violator out for a while."""

import math
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

JITTER = 0.03  # seconds by which requests may come closer on the way
BUSY = 0.3  # the same on a machine that does much else
BAN = 30.0  # seconds
Key = tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """At most `most` calls of one key in `span` seconds."""

    key: Key
    most: int
    span: float


class Windows:
    """Counts calls. `broken` lists the rules that were; a violator stays out for BAN seconds."""

    def __init__(self, jitter: float) -> None:
        self.broken: list[Rule] = []
        self._jitter = jitter
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
            while calls and calls[0] <= now - rule.span + self._jitter:
                calls.popleft()
            if len(calls) >= rule.most:
                self.broken.append(rule)
                self._out[rule.key[0]] = now + BAN
                return math.ceil(BAN)
        for rule in rules:
            self._calls[rule.key].append(now)
        return 0
