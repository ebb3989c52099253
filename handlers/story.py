"""/story ID: one story whole, with everybody who told it, oldest first, and the days it names."""

from collections.abc import Iterator
from datetime import date

from bot.agenda import Due, Turn, agenda
from bot.compose import buttons, dated, day, headline, teller
from bot.language import tr
from bot.model import Chat, Command, Line, LineStyle, Message, Report, Span, Stage, Story
from bot.office import Office
from bot.remarks import reason
from handlers._handler import Handler
from handlers._story import named

MOST = 12


async def story(command: Command, office: Office) -> Message:
    found = named(command, office)
    chat = command.chat
    lines = [Line((Span(headline(found, chat), strong=True),), LineStyle.HEAD)]
    if found.lead.summary:
        lines.append(Line((Span(found.lead.summary),), LineStyle.QUOTE))
    lines += [_line(report, chat) for report in found.reports[:MOST]]
    lines += [_due(due) for due in agenda((found,), date.min)]
    lines.append(Line((Span(" · ".join(_tail(found, chat.language))),), LineStyle.SMALL))
    return Message(
        lines=tuple(lines), buttons=buttons(found.id)[1:], direction=found.label.direction
    )


def _line(report: Report, chat: Chat) -> Line:
    """Return when, how far the measure had got, who told it and in which words."""
    head = f"{dated(report, chat)}  {_standing(report)}  {teller(report)}  "
    return Line((Span(head), Span(report.title, report.url)), LineStyle.TITLE)


def _standing(report: Report) -> str:
    if report.official:
        return tr("official")
    return {
        Stage.RUMOUR: tr("rumour"),
        Stage.PROPOSED: tr("proposed"),
        Stage.IN_FORCE: tr("in force"),
        Stage.EXPIRED: tr("expired"),
    }.get(report.stage) or tr("reported")


def _due(due: Due) -> Line:
    begins = tr("takes effect") if due.turn is Turn.BEGINS else tr("ends")
    return Line((Span(f"{day(due.day)}  {begins}"),), LineStyle.TITLE)


def _tail(found: Story, lang: str) -> Iterator[str]:
    yield tr("revision {number}: {reason}", number=found.revision, reason=reason(found, lang))
    if (more := len(found.reports) - MOST) > 0:
        yield tr("and {more} more", more=more)
    if found.reverses:
        yield tr("it reverses /story {id}", id=found.reverses)
    yield found.id


HANDLER = Handler(
    "story",
    "/story ID",
    "one story whole, with its sources",
    story,
    ("/story A7F3", "/story a7f3"),
    everyday=True,
)
