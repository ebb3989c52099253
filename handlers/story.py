"""/story ID: one story whole, with everybody who told it, oldest first."""

from bot.compose import buttons, dated, headline
from bot.language import tr
from bot.model import Command, Line, LineStyle, Message, Report, Span
from bot.office import Office
from handlers._handler import Handler
from handlers._story import named

MOST = 12


async def story(command: Command, office: Office) -> Message:
    found = named(command, office)
    chat = command.chat
    lines = [Line((Span(headline(found, chat), strong=True),), LineStyle.HEAD)]
    if found.lead.summary:
        lines.append(Line((Span(found.lead.summary),), LineStyle.QUOTE))
    lines += [_line(report, dated(report, chat)) for report in found.reports[:MOST]]
    more = len(found.reports) - MOST
    tail = [tr("revision {number}: {reason}", number=found.revision, reason=found.reason)]
    if more > 0:
        tail.append(tr("and {more} more", more=more))
    lines.append(Line((Span(" · ".join((*tail, found.id))),), LineStyle.SMALL))
    return Message(
        lines=tuple(lines), buttons=buttons(found.id)[1:], direction=found.label.direction
    )


def _line(report: Report, when: str) -> Line:
    official = tr("{source} (official)", source=report.source)
    who = official if report.official else report.publisher
    return Line((Span(f"{when}  {who}  "), Span(report.title, report.url)), LineStyle.TITLE)


HANDLER = Handler(
    "story",
    "/story ID",
    "one story whole, with its sources",
    story,
    ("/story A7F3", "/story a7f3"),
    everyday=True,
)
