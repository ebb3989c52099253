"""How terms are written in the lexicons, and what is looked for because of it.

Letter case never matters, and "-" is the same as a space:

- `rare earth(s)`       the part in brackets may be absent
- `ausfuhrbeschränk*`   the word may go on: `*` stands for the rest of a word, also inside a
                        phrase (`экспортн* контрол*`) or before it (`*ausfuhrkontroll*`)
- `ban ... exports`     up to five other words may stand between; `禁止...出口` up to 14 characters
- `=BIS`                exactly these capitals and small letters (needs text of `tidy`)

A Latin or Cyrillic term is a whole word. A Korean term starts a word, which may go on with
particles. A Chinese or Japanese term may stand anywhere.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

from msgspec import Struct

from bot.classify.spelling import goes_on, lower, same_word, tidy

_OPTIONAL = re.compile(r"\(([^()]*)\)")
_GAP_OF_WORDS = r"(?: (?:[^ ]*[^ .!?;]|u\.s\.)){0,5}? "
_GAP_OF_SIGNS = r"[^。!?;]{0,14}?"


class Pattern(Struct, frozen=True, gc=False):
    """One spelling of a term: a literal to search for, and what must hold around it.

    `tail` is the regular expression of what follows the literal, "" where the term ends there.
    """

    concept: str
    literal: str
    tail: str
    exact: str
    starts_word: bool
    ends_word: bool

    def fits(self, inside: bool, cut: bool) -> bool:  # noqa: FBT001  # parts of a key
        """Whether it may stand where its literal begins, and ends, inside a word."""
        return not (inside and self.starts_word) and bool(self.tail or not (cut and self.ends_word))

    def end_in(self, text: str, flattened: str, place: tuple[int, int], stop: int) -> int:
        """Return where a term ends that `fits`, before `stop`; 0 where it is not the term."""
        start, end = place
        if self.exact and not text.startswith(self.exact, start):
            return 0
        if not self.tail:
            return end
        match = _compiled(self.tail).match(flattened, end, stop)
        if not match:
            return 0
        end = match.end()
        cut = self.ends_word and end < stop and same_word(flattened[end - 1], flattened[end])
        return 0 if cut else end

    def may_stand(self, text: str, flattened: str, place: tuple[int, int]) -> bool:
        """Whether a term that `fits` may be there, were the text cut at a sentence's end behind it.

        Only what goes on may end elsewhere for that, so of such a term any end will do.
        """
        start, end = place
        exact = text.startswith(self.exact, start)
        return exact and (not self.tail or _compiled(self.tail).match(flattened, end) is not None)


def patterns_of(concept: str, phrase: str) -> Iterator[Pattern]:
    """Yield the patterns of one term, one for each way to read its brackets."""
    for spelling in _spellings(phrase.removeprefix("=")):
        body = lower(tidy(spelling)).replace("-", " ")
        core = body.strip("*")
        exact = _cut(tidy(spelling).strip("*"))[0] if phrase.startswith("=") else ""
        literal, mark, rest = _cut(core + "*" * body.endswith("*"))
        yield Pattern(
            concept=concept,
            literal=literal,
            tail=_regex(mark + rest) if mark else "",
            exact=exact,
            starts_word=not body.startswith("*"),
            ends_word=not body.endswith("*") and not goes_on(core[-1]),
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
