"""What an undoing word undoes: taking a permission away restricts, taking a control away eases.

The nearest noun decides, after the word where it is a verb before its object ("scraps 29 export
permits"), before it where verbs come last or nothing follows ("permits for Turkey revoked").
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.classify.concepts import Row, only
from bot.classify.terms import Hit

_REACH = 48  # signs between the word and its noun
_JOINT = 2  # signs at most inside "licence requirement", "permit rule"
_RULES = ("object", "stoppage")


def taken(row: Row) -> Hit | None:
    """Return the words that take a permission away, if a passage has such."""
    for hit in only("undo", row.lang).find(row.text):
        if not row.negated(hit) and (permit := _undone(row, hit)):
            start, end = min(hit.start, permit.start), max(hit.end, permit.end)
            return replace(hit, words=row.text[start:end], start=start, end=end)
    return None


def for_a_time(words: Hit, lang: str) -> bool:
    """Whether what `taken` returned only pauses."""
    return any(only(concept, lang).find(words.words) for concept in ("pause", "halt"))


def of_a_waiver(words: Hit, row: Row) -> bool:
    """Whether it is an exemption that ends near the words, and no single licence."""
    near = row.text[max(0, words.start - _REACH) : words.end + _REACH]
    return bool(only("waiver", row.lang).find(near))


def _undone(row: Row, hit: Hit) -> Hit | None:
    """Return the permission that a word undoes; None where a rule is nearer to it."""
    nouns = sorted(_nouns(row, hit), key=lambda noun: noun.start)
    after = [noun for noun in nouns if noun.start >= hit.start]
    before = [noun for noun in nouns if noun.start < hit.start][::-1]
    side = (before or after) if row.verb_last else (after or before)
    if not side or side[0].concept in _RULES:
        return None
    joined = side is after and len(side) > 1 and side[1].start - side[0].end <= _JOINT
    return None if joined and side[1].concept in _RULES else side[0]


def _nouns(row: Row, hit: Hit) -> Iterator[Hit]:
    """Yield the permissions and rules within reach; a name of both is a rule."""
    start, end = max(0, hit.start - _REACH), hit.end + _REACH
    for concept in ("permit", *_RULES):
        for noun in only(concept, row.lang).find(row.text[start:end]):
            yield replace(noun, start=noun.start + start, end=noun.end + start)
