"""What each story holds, in a few bits: most need not be read to know that a query fails there.

Every mark of a story (its words and facts, see `query/marks.py`) sets two bits of many; a mark of
which one is not set is surely not there.
"""

from collections.abc import Iterable
from functools import lru_cache

from bot import query as ql
from bot.query.marks import conceivable

_BITS = 4096
_SHIFT = 12
_MOST = 100_000
"""How many stories are remembered, in half a kilobyte each: the rest is read when asked for."""


class Skim:
    """What was learnt of stories as they were read. No I/O, no clock."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, int]] = {}

    def may_hold(self, story: int, edition: object, query: ql.Query) -> bool:
        """Whether a query may hold for an edition of a story; False is sure."""
        known, bits = self._known.get(story, (None, 0))
        if known is not edition:
            return True
        return conceivable(query, lambda mark: not _asked(mark) & ~bits)

    def knows(self, story: int, edition: object) -> bool:
        """Whether an edition of a story was learnt."""
        return story in self._known and self._known[story][0] is edition

    def learn(self, story: int, edition: object, marks: Iterable[str]) -> None:
        """Remember all marks that an edition of a story has."""
        if len(self._known) >= _MOST and story not in self._known:
            return
        bits = 0
        for mark in marks:
            bits |= _bits(mark)
        self._known[story] = edition, bits


def _bits(mark: str) -> int:
    number = hash(mark)
    return 1 << number % _BITS | 1 << (number >> _SHIFT) % _BITS


_asked = lru_cache(maxsize=256)(_bits)  # a query asks for the same marks in every story
