"""/latest [WORDS] [N]: the newest stories, of the chat's subscriptions where no words are given."""

from datetime import timedelta

from bot.compose import newest
from bot.language import tr
from bot.model import Command, Message
from bot.office import Office
from handlers._handler import Handler
from handlers._pages import asked, bare, nothing, page, wanted

REACH = timedelta(days=400)
DEEPEST = 400  # stories that the pages go back over: all of them are found for each page


async def latest(command: Command, office: Office) -> Message:
    at = wanted(command.argument, "latest")
    query, name = asked(at.words, command, office)
    found = newest(await office.found(query, office.clock() - REACH, DEEPEST))
    if not found:
        return nothing(at.words, *bare(name))
    return page(tr("Latest on {name}", name=name), found, at, "latest", office)


HANDLER = Handler(
    "latest",
    "/latest [WORDS] [N]",
    "the newest stories on these words, or on your subscriptions",
    latest,
    ("/latest", "/latest gallium 10"),
    everyday=True,
)
