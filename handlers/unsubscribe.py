"""/unsubscribe WORDS, NUMBERS or all: end subscriptions of this chat."""

import re
from collections.abc import Iterator, Sequence

from bot import query as ql
from bot import schedules
from bot.compose import said
from bot.errors import UsageError
from bot.language import tr, trn
from bot.model import Changes, Command, Message, Subscription
from bot.office import Office
from handlers._handler import Handler

SHOWN = 20  # subscriptions with a button each
_NUMBERS = re.compile(r"#?\s*\d{1,4}(?:(?:\s*,\s*|\s+and\s+|\s+)#?\s*\d{1,4})*")


async def unsubscribe(command: Command, office: Office) -> Message:
    held = office.store.subscriptions(command.chat.id)
    chosen = _chosen(command.argument.strip(), held)
    await office.commit(Changes(unsubscribed=tuple(chosen)))
    ended = tr("Unsubscribed this chat from {queries}.", queries=", ".join(w.query for w in chosen))
    left = len(held) - len(chosen)
    rest = (
        trn("{count} subscription left.", "{count} subscriptions left.", left)
        if left
        else tr("None is left.")
    )
    return said(f"{ended} {rest}")


def _chosen(words: str, held: Sequence[Subscription]) -> Sequence[Subscription]:
    if not words:
        raise UsageError(
            tr(
                "Say which one: its words, its number in /subscriptions, or all. "
                "For example: /unsubscribe rare-earth"
            ),
            *(f"unsubscribe {wish.query}" for wish in held[:SHOWN]),
        )
    if not held:
        raise UsageError(tr("This chat has no subscriptions. Begin with /subscribe rare-earth"))
    if words.casefold() == "all":
        return held
    if _NUMBERS.fullmatch(words):
        numbers = dict.fromkeys(map(int, re.findall(r"\d+", words)))
        return [_numbered(number, held) for number in numbers]
    return list(dict.fromkeys(_named(words, held)))


def _numbered(number: int, held: Sequence[Subscription]) -> Subscription:
    if not 1 <= number <= len(held):
        raise UsageError(
            tr(
                "There is no number {number}; /subscriptions lists 1 to {last}.",
                number=number,
                last=len(held),
            )
        )
    return held[number - 1]


def _named(words: str, held: Sequence[Subscription]) -> Iterator[Subscription]:
    """Yield the subscription of these words, with or without its schedule; else one a comma."""
    by_query = {wish.query: wish for wish in held}
    if found := _found(words, by_query):
        yield found
        return
    parts = [part for part in re.split(r"\s*[,;\n]\s*", words) if part]
    for part in parts:
        wish = _found(part, by_query)
        if wish is None:
            raise UsageError(
                tr(
                    "This chat is not subscribed to {words}; /subscriptions lists what it has.",
                    words=part,
                )
            )
        yield wish


def _found(words: str, by_query: dict[str, Subscription]) -> Subscription | None:
    bare, schedule = schedules.split(words)
    texts = [words, bare] if schedule and bare.strip() else [words]
    return next(filter(None, (by_query.get(ql.canonical(ql.parse(text))) for text in texts)), None)


HANDLER = Handler(
    "unsubscribe",
    "/unsubscribe WORDS|NUMBER|all",
    "end a subscription",
    unsubscribe,
    ("/unsubscribe rare-earth", "/unsubscribe 2 3"),
    changes=True,
    everyday=True,
)
