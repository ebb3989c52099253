"""Two or three of the source's own sentences: what a trader must know, and no boilerplate."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from msgspec.structs import replace

from bot.classify.concepts import MEASURES, Row, rows_of
from bot.classify.furniture import kinds_of, news_of
from bot.classify.passages import READ, Passage
from bot.classify.terms import tidy
from bot.classify.topics import matcher
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
    told = list(islice(_fresh(title, text[:READ]), _FIRST))
    worth = _worth(told, label)
    ranked = sorted(told, key=lambda p: (-worth[p.place], p.place))
    best = [p for n, p in enumerate(ranked) if n == 0 or worth[p.place] > (_ENOUGH, _WELL)[n > 1]]
    return _joined(sorted(_fitting(best), key=lambda p: p.place))


def _fresh(title: str, text: str) -> Iterator[Passage]:
    """Yield the sentences of the news that do not only say the title again."""
    pieces = _pieces(title)
    for place, said in enumerate(news_of(text), 1):
        if not _repeats(_pieces(said), pieces):
            yield Passage(said, place)


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


def _worth(told: Sequence[Passage], label: Label) -> dict[int, float]:
    """Return how much each sentence tells, by its place."""
    plain = [Passage(tidy(passage.text), passage.place) for passage in told]
    texts = [passage.text for passage in plain]
    goods = [{hit.concept for hit in hits} for hits in matcher().find_each(texts)]
    each = zip(plain, rows_of(plain, ""), goods, kinds_of(texts), strict=True)
    return {
        passage.place: _tells(passage, row, label, found) + sum(_WORTH.get(k, 0) for k in kinds)
        for passage, row, found, kinds in each
    }


def _tells(passage: Passage, row: Row, label: Label, goods: Collection[str]) -> float:
    """Return how much a sentence says: measure, goods, numbers, firms; early ones more."""
    measure = bool(row.has & MEASURES) + bool(row.verbs)
    named = any(topic in goods for topic in label.topics)
    firms = any(name in row.text for name in label.companies)
    told = measure + 2 * named + bool(_NUMBER.search(row.text)) + firms
    return told - 2 * bool(_QUOTED.search(row.text)) + 3 / passage.place


def _repeats(ours: set[str], theirs: set[str]) -> bool:
    """Whether a sentence only says the title again."""
    return bool(ours) and len(ours - theirs) <= len(ours) // 8


def _pieces(text: str) -> set[str]:
    return set(_PIECES.findall(tidy(text).casefold()))
