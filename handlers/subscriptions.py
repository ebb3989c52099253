"""/subscriptions: what this chat asked for, numbered, and when it comes."""

from collections.abc import Iterator, Sequence

from bot import query as ql
from bot import schedules
from bot.compose import day, said
from bot.errors import UsageError
from bot.language import tr
from bot.model import Button, Command, Message, Subscription
from bot.office import Office
from handlers import _setting
from handlers._handler import Handler
from handlers.subscribe import MOST

PAGE = 20  # subscriptions
DATA = 64  # bytes that a button may carry on every platform


async def subscriptions(command: Command, office: Office) -> Message:
    chat, held = command.chat, office.store.subscriptions(command.chat.id)
    if not held:
        return said(tr("This chat has no subscriptions yet. Begin with /subscribe rare-earth"))
    settings = (_setting.pause(chat, office.clock()), _setting.quiet(chat))
    page, pages = _page(command.argument.strip()), -(-len(held) // PAGE)
    shown = [*enumerate(held, 1)][(page - 1) * PAGE : page * PAGE]
    if not shown:
        raise UsageError(
            tr("There is no page {page}; the last is {last}.", page=page, last=pages),
            "subscriptions",
        )
    return said(
        tr("{count} of {most} subscriptions", count=len(held), most=MOST),
        *(f"{number}  {_line(wish)}" for number, wish in shown),
        *filter(None, settings),
        tr("End one: /unsubscribe 1   ·   Change when it comes: /subscribe WORDS daily 08:00"),
        buttons=[*_buttons(shown), *_turns(page, pages)],
    )


def _page(words: str) -> int:
    found = words.casefold().removeprefix("page").strip()
    return int(found) if found.isdecimal() and len(found) < 4 else 1


def _turns(page: int, pages: int) -> Iterator[Button]:
    if page > 1:
        yield Button(tr("Back"), "subscriptions", str(page - 1))
    if page < pages:
        yield Button(tr("Further"), "subscriptions", str(page + 1))


def _buttons(shown: Sequence[tuple[int, Subscription]]) -> Iterator[Button]:
    """Yield what ends each; by its words: numbers change when one has ended."""
    for number, wish in shown:
        if len(f"unsubscribe {wish.query}".encode()) <= DATA:
            yield Button(tr("End {number}", number=number), "unsubscribe", wish.query)


def _line(wish: Subscription) -> str:
    return tr(
        "{query}  {when}  ({meaning}; since {day})",
        query=wish.query,
        when=schedules.told(wish.delivery),
        meaning=ql.explain(ql.parse(wish.query)),
        day=day(wish.created),
    )


HANDLER = Handler(
    "subscriptions",
    "/subscriptions",
    "list what this chat is subscribed to",
    subscriptions,
    ("/subscriptions", "/exportwire subscriptions"),
    everyday=True,
)
