"""Severity follows from direction, firmness, tier and breadth, and says why."""

import pytest

from bot.model import Direction, Stage
from bot.severity import severity
from tests.builders import label, report, story

OFFICIAL = (report(official=True),)
THREE = tuple(report(publisher=name) for name in "abc")


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ({"reports": OFFICIAL}, "high"),
        ({"reports": THREE}, "high"),
        ({}, "medium"),
        ({"reports": OFFICIAL, "label": label(direction=Direction.NEUTRAL)}, "medium"),
        ({"label": label(hedged=True)}, "low"),
        ({"label": label(stage=Stage.PROPOSED)}, "low"),
        ({"label": label(direction=Direction.NEUTRAL)}, "low"),
    ],
    ids=["official", "broad", "one outlet", "official talk", "hedged", "proposed", "talk"],
)
def test_level(given, level):
    found, why = severity(story(**given))

    assert found == level
    assert why
