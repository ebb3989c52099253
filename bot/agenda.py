"""What is due: the days on which measures take effect or end, as their stories carry them. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model import Story


class Turn(StrEnum):
    """What happens on a day."""

    BEGINS = "begins"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Due:
    """A day of a story."""

    day: date
    turn: Turn
    story: Story


def agenda(stories: Iterable[Story], today: date) -> list[Due]:
    """Return what is due from `today` on, the nearest day first, each day of a measure once.

    Stories that state the same official number, or the same measure on the same goods by the same
    issuer, share their days: the newest of them stands for all.
    """
    found: dict[tuple[object, ...], Due] = {}
    for story in sorted(stories, key=lambda story: story.updated, reverse=True):
        for due in _days(story):
            if due.day >= today:
                found.setdefault((due.day, due.turn, *_measure(story)), due)
    return sorted(found.values(), key=lambda due: (due.day, due.turn, due.story.id))


def _days(story: Story) -> Iterator[Due]:
    yield from (Due(day, Turn.BEGINS, story) for day in story.label.effective)
    yield from (Due(day, Turn.ENDS, story) for day in story.label.expires)


def _measure(story: Story) -> tuple[object, ...]:
    label = story.label
    if label.documents:
        return (label.documents[0],)
    return frozenset(label.issuers), label.action, frozenset(label.topics)
