"""What exactly a measure is: its action in the light of the sentences around it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.classify.concepts import APART, RESTRICTS, Row, names
from bot.classify.talk import Finding
from bot.model import Direction

_OPEN = {"new-control", "tighten", "ban", "quota"}
"""Actions that are only proposed while the public is asked."""


def refined(told: Finding, row: Row, lead: Sequence[Row]) -> Finding:
    """Return a finding with its action made more exact by the sentences around it."""
    if told.action in _OPEN and _seen("consult", lead):
        return Finding(
            "proposal", Direction.NEUTRAL, told.by | {"consult"}, towards=towards(told, row)
        )
    resumed = told.action == "lift" and not row.has & RESTRICTS and "object" not in row.has
    for action, concept, sees, instead in _EXACT:
        if told.action != action or (action, concept, resumed) in _NOT_SO:
            continue
        if _seen(concept, [row] if sees == "sentence" else lead):
            return replace(told, action=instead)
    return told


def towards(measure: Finding, row: Row) -> Direction:
    """Return which way a plan would cut; nobody knows where it is to ease what restricts.

    "May ease" is a plan by its words, and hides that something would be eased.
    """
    if measure.direction is Direction.RESTRICT and any(
        names(row.text, concept, row.lang) for concept in ("lift", "pause")
    ):
        return Direction.NEUTRAL
    return measure.direction


def _seen(concept: str, rows: Sequence[Row]) -> bool:
    if concept in APART:
        return any(names(row.text, concept, row.lang) for row in rows)
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
_NOT_SO = {("lift", "timed", True), ("lift", "approve", False)}
"""Trade that resumes by a licence is no lifted control, and a lifted control is no licence."""
