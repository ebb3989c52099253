"""/subscribe WORDS: alerts for this chat from now on, with what it would have sent so far."""

from dataclasses import replace
from itertools import islice

from bot import query as ql
from bot.compose import listing, newest, said
from bot.errors import UsageError
from bot.model import Changes, Command, Line, LineStyle, Message, Span, Story, Subscription
from bot.office import MONTH, Office
from handlers._handler import Handler

SHOWN = 3
MOST = 50
BUSY = 60  # alerts in 30 days


async def subscribe(command: Command, office: Office) -> Message:
    if not command.argument.strip():
        raise UsageError("Say what to subscribe to, for example: /subscribe rare-earth")
    query = ql.parse(command.argument)
    _suggest(command.argument)
    refuse_floods(command.argument, query)
    wish = Subscription(
        chat=command.chat.id,
        query=ql.canonical(query),
        created=office.clock(),
        by=command.person,
    )
    held = office.store.subscriptions(command.chat.id)
    if any(other.query == wish.query for other in held):
        return said(
            f"This chat is already subscribed to {wish.query}.", "/subscriptions lists all."
        )
    if len(held) >= MOST:
        raise UsageError(f"A chat may hold {MOST} subscriptions; /unsubscribe one first.")
    chat = office.store.chat(command.chat.id) or command.chat
    await office.store.commit(Changes(chats=(replace(chat, active=True),), subscriptions=(wish,)))
    office.wishes.add(wish)
    return _answer(wish, query, office)


def _suggest(typed: str) -> None:
    """Point out a topic's name that is nearly right; quoting it watches that very word."""
    if found := ql.slip(typed):
        word, near = found
        raise UsageError(
            f'No topic "{word}". Did you mean {near}? /subscribe "{word}" watches that very word.'
        )


def refuse_floods(typed: str, query: ql.Query) -> None:
    """Refuse what nearly every story matches. Raises UsageError."""
    if typed.strip().casefold() == "all" or ql.excludes_only(query):
        raise UsageError(
            "That would send nearly everything. Say also what to look for, for example: "
            "/subscribe rare-earth -price"
        )


def _answer(wish: Subscription, query: ql.Query, office: Office) -> Message:
    now = office.clock()
    found = newest(office.found(query, now - MONTH))
    what = f"Subscribed this chat to {wish.query}: {ql.explain(query)}."
    undo = f"Undo: /unsubscribe {wish.query}"
    if not found:
        return said(what, "Nothing in the archive of the last 30 days matches yet.", undo)
    heading = f"It would have sent {_alerts(len(found))} in the last 30 days. Newest:"
    shown = listing(heading, islice(found, SHOWN), now, _hint(wish, found, undo))
    return Message(lines=(Line((Span(what),)), *_plain(shown)))


def _plain(message: Message) -> tuple[Line, ...]:
    first = message.lines[0]
    return Line(first.spans, LineStyle.BODY), *message.lines[1:]


def _hint(wish: Subscription, found: list[Story], undo: str) -> str:
    busy = len(found) > BUSY and "severity:" not in wish.query
    return f"Too many? /subscribe {wish.query} severity:high   ·   {undo}" if busy else undo


def _alerts(count: int) -> str:
    return "1 alert" if count == 1 else f"{count} alerts"


HANDLER = Handler(
    "subscribe",
    "/subscribe WORDS",
    "alert this chat about a topic or words",
    subscribe,
    ("/subscribe rare-earth", "/subscribe gallium direction:ease -price"),
    changes=True,
    everyday=True,
)
