"""A story as new items are compared with it: what its reports agree on, in what words, and when."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.cluster.marks import series_of
from bot.model import Report, Story

WORDINGS = 8
"""How many wordings of a story are compared: later copies of a long story say little new."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared. `shares` tells in what share of the reports each mark stands, 0..1.

    `issuers` and `rounds` hold each different set that one report states, none of them empty;
    `documents` likewise, by series. `first` and `last` are when the event was told.
    """

    story: Story
    shares: Mapping[str, float]
    issuers: tuple[frozenset[str], ...]
    rounds: tuple[frozenset[str], ...]
    documents: Mapping[str, tuple[frozenset[str], ...]]
    direction: str
    words: tuple[frozenset[str], ...]
    first: datetime
    last: datetime


def profile_of(story: Story) -> Profile:
    """Return what is compared with new items."""
    reports = story.reports
    times = [when_of(report) for report in reports]
    counted = Counter(mark for report in reports for mark in report.marks)
    return Profile(
        story=story,
        shares={mark: count / len(reports) for mark, count in counted.items()},
        issuers=_each(reports, "issuer:"),
        rounds=_each(reports, "round:"),
        documents=_documents(reports),
        direction=_direction(counted),
        words=_wordings(reports),
        first=times[0],
        last=max(times),
    )


def when_of(report: Report) -> datetime:
    """Return when a report was published where that is believable, else first seen."""
    return min(report.published, report.seen) if report.published else report.seen


def _each(reports: Iterable[Report], kind: str) -> tuple[frozenset[str], ...]:
    sets = (frozenset(m for m in report.marks if m.startswith(kind)) for report in reports)
    return tuple(dict.fromkeys(filter(None, sets)))


def _documents(reports: Iterable[Report]) -> dict[str, tuple[frozenset[str], ...]]:
    found: dict[str, dict[frozenset[str], None]] = {}
    for stated in _each(reports, "doc:"):
        for series, numbers in by_series(stated).items():
            found.setdefault(series, {})[numbers] = None
    return {series: tuple(sets) for series, sets in found.items()}


def by_series(documents: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return document marks by the series that they count in."""
    found: dict[str, set[str]] = {}
    for document in documents:
        found.setdefault(series_of(document), set()).add(document)
    return {series: frozenset(numbers) for series, numbers in found.items()}


def _direction(counted: Mapping[str, int]) -> str:
    """Return the way that most reports tell ("dir:restrict"); "" where none tells any."""
    told = {mark: counted.get(mark, 0) for mark in ("dir:restrict", "dir:ease")}
    best = max(told, key=lambda mark: told[mark])
    return best if told[best] else ""


def _wordings(reports: Iterable[Report]) -> tuple[frozenset[str], ...]:
    kept = dict.fromkeys(report.words for report in reports if report.words)
    return tuple(kept)[:WORDINGS]
