"""Sentences as the source wrote them, in any script: where one ends and the next begins.

A full stop ends none after an abbreviation, an initial or a German or Korean ordinal; a stop
inside a quotation ends none where the sentence goes on after it ("。」と述べた").
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from bot.classify.terms import lexicon

_BEGINS = re.compile(
    r"(?:The|It|Its|He|She|They|But|This|That|These|Those|In|On|At|An?|For|Under|Last|Earlier|However"
    r"|Meanwhile|According|Both|Some|No|В|На|Это|Он|По)\b"
)
_WEST_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«„(\[]*(?P<next>\S))")
_EAST_END = re.compile(r"[。！？｡]+(?P<close>[」』”’）)】〉》\"]*)(?P<next>\s*\S)?")
_DATED = re.compile(r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? \d{1,2}$")
"""A day after its month, as in English, is no ordinal: its full stop ends the sentence."""
_LAST_WORD = re.compile(r"[^\s\"'“‘«„(\[]+$")
_STOPS = tuple('.!?…。！？｡"”」』')
_LINE = 40
"""Signs of a line that was broken to fit; a shorter one is a heading or a signature."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of a text in order, verbatim but for what is not seen; none is empty."""
    found = (
        part
        for paragraph in _paragraphs(_UNSEEN.sub("", text).split("\n"))
        for part in _parts(paragraph)
    )
    return tuple(part for part in found if part)


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a text, those joined that were only broken to fit."""
    held, last = "", ""
    for line in (" ".join(line.split()) for line in lines):
        if not line or len(last) < _LINE or last.endswith(_STOPS):
            yield held
            held = ""
        held, last = f"{held} {line}".strip(), line
    yield held


def _parts(text: str) -> Iterator[str]:
    begin = 0
    for end in sorted({*_western(text), *_eastern(text)}):
        yield text[begin:end].strip()
        begin = end
    yield text[begin:].strip()


def _western(text: str) -> Iterator[int]:
    for match in _WEST_END.finditer(text):
        starts = match["next"]
        if (starts.islower() and starts.isascii()) or starts in ",;:-–—":
            continue
        if not (match[0] == "." and _abbreviated(text, match.start())):
            yield match.end()


@cache
def _abbreviations(kind: str) -> frozenset[str]:
    return frozenset(word for words in lexicon("abbreviations")[kind].values() for word in words)


def _abbreviated(text: str, stop: int) -> bool:
    """Whether the full stop at `stop` belongs to the word before it."""
    last = _LAST_WORD.search(text, max(0, stop - 12), stop)
    word = last[0].casefold() if last else ""
    if word in _abbreviations("may_end"):
        return not _BEGINS.match(text[stop + 1 :].lstrip())
    initial = len(word) == 1 and word.isalpha() and word.isascii()
    ordinal = (
        word.isdecimal() and len(word) <= 2 and not _DATED.search(text[max(0, stop - 14) : stop])
    )
    return word in _abbreviations("within") or initial or ordinal


def _eastern(text: str) -> Iterator[int]:
    for match in _EAST_END.finditer(text):
        if not (match["close"] and match["next"] and not match["next"][0].isspace()):
            yield match.end("close")
