"""What digests and reminders say: many stories in one message, or one once more. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot import compose
from bot.classify import gist
from bot.clean import clean
from bot.language import speaking, tr, trn
from bot.model import (
    Chat,
    Delivery,
    Direction,
    Kind,
    Line,
    LineStyle,
    Message,
    Span,
    Story,
    StoryId,
)

SHOWN = 20  # stories with a line of their own: so many fit into a message on every platform
NAMED = 100  # further stories that are named by their ids
TITLE = 110  # characters of a headline
_ORDER = (Direction.RESTRICT, Direction.EASE, Direction.NEUTRAL)


@dataclass(frozen=True, slots=True)
class _Row:
    delivery: Delivery
    story: Story | None
    is_update: bool

    @property
    def direction(self) -> Direction:
        if self.story is None:
            return self.delivery.message.direction
        return Direction.NEUTRAL if self.story.label.hedged else self.story.label.direction

    @property
    def rank(self) -> tuple[int, bool, str]:
        """What restricts comes first; then what is urgent; then stories of a topic together."""
        topics = self.story.label.topics if self.story else ()
        return _ORDER.index(self.direction), not self.delivery.urgent, str(next(iter(topics), "~"))


def bulletin(
    told: Sequence[Delivery],
    chat: Chat,
    story: Callable[[StoryId], Story | None],
) -> Message:
    """Return the digest of deliveries; `story` finds a story as it is now.

    A story that several of them tell has one line. Those that do not fit are named by their ids.
    """
    with speaking(chat.language):
        return _bulletin(told, chat, story)


def _bulletin(
    told: Sequence[Delivery], chat: Chat, story: Callable[[StoryId], Story | None]
) -> Message:
    rows = sorted(_rows(told, story), key=lambda row: row.rank)
    shown, more = rows[:SHOWN], rows[SHOWN:]
    lines = [Line((Span(_heading(told, len(rows), chat), strong=True),), LineStyle.HEAD)]
    for direction, group in groupby(shown, key=lambda row: row.direction):
        lines.append(Line((Span(_head(direction), strong=True),)))
        lines += (_line(row, chat) for row in group)
    lines += [Line((Span(text),), LineStyle.SMALL) for text in _tail(shown, more)]
    return Message(lines=tuple(lines))


def _rows(told: Sequence[Delivery], story: Callable[[StoryId], Story | None]) -> Iterator[_Row]:
    by_story: dict[str, list[Delivery]] = {}
    for delivery in told:
        by_story.setdefault(delivery.story or delivery.id, []).append(delivery)
    for group in by_story.values():
        first = group[0]
        is_update = all(delivery.kind is Kind.UPDATE for delivery in group)
        yield _Row(first, story(first.story) if first.story else None, is_update)


def _heading(told: Sequence[Delivery], count: int, chat: Chat) -> str:
    if {delivery.held for delivery in told} == {""}:
        return trn(
            "{count} story that could not be told sooner",
            "{count} stories that could not be told sooner",
            count,
        )
    since = compose.moment(min(delivery.created for delivery in told), chat)
    return trn(
        "Digest: {count} story since {since}",
        "Digest: {count} stories since {since}",
        count,
        since=since,
    )


def _head(direction: Direction) -> str:
    return {Direction.RESTRICT: tr("RESTRICTS"), Direction.EASE: tr("EASES")}.get(
        direction, tr("OTHER NEWS")
    )


def _line(row: _Row, chat: Chat) -> Line:
    mark = tr("UPDATE") + ": " if row.is_update else ""
    if row.story is None:
        titled = (line for line in row.delivery.message.lines if line.style is LineStyle.TITLE)
        found = next(titled, None)
        spans = found.spans if found else (Span(row.delivery.message.text),)
        title, link = clean(spans[0].text, TITLE), spans[0].link
        return _told(mark, title, link, row.delivery.story or "")
    title = clean(row.story.lead.title, TITLE)
    if gist := _in_brief(row.story, chat):
        mark += f"{clean(gist, TITLE)}: "
        title = clean(title, TITLE // 2)
    return _told(mark, title, row.story.lead.url, f"{compose.told_by(row.story)} · {row.story.id}")


def _in_brief(story: Story, chat: Chat) -> str:
    """Return what stands before a headline that is not in the chat's language: its gist."""
    foreign = story.lead.lang and story.lead.lang != chat.language
    return gist(story.label, chat.language) if foreign else ""


def _told(mark: str, title: str, link: str, credit: str) -> Line:
    return Line((Span(f"• {mark}"), Span(title, link), Span(f" · {credit}")), LineStyle.TITLE)


def _tail(shown: Sequence[_Row], more: Sequence[_Row]) -> Iterator[str]:
    if more:
        names = ", ".join(row.delivery.story or "?" for row in more[:NAMED])
        names += ", …" if len(more) > NAMED else ""
        yield trn("and {count} more: {ids}", "and {count} more: {ids}", len(more), ids=names)
    first = next((row.delivery.story for row in shown if row.delivery.story), None)
    if first:
        yield tr("/story {id} shows one whole", id=first)


def reminder(story: Story, chat: Chat, about: str) -> Message:
    """Return a reminder of a story, and in its last line what it is about."""
    shown = compose.alert(story, chat, ())
    with speaking(chat.language):
        first = tr("REMINDER  {headline}", headline=shown.lines[0].text)
    head = Line((Span(first, strong=True),), LineStyle.HEAD)
    rest = (line for line in shown.lines[1:] if line.style is not LineStyle.QUOTE)
    return replace(shown, lines=(head, *rest, Line((Span(about),), LineStyle.SMALL)))
