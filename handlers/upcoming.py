"""/upcoming [WORDS]: the days on which measures take effect or end."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.agenda import Due, Turn, agenda
from bot.classify import gist
from bot.compose import civil, day, said
from bot.language import tr
from bot.model import Chat, Command, Line, LineStyle, Message, Span
from bot.office import Office
from handlers._handler import Handler
from handlers._pages import asked

MOST = 15
ALWAYS = datetime.min.replace(tzinfo=UTC)


async def upcoming(command: Command, office: Office) -> Message:
    chat = command.chat
    query, name = asked(command.argument.strip(), command, office)
    today = civil(office.clock(), chat)
    due = agenda(office.found(query, ALWAYS), today)
    if not due:
        return said(
            tr("No story on {name} names a day that is still to come.", name=name),
            tr("/upcoming all looks at every story."),
        )
    lines = [Line((Span(tr("Coming up on {name}", name=name), strong=True),), LineStyle.HEAD)]
    lines += [_line(one, today, chat) for one in due[:MOST]]
    tail = [tr("/story {id} shows one whole", id=due[0].story.id)]
    if len(due) > MOST:
        tail.insert(0, tr("{count} later ones are not shown", count=len(due) - MOST))
    return Message(lines=(*lines, Line((Span("   ·   ".join(tail)),), LineStyle.SMALL)))


def _line(due: Due, today: date, chat: Chat) -> Line:
    story = due.story
    when = f"{day(due.day):>11}  {_away(due.day, today):<10}"
    undated = replace(story.label, effective=(), expires=())
    what = gist(undated, chat.language)
    begins = due.turn is Turn.BEGINS
    told = tr("takes effect: {what}", what=what) if begins else tr("ends: {what}", what=what)
    return Line((Span(f"{when}  "), Span(told, story.lead.url), Span(f"  {story.id}")))


def _away(day: date, today: date) -> str:
    days = (day - today).days
    return {0: tr("today"), 1: tr("tomorrow")}.get(days) or tr("in {days} days", days=days)


HANDLER = Handler(
    "upcoming",
    "/upcoming [WORDS]",
    "days on which measures take effect or end",
    upcoming,
    ("/upcoming", "/upcoming gallium"),
    everyday=True,
)
