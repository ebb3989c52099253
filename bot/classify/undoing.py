"""What an undoing word undoes: taking a permission away restricts, taking a control away eases.

The nearest noun decides, after the word where it is a verb before its object ("scraps 29 export
permits"), before it where verbs come last or nothing follows ("permits for Turkey revoked").
"""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from bot.classify.concepts import RESTRICTS, Row, names, only
from bot.classify.terms import Hit

_REACH = 48  # signs between the word and its noun
_JOINT = 2  # signs at most inside "licence requirement", "permit rule"
_TIGHT = 2
"""Signs at most between a Chinese object and the word after it: 配额取消."""
_CUT = re.compile(r"[;…。,]|\. |(?<=[\u3041-\u9fff]) (?=[\u3041-\u9fff])")
_OTHERWISE = re.compile(r"-| use|(?<=end) of (?:\d|next|this|(?:the )?(?:year|month|season)|[A-Z])")
"""What shows that a word undoes nothing: "end-user", "until the end of February"."""
_RULES = ("object", "stoppage")


def taken(row: Row) -> Hit | None:
    """Return the words that take a permission away, if a passage has such."""
    for hit in _undoing(row):
        if permit := _undone(row, hit):
            start, end = min(hit.start, permit.start), max(hit.end, permit.end)
            return replace(hit, words=row.text[start:end], start=start, end=end)
    return None


def rule_ended(row: Row) -> Hit | None:
    """Return the words that end a rule for good, if a passage has such."""
    for hit in _undoing(row):
        near = _near(row, hit)
        if near and near[0].concept in _RULES and not for_a_time(hit, row.lang):
            return hit
    return None


_RESUMED = re.compile(
    r"resum|again|reopen|再開|재개|恢复|恢復|wieder|repren|reanud|возобн", re.IGNORECASE
)


def withdrawn(row: Row) -> bool:
    """Whether what is undone is a permission, and no control."""
    resumed = any(_RESUMED.search(hit.words) for hit in row.hits if hit.concept == "lift")
    return (
        not resumed
        and {"waiver", "lift"} <= row.has
        and not row.has & {*RESTRICTS, "object", "approve"}
    )


def for_a_time(words: Hit, lang: str) -> bool:
    """Whether what `taken` returned only pauses."""
    return any(names(words.words, concept, lang) for concept in ("pause", "halt"))


def of_a_licence(words: str, lang: str) -> bool:
    """Whether words that strip someone of a permission name a licence and no exemption."""
    return names(words, "permit", lang) and not names(words, "waiver", lang)


def of_a_waiver(words: Hit, row: Row) -> bool:
    """Whether it is an exemption that ends near the words, and no single licence."""
    near = row.text[max(0, words.start - _REACH) : words.end + _REACH]
    return bool(only("waiver", row.lang).find(near))


def _undoing(row: Row) -> Iterator[Hit]:
    """Yield the words that undo something; not those in words that name a good or tighten; "End-User" ends nothing."""
    others = [hit for hit in row.hits if hit.concept in ("shield", "tighten")]
    for hit in only("undo", row.lang).find(row.text):
        inside = any(one.start <= hit.start < one.end for one in others)
        otherwise = inside or _OTHERWISE.match(row.text, hit.end)
        if not otherwise and not row.negated(hit):
            yield hit


def _undone(row: Row, hit: Hit) -> Hit | None:
    """Return the permission that a word undoes; None where a rule is nearer to it."""
    near = list(_near(row, hit))
    if not near or near[0].concept in _RULES:
        return None
    joined = len(near) > 1 and 0 <= near[1].start - near[0].end <= _JOINT
    return None if joined and near[1].concept in _RULES else near[0]


def _near(row: Row, hit: Hit) -> Sequence[Hit]:
    """Return the nouns on the side where the object of the word stands, the nearest first."""
    nouns = sorted(_nouns(row, hit), key=lambda noun: noun.start)
    after = [noun for noun in nouns if noun.start >= hit.start]
    before = [noun for noun in nouns if noun.start < hit.start][::-1]
    if row.lang == "zh" and before and (not after or hit.start - before[0].end < _TIGHT):
        return before
    return (before or after) if row.verb_last else (after or before)


def _nouns(row: Row, hit: Hit) -> Iterator[Hit]:
    """Yield the permissions and rules within reach in the clause; a name of both is a rule."""
    start, end = max(0, hit.start - _REACH), hit.end + _REACH
    start += max((cut.end() for cut in _CUT.finditer(row.text[start : hit.start])), default=0)
    cut = _CUT.search(row.text, hit.end, end)
    text = row.text[start : cut.start() if cut else end]
    rules = [noun for concept in _RULES for noun in only(concept, row.lang).find(text)]
    permits = [noun for noun in only("permit", row.lang).find(text) if not _inside(noun, rules)]
    for noun in (*rules, *permits):
        yield replace(noun, start=noun.start + start, end=noun.end + start)


def _inside(noun: Hit, rules: Sequence[Hit]) -> bool:
    return any(rule.start <= noun.start < rule.end for rule in rules)
