"""What is compared: an item, and a story as its reports agree on it, in what words, and when."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import chain

from msgspec import Struct

from bot.classify.dates import past_days
from bot.classify.spoken import spoken_days
from bot.classify.terms import tidy
from bot.cluster.marks import by_kind, marks_of, series_of
from bot.cluster.publisher import publisher_of
from bot.cluster.wording import total, words_of
from bot.model import Item, Label, Report, Story

WORDINGS = 8
"""How many wordings of a story are compared: later copies of a long story say little new."""
RECALLED = 600
"""How many signs of a text may name the day of an event that is told again."""
Kinds = Mapping[str, Mapping[str, float]]
"""Marks by kind, each with the share of reports that state it, 0..1."""
_NOTHING: Mapping[str, float] = {}
_NONE = frozenset[str]()


class Sight(Struct, frozen=True):
    """What of an item is compared: its marks, its words and their weight, by whom and when.

    `past` are the days that it names as gone by their dates, `days` those that it tells of in
    whatever words ("on Thursday"), but for the days on which a measure begins or ends.
    """

    marks: frozenset[str]
    kinds: Mapping[str, frozenset[str]]
    words: frozenset[str]
    weight: float
    lang: str
    publisher: str
    when: datetime
    past: frozenset[date]
    days: frozenset[date]

    def told(self, kind: str) -> frozenset[str]:
        """Return the item's marks of one kind."""
        return self.kinds.get(kind, _NONE)


class Profile(Struct, frozen=True):
    """What of a story is compared.

    `rounds` and `lists` hold each different set that one report states, none of them
    empty; `documents` likewise, by series. `first` is when the event was first told.
    """

    story: Story
    kinds: Kinds
    rounds: tuple[frozenset[str], ...]
    lists: tuple[frozenset[str], ...]
    documents: Mapping[str, tuple[frozenset[str], ...]]
    direction: str
    words: tuple[frozenset[str], ...]
    every_word: frozenset[str]
    langs: frozenset[str]
    publishers: frozenset[str]
    first: datetime

    def told(self, kind: str) -> Mapping[str, float]:
        """Return the story's marks of one kind, with their shares."""
        return self.kinds.get(kind, _NOTHING)


def sight_of(item: Item, label: Label) -> Sight:
    """Return what of an item is compared."""
    marks = marks_of(item, label)
    words = words_of(item.title, item.text)
    publisher = publisher_of(item.url, item.outlet) or item.source
    text, today = tidy(f"{item.title}\n{item.text[:RECALLED]}"), item.when.date()
    past = past_days(text, today)
    days = (past | spoken_days(text, today)).difference(label.effective, label.expires)
    kinds, weight = by_kind(marks), total(words)
    return Sight(marks, kinds, words, weight, item.lang, publisher, item.when, past, days)


def profile_of(story: Story) -> Profile:
    """Return what of a story is compared."""
    reports = story.reports
    counted = Counter(chain.from_iterable(report.marks for report in reports))
    stated = by_kind(counted)
    words = _wordings(reports)
    return Profile(
        story=story,
        kinds={
            kind: {mark: counted.get(mark, 1) / len(reports) for mark in marks}
            for kind, marks in stated.items()
        },
        rounds=_each(reports, stated.get("round")),
        lists=_each(reports, stated.get("list")),
        documents=_documents(_each(reports, stated.get("doc"))),
        direction=_direction(counted),
        words=words,
        every_word=frozenset().union(*words),
        langs=frozenset(report.lang for report in reports),
        publishers=frozenset(story.publishers),
        first=min(when_of(report) for report in reports),
    )


def when_of(report: Report) -> datetime:
    """Return when a report was published where that is believable, else first seen."""
    return min(report.published, report.seen) if report.published else report.seen


def _each(reports: Iterable[Report], marks: frozenset[str] | None) -> tuple[frozenset[str], ...]:
    """Return each different set of some marks that one report states."""
    sets = (report.marks & marks for report in reports) if marks else ()
    return tuple(dict.fromkeys(filter(None, sets)))


def _documents(stated: Iterable[frozenset[str]]) -> dict[str, tuple[frozenset[str], ...]]:
    found: dict[str, dict[frozenset[str], None]] = {}
    for documents in stated:
        for series, numbers in by_series(documents).items():
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
