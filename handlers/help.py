"""/help [COMMAND]: what can be typed, on one phone screen."""

from bot.compose import said
from bot.errors import UsageError
from bot.listen import unknown
from bot.model import Command, Message
from bot.office import Office
from handlers._handler import Handler


async def help_(command: Command, _office: Office) -> Message:
    from handlers import HANDLERS  # noqa: PLC0415  # the table holds this very handler

    name = command.argument.strip().lstrip("/").casefold()
    if not name:
        return said(*(f"{h.usage:<32} {h.does}" for h in HANDLERS.values()))
    if name not in HANDLERS:
        raise UsageError(unknown(name, tuple(HANDLERS)))
    handler = HANDLERS[name]
    return said(f"{handler.usage}: {handler.does}", *handler.examples)


HANDLER = Handler("help", "/help [COMMAND]", "this list, or one command", help_, ("/help latest",))
