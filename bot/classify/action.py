"""What a measure is and which way it cuts: the first passage that says so decides.

Each passage, the title first, is read as a row of concepts (`lexicon/actions.toml`). Rules, the
most telling first, turn a row into an action and a direction. Undoing what restricts eases
("suspends the ban"); what is only planned, denied or talked about is neutral.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.classify.passages import Passage
from bot.classify.terms import Hit, Matcher, lexicon
from bot.model import Direction, Evidence

READ = 4  # passages: what happened is said early
_RESTRICTS = frozenset(
    {"ban", "halt", "suspend", "tighten", "impose", "list", "quota", "object", "deny"}
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one item does; `hedged` where it is only planned or reported by unnamed sources."""

    action: str
    direction: Direction
    hedged: bool
    evidence: tuple[Evidence, ...]


LANGUAGES = ("en", "zh", "ja", "ko", "de", "fr", "es", "ru")


@cache
def matcher(lang: str) -> Matcher:
    """Return what finds the concepts of actions in a language; in any where it is not ours.

    "will" plans in German and not in English, so the languages are kept apart where they are known.
    """
    read = (lang,) if lang in LANGUAGES else LANGUAGES
    tables = lexicon("actions").items()
    return Matcher({name: [t for own in read for t in table[own]] for name, table in tables})


def verdict_of(passages: Sequence[Passage], lang: str = "") -> Verdict:
    """Return what the first telling passage says; a statement where none does."""
    rows = [(p, matcher(lang).find(p.text)) for p in passages[:READ]]
    sourced = any(hit.concept == "sourced" for _, hits in rows[:2] for hit in hits)
    for passage, hits in rows:
        if found := _decided(tuple(hit.concept for hit in hits), title=passage.place == 0):
            action, direction, by = found
            told = _evidence(action, direction, [h for h in hits if h.concept in by], passage)
            return Verdict(action, direction, sourced or action == "proposal", told)
    if any(hit.concept == "object" for _, hits in rows for hit in hits):
        return Verdict("new-control", Direction.RESTRICT, sourced, ())
    return Verdict("statement", Direction.NEUTRAL, sourced, ())


def _evidence(
    action: str, direction: Direction, hits: Sequence[Hit], passage: Passage
) -> tuple[Evidence, ...]:
    words = ", ".join(dict.fromkeys(hit.words for hit in hits))
    facts = (("action", action), ("direction", str(direction)))
    return tuple(
        Evidence(fact=fact, value=value, words=words, in_title=passage.place == 0)
        for fact, value in facts
    )


Found = tuple[str, Direction, frozenset[str]]


def _decided(row: tuple[str, ...], *, title: bool) -> Found | None:
    """Return the action of a row of concepts, or None where it names none."""
    has = frozenset(row)
    measure = next(_measures(row, has), None)
    if measure is None:
        return _talk(has) if title else None
    action, direction, by = measure
    if "plan" in has and action not in {"licence-approval", "enforcement", "entity-listing"}:
        return "proposal", Direction.NEUTRAL, by | {"plan"}
    return action, direction, by


def _talk(has: frozenset[str]) -> Found | None:
    if "guide" in has:
        return "guidance", Direction.NEUTRAL, frozenset({"guide"})
    if "say" in has:
        return "statement", Direction.NEUTRAL, frozenset({"say"})
    return None


_RULES = (
    ("enforce", "enforcement"),
    ("list", "entity-listing"),
    ("quota", "quota"),
    ("deny", "licence-denial"),
    ("ban", "ban"),
    ("suspend", "suspension"),
    ("halt", "ban"),
    ("tighten", "tighten"),
    ("impose", "new-control"),
    ("approve", "licence-approval"),
    ("pause", "suspension"),
)
"""Which concept alone makes which action; the first that a row holds wins."""


def _measures(row: tuple[str, ...], has: frozenset[str]) -> Iterator[Found]:
    """Yield what a row may be, the most telling first."""
    ease = Direction.EASE
    undone = has & _RESTRICTS
    if "unlist" in has:
        yield "delisting", ease, frozenset({"unlist"})
    if "lift" in has and "negate" not in has:
        yield "lift", ease, undone | {"lift"}
    if "pause" in has and undone:
        yield "suspension", ease, undone | {"pause"}
    if "approve" in has and _before(row, "approve", "ban"):
        yield "licence-approval", ease, frozenset({"approve"})
    for concept, action in _RULES:
        if concept in has:
            direction = ease if concept in {"approve", "pause"} else Direction.RESTRICT
            yield action, direction, frozenset({concept})


def _before(row: tuple[str, ...], first: str, second: str) -> bool:
    return second not in row or row.index(first) < row.index(second)
