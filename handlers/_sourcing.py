"""Adding sources: /sources add URL, /sources keep, /sources remove NAME; for operators."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bot.compose import said, span
from bot.errors import SourceError, UsageError
from bot.model import Button, Command, Entry, Line, LineStyle, Message, Span
from bot.office import Offer, Office, Scouting

Act = Callable[[str, Command, Office], Awaitable[Message]]
_KINDS = {"page": "a list on the page, read by the selector {item}"}


async def add(argument: str, command: Command, office: Office) -> Message:
    """Show what an address would bring, and offer to keep it."""
    url = argument.strip("<>").partition("|")[0]  # Slack puts brackets round an address
    if not url or " " in url:
        raise UsageError(
            "Give the address of a feed or of a page: /sources add https://example.org"
        )
    try:
        offer = await _scout(office).look(command.chat.id, url)
    except SourceError as error:
        raise UsageError(f"Nothing can be read at {url}: {error}.") from error
    return _offered(offer, office)


def _offered(offer: Offer, office: Office) -> Message:
    row, news = offer.row, sum(relevant for _, relevant in offer.items)
    kind = _KINDS.get(row.kind, "a feed").format(item=row.options.get("item", ""))
    lines = [
        Line((Span(f"{row.name} is {kind}: "), Span(row.url, row.url)), LineStyle.HEAD),
        Line((Span(f"Its last {len(offer.items)} items; {news} of them would be news here:"),)),
        *(_item(entry, relevant, office) for entry, relevant in offer.items),
    ]
    if offer.others:
        lines.append(_small(f"Also there: {', '.join(offer.others)}"))
    keep = f"keep {row.name}"
    lines.append(_small(f"Nothing is kept yet. /sources {keep} reads it from now on."))
    return Message(lines=tuple(lines), buttons=(Button("Keep it", "sources", keep),))


def _item(entry: Entry, relevant: bool, office: Office) -> Line:  # noqa: FBT001  # of a pair
    age = span(office.clock() - entry.published) if entry.published else "undated"
    word = "news" if relevant else "-"
    return Line((Span(f"{age:>10}  {word:<4}  "), Span(entry.title, entry.url)))


def _small(text: str) -> Line:
    return Line((Span(text),), LineStyle.SMALL)


async def keep(argument: str, command: Command, office: Office) -> Message:
    """Keep what was offered last, or by a name."""
    row = await _scout(office).keep(command.chat.id, argument)
    state = office.store.source(row.name)
    did = f"its first answer failed: {state.error}" if state.failures else "its archive was read"
    return said(
        f"{row.name} is polled every {span(row.every)} from now on; {did}.",
        f"/sources {row.name} shows how it does. Undo: /sources remove {row.name}",
    )


async def remove(argument: str, _command: Command, office: Office) -> Message:
    """Poll a source that was added no more."""
    if not argument:
        raise UsageError("Say which source: /sources remove NAME")
    row = await _scout(office).remove(argument)
    return said(f"{row.name} is polled no more. What it brought stays in the archive.")


def _scout(office: Office) -> Scouting:
    if office.scout is None:
        raise UsageError("Sources cannot be added here.")
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
            "Only those who run this bot add and remove sources; OPERATORS names them, and the "
            "console always may."
        )
    return await found(rest.strip(), command, office)
