"""What an undoing word undoes: taking a permission away restricts, taking a control away eases.

The nearest noun decides, after the word where it is a verb before its object ("scraps 29 export
permits"), before it where verbs come last or nothing follows ("permits for Turkey revoked").
"""

from collections.abc import Sequence

from bot.classify.concepts import Row, only
from bot.classify.terms import Hit

_REACH = 48  # signs between the word and its noun
_JOINT = 2  # signs at most inside "licence requirement", "permit rule"


def taken(row: Row) -> Hit | None:
    """Return the word that takes a permission away, if one does."""
    for hit in row.hits:
        undoes = hit.concept in {"lift", "pause"} and only("undo", row.lang).find(hit.words)
        if undoes and not row.denied(hit.concept) and _of_a_permission(row, hit):
            return hit
    return None


def of_a_waiver(row: Row, hit: Hit) -> bool:
    """Whether it is an exemption that ends near the word, and no single licence."""
    near = row.text[max(0, hit.start - _REACH) : hit.end + _REACH]
    return bool(only("waiver", row.lang).find(near))


def _of_a_permission(row: Row, hit: Hit) -> bool:
    after = row.text[hit.start : hit.end + _REACH]
    before = row.text[max(0, hit.start - _REACH) : hit.start]
    sides = (before, after) if row.verb_last else (after, before)
    for side in sides:
        permits, rules = only("permit", row.lang).find(side), only("object", row.lang).find(side)
        if permits or rules:
            return _nearer(permits, rules, last=side is before)
    return False


def _nearer(permits: Sequence[Hit], rules: Sequence[Hit], *, last: bool) -> bool:
    """Whether a permission is nearer than a rule; "licence requirement" is a rule."""
    if not permits or not rules:
        return bool(permits)
    if last:
        return permits[-1].end > rules[-1].end
    return permits[0].end + _JOINT < rules[0].start
