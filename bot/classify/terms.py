"""The term engine: finds the words of a lexicon in a text, in any of our scripts, in one pass."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from ahocorasick_rs import AhoCorasick
from msgspec import Struct

from bot.classify.patterns import Pattern, patterns_of
from bot.classify.spelling import flat, normalise, same_word, tidy

__all__ = ["Hit", "Matcher", "lexicon", "normalise", "tidy"]

_BREAK = "\n"
"""What parts texts that are looked through together: no term holds it."""
_REMEMBERED = 48
"""Of about how many texts what was found is kept."""
_Place = tuple[int, int, str]
"""Where a term stands, as it is sorted: its start, its end below zero, its concept."""


class Hit(Struct, frozen=True, gc=False):
    """A term that was found: its concept, the words that matched, and where in the text."""

    concept: str
    words: str
    start: int
    end: int


@cache
def lexicon(name: str) -> Mapping[str, Any]:
    """Return what `lexicon/<name>.toml` says, read once."""
    source = files("bot.classify") / "lexicon" / f"{name}.toml"
    return MappingProxyType(tomllib.loads(source.read_text(encoding="utf-8")))


class Matcher:
    """Finds the terms of many concepts at once; where terms overlap, the first and longest wins.

    A term that belongs to two concepts gives a hit for each. With `apart`, only terms of one
    concept shield one another.
    """

    def __init__(self, terms: Mapping[str, Iterable[str]], *, apart: bool = False) -> None:
        self._apart = apart
        by_literal: dict[str, dict[Pattern, None]] = {}
        for concept, phrases in terms.items():
            for phrase in phrases:
                for pattern in patterns_of(concept, phrase):
                    by_literal.setdefault(pattern.literal, {})[pattern] = None
        self._patterns = tuple(map(tuple, by_literal.values()))
        self._found: dict[str, tuple[Hit, ...]] = {}
        self._standing: dict[tuple[int, bool, bool], Sequence[Pattern]] = {}
        self._automaton = AhoCorasick(tuple(by_literal))

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return the hits in a text of `normalise` or `tidy`, in order."""
        found = self._found.get(text)
        return self.find_each((text,))[0] if found is None else found

    def find_each(self, texts: Sequence[str]) -> list[tuple[Hit, ...]]:
        """Return the hits in each of several texts, as `find` does, in one pass over all.

        What was found of late is known still: each step of reading asks for the same sentences.
        """
        if len(self._found) > _REMEMBERED:
            self._found.clear()
        if new := [text for text in dict.fromkeys(texts) if text not in self._found]:
            self._found.update(zip(new, self._search(new), strict=True))
        return [self._found[text] for text in texts]

    def _search(self, texts: Sequence[str]) -> list[tuple[Hit, ...]]:
        joined = _BREAK.join(texts)
        ends = list(accumulate(len(text) + len(_BREAK) for text in texts))
        found: list[set[_Place] | None] = [None] * len(texts)
        flattened, at = flat(joined), 0
        for patterns, place in self._literals(flattened):
            while place[0] >= ends[at]:
                at += 1
            for pattern in patterns:
                stop = pattern.end_in(joined, flattened, place, ends[at] - len(_BREAK))
                if stop:
                    here = found[at] = found[at] or set()
                    here.add((place[0], -stop, pattern.concept))
        return [
            self._kept(each, joined, end - len(_BREAK) - len(text)) if each else ()
            for text, end, each in zip(texts, ends, found, strict=True)
        ]

    def _kept(self, found: Iterable[_Place], text: str, begin: int) -> tuple[Hit, ...]:
        """Return what no other place shields, as hits counted from `begin` on."""
        kept: list[Hit] = []
        last: dict[str, tuple[int, int]] = {}
        for start, end, concept in sorted(found):
            lane = concept if self._apart else ""
            before = last.get(lane)
            if not before or start >= -before[1] or (start, end) == before:
                kept.append(Hit(concept, text[start:-end], start - begin, -end - begin))
                last[lane] = start, end
        return tuple(kept)

    def suspects(self, text: str) -> frozenset[str]:
        """Return the concepts that `find` may find in a text or in any sentence of it.

        That is those and some more: no term shields another, and the end of one that goes on is
        not looked at. It is much cheaper.
        """
        found = set[str]()
        flattened = flat(text)
        for patterns, place in self._literals(flattened):
            for pattern in patterns:
                if pattern.concept not in found and pattern.may_stand(text, flattened, place):
                    found.add(pattern.concept)
        return frozenset(found)

    def _literals(self, flattened: str) -> Iterator[tuple[Sequence[Pattern], tuple[int, int]]]:
        """Yield the patterns that fit where a literal stands, and that place, by their ends."""
        length, known = len(flattened), self._standing
        matches = self._automaton.find_matches_as_indexes(flattened, overlapping=True)
        for index, start, end in matches:
            inside = start > 0 and same_word(flattened[start - 1], flattened[start])
            cut = end < length and same_word(flattened[end - 1], flattened[end])
            patterns = known.get((index, inside, cut))
            if patterns is None:
                patterns = self._learn(index, inside, cut)
            if patterns:
                yield patterns, (start, end)

    def _learn(self, index: int, inside: bool, cut: bool) -> Sequence[Pattern]:  # noqa: FBT001  # parts of a key
        """Return the patterns of a literal that fit; worked out when it is first asked for."""
        fitting = tuple(p for p in self._patterns[index] if p.fits(inside, cut))
        self._standing[index, inside, cut] = fitting
        return fitting
