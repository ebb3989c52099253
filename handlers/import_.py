"""/import TEXT: take over the subscriptions and settings that /export wrote in another chat."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot import query as ql
from bot.clean import clean
from bot.compose import said
from bot.errors import UsageError
from bot.language import tr
from bot.model import Changes, Command, Message, Subscription
from bot.office import Office
from handlers import _parcel
from handlers._handler import Handler
from handlers.subscribe import MOST, refuse_floods

SHOWN = 12  # names in one line of the answer
ODD = 5  # of what was not understood, with the reason


@dataclass(slots=True)
class _Sorted:
    """What becomes of each entry."""

    taken: list[Subscription] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


async def import_(command: Command, office: Office) -> Message:
    if not command.argument.strip():
        raise UsageError(
            tr("Type /export in the other chat and paste its whole answer here: /import")
        )
    parcel = _parcel.read(command.argument)
    found = _sorted(parcel, command, office)
    chat = office.store.chat(command.chat.id) or command.chat
    told = {n: v for n, v in parcel.settings.items() if getattr(chat, n) != v}
    if found.taken or told:
        chat = replace(chat, **told, active=True)
        await office.commit(Changes(chats=(chat,), subscriptions=tuple(found.taken)))
    return said(*_answer(found, list(_parcel.shown(told)), parcel.strange))


def _sorted(parcel: _parcel.Parcel, command: Command, office: Office) -> _Sorted:
    found = _Sorted()
    held = {wish.query for wish in office.store.subscriptions(command.chat.id)}
    for entry in parcel.entries:
        try:
            wish = _wish(entry, command, office)
        except UsageError as error:
            found.odd.append(f"{clean(entry.words, 60)}: {error}")
            continue
        if wish.query in held:
            found.there.append(wish.query)
        elif len(held) >= MOST:
            found.left.append(wish.query)
        else:
            held.add(wish.query)
            found.taken.append(wish)
    return found


def _wish(entry: _parcel.Entry, command: Command, office: Office) -> Subscription:
    query = ql.parse(entry.words)
    refuse_floods(entry.words, query)
    return Subscription(
        chat=command.chat.id,
        query=ql.canonical(query),
        created=office.clock(),
        by=command.person,
        **entry.settings,
    )


def _answer(found: _Sorted, settings: Sequence[str], strange: Sequence[str]) -> list[str]:
    taken = [wish.query for wish in found.taken]
    lines = [
        tr("Taken: {names}.", names=_named(taken)) if taken else tr("Nothing new was taken."),
        tr("Settings taken: {names}.", names=", ".join(settings)) if settings else "",
        tr("Already there: {names}.", names=_named(found.there)) if found.there else "",
        _left(found.left),
        tr("Settings that mean nothing here: {names}.", names=_named(strange)) if strange else "",
        *(tr("Not understood: {text}", text=text) for text in found.odd[:ODD]),
    ]
    if len(found.odd) > ODD:
        lines.append(tr("Not understood: {count} more.", count=len(found.odd) - ODD))
    return [line for line in (*lines, tr("/subscriptions lists all.")) if line]


def _left(names: Sequence[str]) -> str:
    if not names:
        return ""
    return tr("No room, since a chat may hold {most}: {names}.", most=MOST, names=_named(names))


def _named(names: Sequence[str]) -> str:
    some = ", ".join(clean(name, 60) for name in names[:SHOWN])
    if len(names) <= SHOWN:
        return some
    return tr("{names} and {more} more", names=some, more=len(names) - SHOWN)


HANDLER = Handler(
    "import",
    "/import TEXT",
    "take over what /export wrote in another chat",
    import_,
    ("/import exportwire:1; gallium; :end", "/import exportwire:1; rare-earth; lith* -price; :end"),
    changes=True,
    longest=_parcel.LONGEST,
)
