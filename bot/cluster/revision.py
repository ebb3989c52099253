"""What a report changes in a story: readers are told again only of what is material."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from bot.classify.topics import ancestors
from bot.cluster.likeness import Match
from bot.cluster.marks import VAGUE, headings
from bot.cluster.merge import STAGES, in_title, merged, told_by
from bot.cluster.profile import WORDINGS, Sight, when_of
from bot.cluster.wording import likeness
from bot.language import mark
from bot.model import Change, Item, Label, Placement, Remark, Report, Story, StoryId, Tier, Topic
from bot.remarks import remark, say

_SAME = 0.95
"""From this likeness on, two wordings of one publisher are the same text."""
_OFTEN = 6
"""After so many revisions only an official confirmation is worth another message."""
_MOST = 120
"""How many reports a story keeps; a later one takes the place of the one before."""


def begun(name: StoryId, item: Item, label: Label, sight: Sight, undone: Story | None) -> Placement:
    """Return the story that an item begins, and which earlier one it undoes."""
    story = Story(
        id=name,
        reports=(_report(item, sight),),
        label=label,
        first_seen=item.seen,
        updated=item.seen,
        reverses=undone.id if undone else None,
    )
    reason = f"new: reverses {undone.id}" if undone else "new: no recent story tells of this"
    return Placement(story=story, change=Change.NEW, reason=reason)


def revised(story: Story, item: Item, label: Label, sight: Sight, match: Match) -> Placement:
    """Return a story with another report in it, and whether that is material."""
    report = _report(item, sight)
    updated = max(story.updated, item.seen)
    if _repeats(report, story):
        same = replace(story, updated=updated)
        reason = f"already told by {report.publisher} in the same words"
        return Placement(story=same, change=Change.REPEAT, reason=reason)
    reports = (*story.reports[: _MOST - 1], _slim(report, len(story.reports)))
    grown = replace(
        story, reports=reports, label=merged(story.label, label, reports), updated=updated
    )
    titled = in_title(label, item.title)
    return _judged(story, grown, titled, _likewise(story, report, match))


def _judged(before: Story, after: Story, titled: frozenset[str], likewise: str) -> Placement:
    remarks = tuple(_material(before, after, titled))
    if not remarks:
        return Placement(story=after, change=Change.COVERAGE, reason=likewise)
    reason = "; ".join(say(each, "en") for each in remarks)
    story = replace(after, revision=before.revision + 1, reason=reason, remarks=remarks)
    return Placement(story=story, change=Change.MATERIAL, reason=reason)


def _report(item: Item, sight: Sight) -> Report:
    return Report(
        item=item.id,
        source=item.source,
        publisher=sight.publisher,
        url=item.url,
        title=item.title,
        lang=item.lang,
        published=item.published,
        seen=item.seen,
        official=item.tier is Tier.OFFICIAL,
        day_only=item.day_only,
        name=item.name,
        marks=sight.marks,
        words=sight.words,
    )


def _slim(report: Report, count: int) -> Report:
    """Drop the words that nothing is compared with any more."""
    return replace(report, words=frozenset()) if count >= 2 * WORDINGS else report


def _repeats(report: Report, story: Story) -> bool:
    """Whether this very item, or the same words of the same publisher, are in the story."""
    return any(
        other.item == report.item
        or (other.publisher == report.publisher and _same_words(report, other))
        for other in story.reports
    )


def _same_words(one: Report, other: Report) -> bool:
    if one.words and other.words:
        return likeness(one.words, other.words) >= _SAME
    return one.title.casefold() == other.title.casefold()


_ALIKE = 0.2
"""From this likeness on, wording is told as a reason."""


def _likewise(story: Story, report: Report, match: Match) -> str:
    """Return why a report is of a story, in words that a trader understands."""
    count = len(story.reports)
    alike = max(likeness(report.words, words) for words in {r.words for r in story.reports})
    wording = [f"wording ({alike:.0%} alike)"] if alike >= _ALIKE or not match.agreed else []
    others = "1 other report" if count == 1 else f"{count} other reports"
    return f"same story as {others}: the same {', '.join([*match.agreed, *wording])}"


def _material(before: Story, after: Story, titled: frozenset[str]) -> Iterator[Remark]:
    """Yield what a reader of the story must be told, in a trader's words."""
    if after.official and not before.official:
        yield _confirmed(after)
    if before.revision < _OFTEN:
        yield from _stage(before.label, after.label)
        yield from _dates(before, after)
        yield from _scope(before, after, titled)


def _confirmed(story: Story) -> Remark:
    """Return who confirms it, and how long after the first report where that is an hour or more."""
    first, last = story.reports[0], story.reports[-1]
    hours = (when_of(last) - when_of(first)) // timedelta(hours=1)
    if hours < 1 or first.day_only or last.day_only:
        return remark(mark("official: {source} confirms it"), source=last.source)
    if hours < 48:
        text = mark("official: {source} confirms it, {count} h after the first report")
        return remark(text, source=last.source, count=str(hours))
    text = mark("official: {source} confirms it, {count} days after the first report")
    return remark(text, source=last.source, count=str(hours // 24))


def _stage(before: Label, after: Label) -> Iterator[Remark]:
    if STAGES.index(after.stage) > STAGES.index(before.stage):
        yield remark(mark("now {stage} (was {was})"), stage=after.stage, was=before.stage)
    elif before.hedged and not after.hedged:
        yield remark(mark("now stated as {stage}, no longer only considered"), stage=after.stage)


def _dates(before: Story, after: Story) -> Iterator[Remark]:
    """Yield the dates that are new; one before the news is background."""
    first = before.first_seen.date() - timedelta(days=2)
    was, now = before.label, after.label
    for text, held, stated in (
        (mark("in force {day}"), was.effective, now.effective),
        (mark("until {day}"), was.expires, now.expires),
    ):
        fresh = (day for day in stated if day not in held and day >= first)
        yield from (remark(text, day=day.isoformat()) for day in fresh)


def _scope(before: Story, after: Story, titled: frozenset[str]) -> Iterator[Remark]:
    """Yield which goods and targets are new, and that one wire alone says so where it does.

    Of targets only those of a title or of an official count: texts name many countries.
    """
    official = after.reports[-1].official
    aims = [str(t) for t in after.label.targets[len(before.label.targets) :]]
    wider = [*_goods(before.label, after.label), *(t for t in aims if official or t in titled)]
    alone = [name for name in wider if not official and told_by(after.reports, name) < 2]
    if sure := [name for name in wider if name not in alone]:
        yield remark(mark("wider: also {names}"), names="|".join(sure))
    if alone:
        text = mark("wider, reported and not confirmed: also {names}")
        yield remark(text, names="|".join(alone))


def _goods(before: Label, after: Label) -> Iterator[str]:
    """Yield the goods that are new: no headings, and no part of what was named as a whole."""
    held = set(before.topics)
    for topic in after.topics[len(before.topics) :]:
        part = any(up in held and not _under(up, held) for up in ancestors(topic))
        whole = _under(topic, held)
        if not part and not whole and f"topic:{topic}" not in VAGUE and topic not in headings():
            yield str(topic)


def _under(topic: Topic, held: Iterable[Topic]) -> bool:
    """Whether a part of a topic is named beside it."""
    return any(topic in ancestors(other) for other in held)
