"""The term engine: finds the words of a lexicon in a text, in any of our scripts, in one pass.

How terms are written in the lexicons (letter case never matters, and "-" is the same as a space):

- `rare earth(s)`       the part in brackets may be absent
- `ausfuhrbeschränk*`   the word may go on: `*` stands for the rest of a word, also inside a
                        phrase (`экспортн* контрол*`) or before it (`*ausfuhrkontroll*`)
- `ban ... exports`     up to five other words may stand between; `禁止...出口` up to 14 characters
- `=BIS`                exactly these capitals and small letters (needs text of `tidy`)

A Latin or Cyrillic term is a whole word. A Korean term starts a word, which may go on with
particles. A Chinese or Japanese term may stand anywhere.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from types import MappingProxyType
from typing import Any

from ahocorasick_rs import AhoCorasick

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_UNIFIED = (
    dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4"), "'")
    | dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"), '"')
    | dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"), None)
    | {ord("\u0130"): "I", ord("\u00df"): "ss", ord("\u1e9e"): "SS"}
    | {ord("\u0451"): "\u0435", ord("\u0401"): "\u0415"}
)
_OPTIONAL = re.compile(r"\(([^()]*)\)")
_GAP_OF_WORDS = r"(?: (?:[^ ]*[^ .!?;]|u\.s\.)){0,5}? "
_GAP_OF_SIGNS = r"[^。!?;]{0,14}?"


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that was found: its concept, the words that matched, and where in the text."""

    concept: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One spelling of a term: a literal to search for, and what must hold around it.

    `tail` is the regular expression of what follows the literal, "" where the term ends there.
    """

    concept: str
    literal: str
    tail: str
    exact: str
    starts_word: bool
    ends_word: bool


def tidy(text: str) -> str:
    """Return `text` in one spelling of width, quotes, dashes, spaces, ß and ё; its case is kept."""
    if text.isascii():
        return " ".join(text.replace("`", "'").split())
    unified = unicodedata.normalize("NFKC", text.translate(_UNIFIED)).translate(_UNIFIED)
    return " ".join(unified.split())


def normalise(text: str) -> str:
    """Return `tidy(text)` in small letters, at the same offsets. Accents are kept."""
    return _lower(tidy(text))


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
        self._patterns = tuple(
            dict.fromkeys(
                pattern
                for concept, phrases in terms.items()
                for phrase in phrases
                for pattern in _patterns_of(concept, phrase)
            )
        )
        literals = tuple(dict.fromkeys(pattern.literal for pattern in self._patterns))
        by_literal: dict[str, list[_Pattern]] = {literal: [] for literal in literals}
        for pattern in self._patterns:
            by_literal[pattern.literal].append(pattern)
        self._at_start = tuple(tuple(by_literal[literal]) for literal in literals)
        self._inside = tuple(
            tuple(pattern for pattern in patterns if not pattern.starts_word)
            for patterns in self._at_start
        )
        self._automaton = AhoCorasick(literals)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return the hits in a text of `normalise` or `tidy`, in order."""
        kept: list[Hit] = []
        last: dict[str, Hit] = {}
        for hit in sorted(set(self._all(text)), key=_by_place):
            lane = hit.concept if self._apart else ""
            before = last.get(lane)
            if not before or hit.start >= before.end or _same_place(hit, before):
                kept.append(hit)
                last[lane] = hit
        return tuple(kept)

    def suspects(self, text: str) -> frozenset[str]:
        """Return the concepts that `find` may find in a text or in any sentence of it.

        That is those and some more: no term shields another, and the end of one that goes on is
        not looked at. It is much cheaper.
        """
        found = set[str]()
        flat = _flat(text)
        for patterns, start, end in self._literals(flat):
            for pattern in patterns:
                if pattern.concept not in found and _may_stand(pattern, text, flat, start, end):
                    found.add(pattern.concept)
        return frozenset(found)

    def _all(self, text: str) -> Iterator[Hit]:
        flat = _flat(text)
        for patterns, start, end in self._literals(flat):
            for pattern in patterns:
                stop = _end_of(pattern, text, flat, start, end)
                if stop:
                    yield Hit(pattern.concept, text[start:stop], start, stop)

    def _literals(self, flat: str) -> Iterator[tuple[Sequence[_Pattern], int, int]]:
        """Yield where a literal stands, and the patterns that may begin so there."""
        for index, start, end in self._automaton.find_matches_as_indexes(flat, overlapping=True):
            inside = start and _same_word(flat[start - 1], flat[start])
            patterns = (self._inside if inside else self._at_start)[index]
            if patterns:
                yield patterns, start, end


def _by_place(hit: Hit) -> tuple[int, int, str]:
    return hit.start, -hit.end, hit.concept


def _same_place(hit: Hit, other: Hit) -> bool:
    return (hit.start, hit.end) == (other.start, other.end)


def _end_of(pattern: _Pattern, text: str, flat: str, start: int, end: int) -> int:
    """Return where the whole term ends, or 0 where this is not the term after all."""
    if pattern.tail:
        match = _compiled(pattern.tail).match(flat, end)
        if not match:
            return 0
        end = match.end()
    if pattern.exact and not text.startswith(pattern.exact, start):
        return 0
    cut = pattern.ends_word and end < len(flat) and _same_word(flat[end - 1], flat[end])
    return 0 if cut else end


def _may_stand(pattern: _Pattern, text: str, flat: str, start: int, end: int) -> bool:
    """Whether the term may be there, were the text cut at any end of a sentence behind it.

    Only what goes on may end elsewhere for that, so of such a term any end will do.
    """
    if not pattern.tail:
        return _end_of(pattern, text, flat, start, end) > 0
    exact = text.startswith(pattern.exact, start)
    return exact and _compiled(pattern.tail).match(flat, end) is not None


def _patterns_of(concept: str, phrase: str) -> Iterator[_Pattern]:
    """Yield the patterns of one term, one for each way to read its brackets."""
    for spelling in _spellings(phrase.removeprefix("=")):
        body = _lower(tidy(spelling)).replace("-", " ")
        core = body.strip("*")
        exact = _cut(tidy(spelling).strip("*"))[0] if phrase.startswith("=") else ""
        literal, mark, rest = _cut(core + "*" * body.endswith("*"))
        yield _Pattern(
            concept=concept,
            literal=literal,
            tail=_regex(mark + rest) if mark else "",
            exact=exact,
            starts_word=not body.startswith("*"),
            ends_word=not body.endswith("*") and not _goes_on(core[-1]),
        )


@cache
def _compiled(tail: str) -> re.Pattern[str]:
    """Return a tail, compiled when it is first needed: most never are, and all take a second."""
    return re.compile(tail)


def _spellings(phrase: str) -> Iterator[str]:
    """Yield the term with each of its bracketed parts present and absent."""
    parts = _OPTIONAL.split(phrase)
    choices = [(part,) if i % 2 == 0 else (part, "") for i, part in enumerate(parts)]
    yield from ("".join(choice) for choice in product(*choices))


def _cut(core: str) -> tuple[str, str, str]:
    """Split a term before its first wildcard: literal, wildcard, rest."""
    match = re.search(r" ?\.\.\. ?|\*", core)
    if not match:
        return core, "", ""
    return core[: match.start()], match.group(), core[match.end() :]


def _regex(rest: str) -> str:
    """Return the pattern of what follows the literal part of a term."""
    pieces = re.split(r"( \.\.\. |\.\.\.|\*)", rest)
    marks = {" ... ": _GAP_OF_WORDS, "...": _GAP_OF_SIGNS, "*": r"\w*"}
    return "".join(marks.get(piece) or re.escape(piece) for piece in pieces)


def _flat(text: str) -> str:
    """Return a text of `tidy` as literals are looked for in it, at the same offsets."""
    return _lower(text).replace("-", " ")


def _lower(text: str) -> str:
    """Lower the case; `tidy` took out the one letter whose small form is longer."""
    return text.lower()


@cache
def _script(sign: str) -> str:
    """Return which kind of word a sign can be part of ("" for none: it ends every word)."""
    if not (sign.isalnum() or unicodedata.category(sign).startswith("M")):
        return ""
    name = unicodedata.name(sign, "")
    if name.startswith(("CJK", "HIRAGANA", "KATAKANA")):
        return ""
    return "hangul" if name.startswith("HANGUL") else "letters"


@lru_cache(maxsize=1 << 14)
def _same_word(left: str, right: str) -> bool:
    """Whether two neighbouring signs are inside one word."""
    return bool(_script(left)) and _script(left) == _script(right)


def _goes_on(last: str) -> bool:
    """Whether a term that ends so may be followed by more of the same word."""
    return _script(last) == "hangul"
