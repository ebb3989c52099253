"""/upcoming [WORDS] [ics]: the days on which measures take effect or end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.agenda import Due, Turn, agenda
from bot.classify import gist
from bot.compose import civil, day, said
from bot.ics import calendar
from bot.language import tr, trn
from bot.model import Attachment, Button, Chat, Command, Line, LineStyle, Message, Span
from bot.office import ALWAYS, Office
from handlers._handler import Handler
from handlers._pages import asked

MOST = 15


async def upcoming(command: Command, office: Office) -> Message:
    chat, (words, filed) = command.chat, _asked_for_file(command.argument)
    query, name = asked(words, command, office)
    today = civil(office.clock(), chat)
    due = agenda(await office.found(query, ALWAYS), today)
    if not due:
        return said(
            tr("No story on {name} names a day that is still to come.", name=name),
            tr("/upcoming all looks at every story."),
        )
    return _filed(due, name, chat, office) if filed else _listed(due, name, words, chat, today)


def _asked_for_file(argument: str) -> tuple[str, bool]:
    """Return the words, and whether they end with "ics"."""
    words = argument.split()
    filed = bool(words) and words[-1].casefold().lstrip(".") == "ics"
    return " ".join(words[:-1] if filed else words), filed


def _filed(due: Sequence[Due], name: str, chat: Chat, office: Office) -> Message:
    text = calendar(due, lambda one: _what(one, chat), office.clock())
    days = trn("{count} day on {name}", "{count} days on {name}", len(due), name=name)
    return replace(said(days), file=Attachment("exportwire.ics", "text/calendar", text))


def _listed(due: Sequence[Due], name: str, words: str, chat: Chat, today: date) -> Message:
    lines = [Line((Span(tr("Coming up on {name}", name=name), strong=True),), LineStyle.HEAD)]
    lines += [_line(one, today, chat) for one in due[:MOST]]
    tail = [
        tr("/story {id} shows one whole", id=due[0].story.id),
        tr("/upcoming ics gives a calendar file"),
    ]
    if len(due) > MOST:
        tail.insert(0, tr("{count} later ones are not shown", count=len(due) - MOST))
    lines.append(Line((Span("   ·   ".join(tail)),), LineStyle.SMALL))
    return Message(
        lines=tuple(lines),
        buttons=(Button(tr("Calendar file"), "upcoming", f"{words} ics".strip()),),
    )


def _line(due: Due, today: date, chat: Chat) -> Line:
    when = f"{day(due.day):>11}  {_away(due.day, today):<10}"
    what = Span(_what(due, chat), due.story.lead.url)
    return Line((Span(f"{when}  "), what, Span(f"  {due.story.id}")))


def _what(due: Due, chat: Chat) -> str:
    undated = replace(due.story.label, effective=(), expires=())
    what = gist(undated, chat.language)
    begins = due.turn is Turn.BEGINS
    return tr("takes effect: {what}", what=what) if begins else tr("ends: {what}", what=what)


def _away(day: date, today: date) -> str:
    days = (day - today).days
    return {0: tr("today"), 1: tr("tomorrow")}.get(days) or tr("in {days} days", days=days)


HANDLER = Handler(
    "upcoming",
    "/upcoming [WORDS] [ics]",
    "days on which measures take effect or end",
    upcoming,
    ("/upcoming", "/upcoming gallium ics"),
    everyday=True,
)
