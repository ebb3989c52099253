"""One label for a story out of those of its reports."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import chain
from typing import TypeVar

from bot.classify.label import OTHER
from bot.classify.places import countries
from bot.classify.terms import tidy
from bot.model import Direction, Evidence, Label, Report, Stage, Story, Topic

STAGES = tuple(Stage)
"""From the first rumour to the end, in the order in which a measure goes through them."""
_MOST = 16
_FRESH = timedelta(days=1)
"""For so long nobody knows better than the officials how far a measure is."""
_YOUNG = 4
"""Of so few reports none says more surely than another what they are about."""
_Value = TypeVar("_Value")


def merged(held: Label, said: Label, reports: Sequence[Report]) -> Label:
    """Return a story's label with what a new report says; `reports` hold that report as the last.

    An official report settles what is done and which way; otherwise most reports do, and of
    equals the earliest. A copy carries a measure no further than officials just did. Topics and
    targets widen by what is `supported` or stands in a title.
    """
    settled = reports[-1].official and not said.hedged
    retold = _retold(reports)
    titled = in_title(said, reports[-1].title)
    goods = supported(held.topics, said.topics, reports, titled)
    return replace(
        held,
        evidence=held.evidence + _wider(said, goods),
        score=max(held.score, said.score),
        issuers=held.issuers or said.issuers,
        topics=held.topics + goods,
        targets=held.targets + supported(held.targets, said.targets, reports, titled),
        action=said.action if settled and said.action else _usual(reports, "act:") or held.action,
        direction=said.direction if settled else _direction(held, reports),
        stage=held.stage if retold else max(held.stage, said.stage, key=STAGES.index),
        hedged=held.hedged if retold else held.hedged and said.hedged,
        effective=_both(held.effective, said.effective),
        expires=_both(held.expires, said.expires),
        documents=_both(held.documents, said.documents),
        codes=_both(held.codes, said.codes),
        companies=_both(held.companies, said.companies),
    )


def _retold(reports: Sequence[Report]) -> bool:
    """Whether a report only words anew what officials said within the day before it."""
    last = reports[-1]
    heard = [report.seen for report in reports if report.official]
    return not last.official and any(abs(last.seen - seen) <= _FRESH for seen in heard)


def supported(
    held: Sequence[_Value],
    said: Iterable[_Value],
    reports: Sequence[Report],
    titled: frozenset[str] = frozenset(),
) -> tuple[_Value, ...]:
    """Return what a report adds that is official, in its title, or said by a second publisher."""
    added = [value for value in said if value not in held]
    if reports[-1].official:
        return tuple(added)
    return tuple(value for value in added if str(value) in titled or told_by(reports, value) > 1)


def in_title(said: Label, title: str) -> frozenset[str]:
    """Return the topics and targets of a report that its title names: what it is about."""
    topics = {told.value for told in said.evidence if told.fact == "topic" and told.in_title}
    if not said.targets:
        return frozenset(topics)
    head = tidy(title)
    lands = {hit.concept for hit in countries().find(head)}
    named = {name for name in said.targets if name in lands or name in head}
    return frozenset(topics | named)


def _wider(said: Label, goods: Iterable[str]) -> tuple[Evidence, ...]:
    """Return the words of a report that name the goods which it adds."""
    named = {told.value: told for told in said.evidence if told.fact == "topic"}
    return tuple(replace(named[good], fact="wider") for good in goods if good in named)


def told_by(reports: Iterable[Report], value: object) -> int:
    """Return how many publishers state a topic, country or company."""
    marks = {f"{kind}:{str(value).casefold()}" for kind in ("topic", "aim", "firm")}
    return len({report.publisher for report in reports if marks & report.marks})


def topics_in(
    story: Story, own: Iterable[Topic], titled: frozenset[str] = frozenset()
) -> tuple[Topic, ...]:
    """Return what a report is about: its `own` topics, and what its story is about.

    What at least half of the reports name goes for each of them. What hardly any but this one
    names was said in passing, if its title does not name it (`titled`). A title without goods
    is about all that was told of its story, while that is young.
    """
    own = tuple(own)
    heard = Counter(mark for report in story.reports for mark in report.marks)
    count = len(story.reports)
    young = count <= _YOUNG
    vague = young and titled.isdisjoint(own)
    usual = [t for t in story.label.topics if vague or heard[f"topic:{t}"] >= count / 2]
    about = [t for t in own if young or t in titled or heard[f"topic:{t}"] >= count / 4]
    found = tuple(dict.fromkeys((*about, *usual))) or own
    return tuple(topic for topic in found if topic != OTHER) or found


def _both(held: tuple[_Value, ...], said: tuple[_Value, ...]) -> tuple[_Value, ...]:
    return tuple(dict.fromkeys((*held, *said)))[:_MOST]


@lru_cache(maxsize=4_096)  # every report that joins a story asks it of all before it
def _stated(marks: frozenset[str], kind: str) -> tuple[str, ...]:
    return tuple(sorted(mark for mark in marks if mark.startswith(kind)))


def _usual(reports: Sequence[Report], kind: str) -> str:
    """Return what most reports say of one kind; of equals, what was said first.

    Where officials have told it, only they count: a copy that words it otherwise turns nothing.
    """
    heard = [report for report in reports if report.official] or reports
    counted = Counter(chain.from_iterable(_stated(report.marks, kind) for report in heard))
    return max(counted, key=lambda mark: counted[mark]).removeprefix(kind) if counted else ""


def _direction(held: Label, reports: Sequence[Report]) -> Direction:
    found = _usual(reports, "dir:")
    return Direction(found) if found else held.direction
