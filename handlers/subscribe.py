"""/subscribe WORDS [WHEN]: news for this chat from now on, and what it would have sent so far."""

from dataclasses import replace
from itertools import islice

from bot import query as ql
from bot import schedules
from bot.compose import listing, newest, said
from bot.errors import UsageError
from bot.language import tr, trn
from bot.model import Changes, Chat, Command, Line, LineStyle, Message, Story, Subscription
from bot.office import MONTH, Office
from handlers import _setting
from handlers._handler import Handler

SHOWN = 3
MOST = 50
BUSY = 60  # alerts in 30 days
USUAL = ("rare-earth", "critical-minerals", "semiconductors", "energy")  # what most begin with


async def subscribe(command: Command, office: Office) -> Message:
    words, schedule = schedules.split(command.argument)
    if not words.strip():
        raise UsageError(
            tr("Say what to subscribe to, for example: /subscribe rare-earth"),
            *(f"subscribe {topic}" for topic in USUAL),
            "topics",
        )
    query = ql.parse(words)
    name = ql.canonical(query)
    held = office.store.subscriptions(command.chat.id)
    if kept := next((wish for wish in held if wish.query == name), None):
        return await _again(kept, schedule, command, office)
    _suggest(words)
    refuse_floods(words, query)
    if len(held) >= MOST:
        raise UsageError(
            tr("A chat may hold {most} subscriptions; /unsubscribe one first.", most=MOST)
        )
    wish = Subscription(
        chat=command.chat.id,
        query=name,
        created=office.clock(),
        by=command.person,
        delivery=schedule or "now",
    )
    chat = replace(command.chat, active=True)
    await office.commit(Changes(chats=(chat,), subscriptions=(wish,)))
    return await _answer(wish, query, chat, office)


async def _again(kept: Subscription, schedule: str, command: Command, office: Office) -> Message:
    """Change when a subscription comes, or say when it does."""
    when = schedules.told(schedule or kept.delivery)
    if schedule in {"", kept.delivery}:
        return said(
            tr(
                "This chat is already subscribed to {query}; it comes {when}.",
                query=kept.query,
                when=when,
            ),
            tr("/subscriptions lists all."),
        )
    wish = replace(kept, delivery=schedule)
    await office.commit(Changes(unsubscribed=(kept,), subscriptions=(wish,)))
    changed = tr("Changed: {query} now comes {when}.", query=wish.query, when=when)
    return said(*filter(None, (changed, _setting.delivery(wish, command.chat, office.clock()))))


def _suggest(typed: str) -> None:
    """Point out a topic's name that is nearly right; quoting it watches that very word."""
    if found := ql.slip(typed):
        word, near = found
        raise UsageError(
            tr(
                'No topic "{word}". Did you mean {near}? '
                '/subscribe "{word}" watches that very word.',
                word=word,
                near=near,
            ),
            f'subscribe "{word}"',
            slip=found,
        )


def refuse_floods(typed: str, query: ql.Query) -> None:
    """Refuse what nearly every story matches. Raises UsageError."""
    if typed.strip().casefold() == "all" or ql.excludes_only(query):
        raise UsageError(
            tr(
                "That would send nearly everything. Say also what to look for, for example: "
                "/subscribe rare-earth -price"
            )
        )


async def _answer(wish: Subscription, query: ql.Query, chat: Chat, office: Office) -> Message:
    now = office.clock()
    found = newest(await office.found(query, now - MONTH))
    head = [
        tr(
            "Subscribed this chat to {query}: {meaning}.",
            query=wish.query,
            meaning=ql.explain(query),
        ),
        *filter(None, [_setting.delivery(wish, chat, now)]),
    ]
    undo = tr("Undo: /unsubscribe {query}", query=wish.query)
    if not found:
        return said(*head, tr("Nothing in the archive of the last 30 days matches yet."), undo)
    heading = trn(
        "It would have sent {count} alert in the last 30 days. Newest:",
        "It would have sent {count} alerts in the last 30 days. Newest:",
        len(found),
    )
    shown = listing(heading, islice(found, SHOWN), now, _hint(wish, found, undo))
    return Message(lines=(*said(*head).lines, *_plain(shown)))


def _plain(message: Message) -> tuple[Line, ...]:
    first = message.lines[0]
    return Line(first.spans, LineStyle.BODY), *message.lines[1:]


def _hint(wish: Subscription, found: list[Story], undo: str) -> str:
    if len(found) <= BUSY or "severity:" in wish.query:
        return undo
    busy = tr("Too many? /subscribe {query} severity:high", query=wish.query)
    return f"{busy}   ·   {undo}"


HANDLER = Handler(
    "subscribe",
    "/subscribe WORDS [daily 08:00]",
    "alert this chat about a topic or words",
    subscribe,
    ("/subscribe rare-earth", "/subscribe gallium direction:ease -price daily 08:00"),
    changes=True,
    everyday=True,
)
