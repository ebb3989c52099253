"""/subscriptions: what this chat asked for, numbered."""

from bot import query as ql
from bot.compose import day, said
from bot.model import Command, Message
from bot.office import Office
from handlers._handler import Handler


async def subscriptions(command: Command, office: Office) -> Message:
    held = office.store.subscriptions(command.chat.id)
    if not held:
        return said("This chat has no subscriptions yet. Begin with /subscribe rare-earth")
    lines = (
        f"{number}  {wish.query}  ({ql.explain(ql.parse(wish.query))}; since {day(wish.created)})"
        for number, wish in enumerate(held, 1)
    )
    return said(f"{len(held)} of 50 subscriptions", *lines, "End one: /unsubscribe NUMBER")


HANDLER = Handler(
    "subscriptions",
    "/subscriptions",
    "list what this chat is subscribed to",
    subscriptions,
    ("/subscriptions", "/exportwire subscriptions"),
    everyday=True,
)
