"""/why ID: which words decided it, and why this chat got it."""

from datetime import datetime

from bot.classify import explain
from bot.cluster import agreement
from bot.compose import moment, said
from bot.language import tr, trn
from bot.model import Command, Delivery, Kind, Line, LineStyle, Message, Span, Story
from bot.office import Office
from bot.remarks import reason
from handlers._handler import Handler
from handlers._reach import reach
from handlers._story import named


async def why(command: Command, office: Office) -> Message:
    found = named(command, office)
    kept = filter(None, (office.store.item(report.item) for report in found.reports))
    told = said(
        reach(found, kept, command, office),
        *explain(found.label),
        _story(found, command.chat.language),
        *_sent(found, command, office),
    )
    title = Line((Span(f"{found.id}: {found.lead.title}"),), LineStyle.TITLE)
    return Message(lines=(title, *told.lines))


def _story(story: Story, lang: str) -> str:
    others = len(story.publishers) - 1
    if not others:
        return tr("One publisher has told it so far.")
    return trn(
        "Same story as {count} other publisher: {reason}.",
        "Same story as {count} other publishers: {reason}.",
        others,
        reason="; ".join(
            (agreement(story), *([reason(story, lang)] if story.revision > 1 else []))
        ),
    )


def _sent(story: Story, command: Command, office: Office) -> tuple[str, ...]:
    told = office.store.delivered(command.chat.id, story.id)
    seen = moment(story.first_seen, command.chat)
    when = [moment(at, command.chat) for d in told if (at := _sent_at(d, office))]
    if story.baseline and not when:
        return (
            tr(
                "First seen {seen}, when its source was read for the first time: "
                "archived, not sent.",
                seen=seen,
            ),
        )
    if when:
        return (tr("First seen {seen}, sent {sent}.", seen=seen, sent=when[0]),)
    return (tr("First seen {seen}, not sent to this chat.", seen=seen),)


def _sent_at(row: Delivery, office: Office) -> datetime | None:
    """Return when a delivery, or the digest that tells it, was sent."""
    digest = office.store.delivery(row.within) if row.within else None
    if row.kind is Kind.REMINDER:
        return None
    return digest.sent if digest else row.sent


HANDLER = Handler(
    "why",
    "/why ID",
    "why a story came, word for word",
    why,
    ("/why A7F3", "/why a7f3"),
    everyday=True,
)
