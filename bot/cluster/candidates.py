"""Which stories are worth comparing with an item: found by what is rare, and bounded."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from heapq import nlargest
from itertools import islice

from bot.cluster.profile import Profile, Sight
from bot.cluster.wording import weight
from bot.model import StoryId

MOST = 16
"""How many stories are compared with one item."""
_KEYS = 16
_RECENT = 40
"""How many of the latest stories under one key are looked at."""
_WEEK = 7
_TOLD = ("issuer", "topic", "land", "num")
"""Kinds of marks that tell an event of one week."""
_DOCUMENT, _EVENT, _KIND = 100.0, 6.0, 4.0
"""What sharing a document, an actor or goods of one week, or both, is worth beside rare words."""


_NOBODY: dict[StoryId, None] = {}


class Candidates:
    """The keys of the stories that are held, inverted: words, documents, and kinds of event."""

    def __init__(self) -> None:
        self._holders: dict[str, dict[StoryId, None]] = {}
        self._keys: dict[StoryId, frozenset[str]] = {}

    def put(self, story: StoryId, held: Profile) -> None:
        """Add or replace a story's keys."""
        keys = frozenset(_keys_of(held))
        self._release(story, self._keys.get(story, keys) - keys)
        self._keys[story] = keys
        for key in keys:
            holders = self._holders.get(key)
            if holders is None:
                holders = self._holders[key] = {}
            holders.pop(story, None)  # the story that grew last stands last
            holders[story] = None

    def drop(self, story: StoryId) -> None:
        """Forget a story, where it is held."""
        self._release(story, self._keys.pop(story, ()))

    def _release(self, story: StoryId, keys: Iterable[str]) -> None:
        for key in keys:
            holders = self._holders[key]
            del holders[story]
            if not holders:
                del self._holders[key]

    def near(self, sight: Sight) -> tuple[StoryId, ...]:
        """Return the stories that share most with an item, the likeliest first."""
        found: dict[StoryId, float] = {}
        for key, worth in self._leads(sight):
            for story in islice(reversed(self._holders.get(key, _NOBODY)), _RECENT):
                found[story] = found.get(story, 0.0) + worth
        return tuple(nlargest(MOST, found, key=found.__getitem__))

    def _leads(self, sight: Sight) -> Iterator[tuple[str, float]]:
        """Yield the keys to look under, each with what a find is worth; in one order always."""
        yield from self._rarest(sight.words)
        yield from ((mark, _DOCUMENT) for mark in sorted(sight.told("doc")))
        yield from ((key, _EVENT) for key in sorted(_events(sight.kinds, sight.when, around=1)))
        yield from ((key, _KIND) for key in sorted(_kinds(sight.kinds)))

    def _rarest(self, words: Iterable[str]) -> list[tuple[str, float]]:
        known = ((len(self._holders.get(word, ())), word) for word in words)
        rare = sorted((count, word) for count, word in known if count)[:_KEYS]
        return [(word, weight(word)) for _, word in rare]


def _keys_of(held: Profile) -> Iterator[str]:
    yield from held.every_word
    yield from held.told("doc")
    yield from _events(held.kinds, held.first, around=0)
    yield from _kinds(held.kinds)


def _kinds(kinds: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield who acts on what: "issuer:CN topic:gallium"."""
    for actor in kinds.get("issuer") or ["issuer:"]:
        yield from (f"{actor} {good}" for good in kinds.get("topic") or ["topic:"])


def _events(kinds: Mapping[str, Iterable[str]], when: datetime, around: int) -> Iterator[str]:
    """Yield who acts, what is acted on, which countries and numbers are named, by the week."""
    week = when.toordinal() // _WEEK
    for mark in (mark for kind in _TOLD for mark in kinds.get(kind, ())):
        yield from (f"{mark} {week + step}" for step in range(-around, around + 1))
