"""/unsubscribe WORDS, NUMBER or all: end subscriptions of this chat."""

from collections.abc import Sequence

from bot import query as ql
from bot.compose import said
from bot.errors import UsageError
from bot.model import Changes, Command, Message, Subscription
from bot.office import Office
from handlers._handler import Handler


async def unsubscribe(command: Command, office: Office) -> Message:
    held = office.store.subscriptions(command.chat.id)
    chosen = _chosen(command.argument.strip(), held)
    await office.store.commit(Changes(unsubscribed=tuple(chosen)))
    for wish in chosen:
        office.wishes.remove(wish)
    ended = ", ".join(wish.query for wish in chosen)
    left = len(held) - len(chosen)
    rest = f"{left} subscription{'s' if left != 1 else ''} left." if left else "None is left."
    return said(f"Unsubscribed this chat from {ended}. {rest}")


def _chosen(words: str, held: Sequence[Subscription]) -> Sequence[Subscription]:
    if not words:
        raise UsageError(
            "Say which one: its words, its number in /subscriptions, or all. "
            "For example: /unsubscribe rare-earth"
        )
    if not held:
        raise UsageError("This chat has no subscriptions. Begin with /subscribe rare-earth")
    if words.casefold() == "all":
        return held
    return [_numbered(words, held) if words.isdecimal() else _named(words, held)]


def _numbered(words: str, held: Sequence[Subscription]) -> Subscription:
    number = int(words)
    if not 1 <= number <= len(held):
        raise UsageError(f"There is no number {number}; /subscriptions lists 1 to {len(held)}.")
    return held[number - 1]


def _named(words: str, held: Sequence[Subscription]) -> Subscription:
    wanted = ql.canonical(ql.parse(words))
    for wish in held:
        if wish.query == wanted:
            return wish
    raise UsageError(f"This chat is not subscribed to {words}; /subscriptions lists what it has.")


HANDLER = Handler(
    "unsubscribe",
    "/unsubscribe WORDS|NUMBER|all",
    "end a subscription",
    unsubscribe,
    ("/unsubscribe rare-earth", "/unsubscribe 2"),
    changes=True,
    everyday=True,
)
