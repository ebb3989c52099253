"""Talk: whether a title only answers, explains or denies a measure, or tells one beside the talk."""

import re
from dataclasses import dataclass

from bot.classify.concepts import MEASURES, RESTRICTS, Row
from bot.model import Direction


@dataclass(frozen=True, slots=True)
class Finding:
    """What one passage says: action, direction, how firmly (1-3), and the concepts or words.

    `towards` is the direction of what is only planned.
    """

    action: str
    direction: Direction
    by: frozenset[str]
    firmness: int = 3
    words: str = ""
    towards: Direction = Direction.NEUTRAL


_HEADING = re.compile(r": \S")
"""What follows is the news: "Blackout fears: Jakarta bars coal exports"."""


def talk_of(row: Row, measure: Finding | None) -> Finding | None:
    """Return the talk that a title is about: an answer to a measure is no measure."""
    done = min((hit.start for hit in row.verbs), default=1 << 20)
    for concept in ("remain", "react"):
        if concept in row.has and (row.first(concept) <= done or row.verb_last):
            if _answers_by(row, concept, done) or _beside_the_news(row):
                continue
            return Finding("statement", Direction.NEUTRAL, frozenset({concept}))
    if any(row.denied(concept) for concept in ("plan", "ban", "impose", "halt")):
        return Finding("statement", Direction.NEUTRAL, row.has & {"plan", "ban", "negate"})
    if measure:
        return None
    for concept, action in (("guide", "guidance"), ("say", "statement")):
        if concept in row.has:
            return Finding(action, Direction.NEUTRAL, frozenset({concept}))
    return None


_BY = re.compile(r"\b(?:with|by|mit|avec|con)\b")
_CLAUSE = re.compile(r"[,;] |\.\.\.|(?<=[\u3041-\u9fff]) (?=[\u3041-\u9fff])")


def _answers_by(row: Row, concept: str, done: int) -> bool:
    """Whether what follows the talk is the news: "hits back with export controls"."""
    at = row.first(concept)
    if done < 1 << 20 and _HEADING.search(row.text[at:done]):
        return True
    named = min((h.start for h in row.hits if h.concept in RESTRICTS and h.start > at), default=at)
    return bool(_BY.search(row.text[at:named]))


def _beside_the_news(row: Row) -> bool:
    """Whether a measure is told in the clause before the talk: "bans coal, Tokyo protests"."""
    cut = _CLAUSE.search(row.text)
    head = [hit.concept for hit in row.hits if cut and hit.end <= cut.start()]
    return not MEASURES.isdisjoint(head) and {"react", "remain", "speaker"}.isdisjoint(head)
