"""Two or three of the source's own sentences: what a trader must know, and no boilerplate."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.classify.concepts import MEASURES, row_of
from bot.classify.furniture import kinds_of, news_of
from bot.classify.passages import READ, Passage
from bot.classify.terms import tidy
from bot.classify.topics import find_topics
from bot.model import Label

LONGEST = 400
_CUT = 280
"""Characters kept of a first choice that is itself too long; an ellipsis says so."""
_MOST = 3
_FIRST = 12  # sentences that are considered
_WORTH = {"withheld": 3, "scope": 1, "opinion": -3, "market": -5, "custom": -4}
"""What a kind of sentence adds to its worth: see summary.toml."""
_ENOUGH, _WELL = 0.0, 1.5
"""What a second and what a third sentence must be worth more than."""
_NUMBER = re.compile(r"\d")
_QUOTED = re.compile(r"^[\"“«„「『]")
_CLAUSE = re.compile(r"[,;:，；、]\s?[^,;:，；、]*$")
_PIECES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\w+")


def summary(title: str, text: str, label: Label) -> str:
    """Return at most LONGEST characters of the source's sentences, in their order.

    They are the source's own, letter for letter; only white space is made plain. "" where a text
    says no more than its title.
    """
    pieces = _pieces(title)
    told = [
        Passage(said, place)
        for place, said in enumerate(news_of(text[:READ]), 1)
        if not _repeats(_pieces(said), pieces)
    ][:_FIRST]
    worth = {passage.place: _worth(passage, label) for passage in told}
    ranked = sorted(told, key=lambda p: (-worth[p.place], p.place))
    best = [p for n, p in enumerate(ranked) if n == 0 or worth[p.place] > (_ENOUGH, _WELL)[n > 1]]
    return _joined(sorted(_fitting(best), key=lambda p: p.place))


def _fitting(ranked: Sequence[Passage]) -> list[Passage]:
    chosen: list[Passage] = []
    room = LONGEST
    for passage in ranked:
        kept = passage if chosen else _shortened(passage)
        if len(kept.text) + 1 <= room and len(chosen) < _MOST:
            chosen.append(kept)
            room -= len(kept.text) + 1
    return chosen


def _shortened(passage: Passage) -> Passage:
    """Return what matters most cut after a clause where it would not fit whole."""
    if len(passage.text) < LONGEST:
        return passage
    start = passage.text[: _CUT - 1]
    clause = _CLAUSE.sub("", start)
    kept = clause if len(clause) > _CUT // 2 else start.rpartition(" ")[0] or start
    return replace(passage, text=f"{kept}…")


def _joined(sentences: Sequence[Passage]) -> str:
    """Return sentences in a row; scripts without spaces between words have none between them."""
    return "".join(p.text if p.text[-1] in "。！？" else f"{p.text} " for p in sentences).strip()


def _worth(passage: Passage, label: Label) -> float:
    """Return how much a sentence tells: measure, goods, numbers, firms; early ones more."""
    text = tidy(passage.text)
    row = row_of(replace(passage, text=text), "")
    measure = bool(row.has & MEASURES) + bool(row.verbs)
    goods = {hit.concept for hit in find_topics(text)} & set(map(str, label.topics))
    names = any(name in text for name in label.companies)
    kinds = sum(_WORTH.get(kind, 0) for kind in kinds_of(passage.text))
    told = measure + 2 * bool(goods) + bool(_NUMBER.search(text)) + names
    return told + kinds - 2 * bool(_QUOTED.search(text)) + 3 / passage.place


def _repeats(ours: set[str], theirs: set[str]) -> bool:
    """Whether a sentence only says the title again."""
    return bool(ours) and len(ours - theirs) <= len(ours) // 8


def _pieces(text: str) -> set[str]:
    return set(_PIECES.findall(tidy(text).casefold()))
