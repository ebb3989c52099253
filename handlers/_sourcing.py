"""Adding sources: /sources add URL, /sources keep, /sources remove NAME; for operators."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bot.compose import said, span
from bot.errors import SourceError, UsageError
from bot.language import tr, trn
from bot.model import Button, Command, Entry, Line, LineStyle, Message, Span
from bot.office import Offer, Office, Scouting

Act = Callable[[str, Command, Office], Awaitable[Message]]


async def add(argument: str, command: Command, office: Office) -> Message:
    """Show what an address would bring, and offer to keep it."""
    url = argument.strip("<>").partition("|")[0]  # Slack puts brackets round an address
    if not url or " " in url:
        raise UsageError(
            tr("Give the address of a feed or of a page: /sources add https://example.org")
        )
    try:
        offer = await _scout(office).look(command.chat.id, url)
    except SourceError as error:
        raise UsageError(
            tr("Nothing can be read at {url}: {error}.", url=url, error=error)
        ) from error
    return _offered(offer, office)


def _offered(offer: Offer, office: Office) -> Message:
    row, news = offer.row, sum(relevant for _, relevant in offer.items)
    heading = (
        tr(
            "{name} is a list on the page, read by the selector {item}:",
            name=row.name,
            item=row.options.get("item", ""),
        )
        if row.kind == "page"
        else tr("{name} is a feed:", name=row.name)
    )
    lines = [
        Line((Span(f"{heading} "), Span(row.url, row.url)), LineStyle.HEAD),
        Line((Span(_counted(len(offer.items), news)),)),
        *(_item(entry, relevant, office) for entry, relevant in offer.items),
    ]
    if offer.others:
        lines.append(_small(tr("Also there: {addresses}", addresses=", ".join(offer.others))))
    told = tr("Nothing is kept yet. /sources keep {name} reads it from now on.", name=row.name)
    lines.append(_small(told))
    keep = Button(tr("Keep it"), "sources", f"keep {row.name}")
    return Message(lines=tuple(lines), buttons=(keep,))


def _counted(count: int, news: int) -> str:
    if not count:
        return tr("It lists nothing just now.")
    return trn(
        "Its last item; {news} would be news here:",
        "Its last {count} items; {news} of them would be news here:",
        count,
        news=news,
    )


def _item(entry: Entry, relevant: bool, office: Office) -> Line:  # noqa: FBT001  # of a pair
    age = span(office.clock() - entry.published) if entry.published else tr("undated")
    word = tr("news") if relevant else "-"
    return Line((Span(f"{age:>10}  {word:<4}  "), Span(entry.title, entry.url)))


def _small(text: str) -> Line:
    return Line((Span(text),), LineStyle.SMALL)


async def keep(argument: str, command: Command, office: Office) -> Message:
    """Keep what was offered last, or by a name."""
    row = await _scout(office).keep(command.chat.id, argument)
    state = office.store.source(row.name)
    return said(
        tr("{name} is polled every {span} from now on.", name=row.name, span=span(row.every)),
        tr("Its first answer failed: {error}", error=state.error)
        if state.failures
        else tr("Its archive was read."),
        tr("/sources {name} shows how it does. Undo: /sources remove {name}", name=row.name),
        buttons=[Button(f"/sources remove {row.name}", "sources", f"remove {row.name}")],
    )


async def remove(argument: str, _command: Command, office: Office) -> Message:
    """Poll a source that was added no more."""
    if not argument:
        raise UsageError(tr("Say which source: /sources remove NAME"))
    row = await _scout(office).remove(argument)
    return said(
        tr("{name} is polled no more. What it brought stays in the archive.", name=row.name)
    )


def _scout(office: Office) -> Scouting:
    if office.scout is None:
        raise UsageError(tr("Sources cannot be added here."))
    return office.scout


ACTS: Mapping[str, Act] = MappingProxyType({"add": add, "keep": keep, "remove": remove})


async def act(command: Command, office: Office) -> Message | None:
    """Do what the first word asks; None where it is none of these. Raises UsageError."""
    word, _, rest = command.argument.strip().partition(" ")
    found = ACTS.get(word.casefold())
    if found is None:
        return None
    if not command.operator:
        raise UsageError(
            tr(
                "Only those who run this bot add and remove sources; OPERATORS names them, and "
                "the console always may."
            )
        )
    return await found(rest.strip(), command, office)
