"""/sources [NAME]: what is being read, and how each source does. /sources add URL: more of it."""

from collections import Counter

from bot import condition
from bot.compose import said
from bot.errors import UsageError
from bot.language import tr, trn
from bot.model import Command, Health, Message, Row
from bot.office import Office
from handlers._handler import Handler
from handlers._sourcing import act


async def sources(command: Command, office: Office) -> Message:
    if (done := await act(command, office)) is not None:
        return done
    words = command.argument.casefold().split()
    on = [row for row in office.rows if row.enabled and all(w in _names(row) for w in words)]
    if not on and words:
        name = command.argument.strip()
        raise UsageError(
            tr('No source has "{name}" in its name; /sources lists all.', name=name), "sources"
        )
    if not on:
        return said(tr("No source is being read."))
    on.sort(key=lambda row: office.store.source(row.name).health is Health.OK)
    return said(_heading(on, office), *(_line(row, office) for row in on))


def _names(row: Row) -> str:
    return f"{row.name} {row.label}".casefold()


def _heading(rows: list[Row], office: Office) -> str:
    states = Counter(condition.named(office.store.source(row.name).health) for row in rows)
    counts = " · ".join(f"{count} {state}" for state, count in states.most_common())
    return trn("{count} source: {states}", "{count} sources: {states}", len(rows), states=counts)


def _line(row: Row, office: Office) -> str:
    return f"{row.shown}  {condition.describe(office.store.source(row.name), row, office.clock())}"


HANDLER = Handler(
    "sources",
    "/sources [NAME]",
    "what is read, and how it does",
    sources,
    ("/sources mofcom", "/sources add https://example.org"),
)
