"""What exactly a measure is: its action in the light of the sentences around it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.classify.concepts import RESTRICTS, Row, only
from bot.classify.talk import Finding
from bot.model import Direction

_OPEN = {"new-control", "tighten", "ban", "quota"}
"""Actions that are only proposed while the public is asked."""


def refined(told: Finding, row: Row, lead: Sequence[Row]) -> Finding:
    """Return a finding with its action made more exact by the sentences around it."""
    if told.action in _OPEN and _seen("consult", lead):
        return Finding("proposal", Direction.NEUTRAL, told.by | {"consult"})
    resumed = told.action == "lift" and not row.has & RESTRICTS and "object" not in row.has
    for action, concept, sees, instead in _EXACT:
        if told.action != action or (action, concept, resumed) in _NOT_SO:
            continue
        if _seen(concept, [row] if sees == "sentence" else lead):
            return replace(told, action=instead)
    return told


def _seen(concept: str, rows: Sequence[Row]) -> bool:
    if concept in _BY_ITSELF:
        return any(only(concept, row.lang).find(row.text) for row in rows)
    return any(concept in row.has for row in rows)


_EXACT = (
    ("ban", "list", "lead", "entity-listing"),
    ("lift", "unlist", "lead", "delisting"),
    ("lift", "timed", "sentence", "suspension"),
    ("lift", "approve", "lead", "licence-approval"),
    ("new-control", "tighten", "sentence", "tighten"),
    ("entity-listing", "owned", "sentence", "tighten"),
    ("ban", "told", "sentence", "new-control"),
    ("ban", "held", "lead", "suspension"),
)
"""Which action is which other, where a concept is seen beside it."""
_BY_ITSELF = {"owned", "told", "held"}
"""Concepts that longer words of others would hide."""
_NOT_SO = {("lift", "timed", True), ("lift", "approve", False)}
"""Trade that resumes by a licence is no lifted control, and a lifted control is no licence."""
