"""/upcoming [WORDS]: the days on which measures take effect or end."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.agenda import Due, Turn, agenda
from bot.classify import gist
from bot.compose import civil, day, said
from bot.model import Chat, Command, Line, LineStyle, Message, Span
from bot.office import Office
from handlers._handler import Handler
from handlers._pages import asked

MOST = 15
ALWAYS = datetime.min.replace(tzinfo=UTC)
WORDS = {Turn.BEGINS: "takes effect", Turn.ENDS: "ends"}


async def upcoming(command: Command, office: Office) -> Message:
    chat = command.chat
    query, name = asked(command.argument.strip(), command, office)
    today = civil(office.clock(), chat)
    due = agenda(office.found(query, ALWAYS), today)
    if not due:
        return said(
            f"No story on {name} names a day that is still to come.",
            "/upcoming all looks at every story.",
        )
    lines = [Line((Span(f"Coming up on {name}", strong=True),), LineStyle.HEAD)]
    lines += [_line(one, today, chat) for one in due[:MOST]]
    hint = f"/story {due[0].story.id} shows one whole"
    more = f"{len(due) - MOST} later ones are not shown   ·   " if len(due) > MOST else ""
    return Message(lines=(*lines, Line((Span(more + hint),), LineStyle.SMALL)))


def _line(due: Due, today: date, chat: Chat) -> Line:
    story = due.story
    when = f"{day(due.day):>11}  {_away(due.day, today):<10}"
    undated = replace(story.label, effective=(), expires=())
    what = f"{WORDS[due.turn]}: {gist(undated, chat.language)}"
    return Line((Span(f"{when}  "), Span(what, story.lead.url), Span(f"  {story.id}")))


def _away(day: date, today: date) -> str:
    days = (day - today).days
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


HANDLER = Handler(
    "upcoming",
    "/upcoming [WORDS]",
    "days on which measures take effect or end",
    upcoming,
    ("/upcoming", "/upcoming gallium"),
    everyday=True,
)
