"""/latest [WORDS] [N]: the newest stories, of the chat's subscriptions where no words are given."""

from datetime import timedelta
from itertools import islice

from bot import query as ql
from bot.compose import listing, newest, said
from bot.errors import UsageError
from bot.model import Command, Message
from bot.office import Office
from handlers._handler import Handler

USUAL, MOST = 5, 20
REACH = timedelta(days=400)


async def latest(command: Command, office: Office) -> Message:
    words, count = _split(command.argument)
    query, name = _asked(words, command, office)
    now = office.clock()
    found = newest(islice(office.found(query, now - REACH), MOST * 50))
    if not found:
        return said(f"Nothing on {name} in the archive yet.", "/sources shows what is being read.")
    shown = found[:count]
    title = f"Latest on {name}: 1-{len(shown)} of {len(found)}"
    return listing(title, shown, now, f"/story {shown[0].id} shows one whole")


def _split(argument: str) -> tuple[str, int]:
    words = argument.split()
    if not words or not words[-1].isdecimal():
        return argument.strip(), USUAL
    count = int(words[-1])
    if not 1 <= count <= MOST:
        raise UsageError(f"/latest shows 1 to {MOST} stories, for example: /latest gallium 10")
    return " ".join(words[:-1]), count


def _asked(words: str, command: Command, office: Office) -> tuple[ql.Query | None, str]:
    if words.casefold() == "all":
        return None, "everything"
    if words:
        query = ql.parse(words)
        return query, ql.canonical(query)
    held = [wish.query for wish in office.store.subscriptions(command.chat.id)]
    if not held:
        return None, "everything"
    return ql.parse_any(held), " OR ".join(held)


HANDLER = Handler(
    "latest",
    "/latest [WORDS] [N]",
    "the newest stories on these words, or on your subscriptions",
    latest,
    ("/latest", "/latest gallium 10"),
)
