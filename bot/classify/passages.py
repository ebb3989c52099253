"""A text as it is read: the title, then sentence after sentence, in one spelling."""

import re

from msgspec import Struct

from bot.classify.terms import tidy

READ = 5000
"""How many signs of a text are read: news says what happened early."""
_ENDS = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\bNo\.)(?<!\bNr\.)(?<!\bSt\.)\s+(?=[\"'(\[]?[^\W_a-zß-ÿа-я])"
    r"|(?<=[。！!？?])(?=[^\s\"」』)])"
    r"|(?<=다\.)\s+"
)


class Passage(Struct, frozen=True, gc=False):
    """One sentence in the spelling of `tidy`; `place` is 0 for the title, then 1, 2, ..."""

    text: str
    place: int


def passages_of(title: str, text: str) -> tuple[Passage, ...]:
    """Return the title and the sentences of the first `READ` signs; never empty."""
    body = tidy(text[:READ])
    sentences = [part for part in _ENDS.split(body) if part.strip()]
    head = Passage(tidy(title[:READ]), 0)
    return (head, *(Passage(part, place) for place, part in enumerate(sentences, 1)))
