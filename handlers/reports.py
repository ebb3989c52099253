"""/reports: the stories that people hold for wrong, the latest first; for operators."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.compose import moment, said
from bot.errors import UsageError
from bot.language import tr, trn
from bot.model import Command, Line, LineStyle, Message, Objection, Span, StoryId
from bot.office import Office
from handlers._handler import Handler

SHOWN = 15
NOTES = 3  # a story: what was said last


async def reports(command: Command, office: Office) -> Message:
    if not command.operator:
        raise UsageError(tr("Only those who run this bot see /reports; OPERATORS names them."))
    by_story: defaultdict[StoryId, list[Objection]] = defaultdict(list)
    for objection in office.store.objections():
        by_story[objection.story].append(objection)
    if not by_story:
        return said(tr("Nobody has held a story for wrong."))
    newest = sorted(by_story, key=lambda story: _last(by_story[story]), reverse=True)
    lines = (
        line for story in newest[:SHOWN] for line in _lines(story, by_story[story], command, office)
    )
    count = len(newest)
    title = trn("Held for wrong: {count} story", "Held for wrong: {count} stories", count)
    hint = tr("/why ID shows which words decided it.")
    head, tail = Line((Span(title),), LineStyle.HEAD), Line((Span(hint),), LineStyle.SMALL)
    return Message(lines=(head, *lines, tail))


def _last(objections: Sequence[Objection]) -> datetime:
    return max(objection.when for objection in objections)


def _lines(
    story: StoryId, objections: Sequence[Objection], command: Command, office: Office
) -> Iterator[Line]:
    yield _line(story, objections, command, office)
    notes = [objection.note for objection in objections if objection.note]
    yield from (Line((Span(note),), LineStyle.QUOTE) for note in notes[: -NOTES - 1 : -1])


def _line(
    story: StoryId, objections: Sequence[Objection], command: Command, office: Office
) -> Line:
    found = office.store.story(story)
    people = trn("{count} person", "{count} people", len(objections))
    last = moment(_last(objections), command.chat)
    chats = ", ".join(dict.fromkeys(objection.chat for objection in objections))
    told = Span(found.lead.title, found.lead.url) if found else Span("?")
    return Line((Span(f"{story}  {people}, {last}  "), told, Span(f"  {chats}")))


HANDLER = Handler(
    "reports",
    "/reports",
    "what people hold for wrong, for operators",
    reports,
    ("/reports", "/exportwire reports"),
)
