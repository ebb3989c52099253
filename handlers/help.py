"""/help [COMMAND]: what can be typed, on one phone screen."""

from collections.abc import Collection, Iterator

from bot.compose import said
from bot.language import tr
from bot.listen import unknown
from bot.model import Command, Message
from bot.model.verbs import verb_of
from bot.office import Office
from handlers._handler import Handler


async def help_(command: Command, _office: Office) -> Message:
    from handlers import HANDLERS  # noqa: PLC0415  # the table holds this very handler

    name = verb_of(command.argument.strip())
    if not name:
        return said(*_overview(HANDLERS.values()))
    if name not in HANDLERS:
        raise unknown(name, tuple(HANDLERS), under="help")
    handler = HANDLERS[name]
    return said(f"{handler.usage}: {tr(handler.does)}", *handler.examples)


def _overview(handlers: Collection[Handler]) -> Iterator[str]:
    """Yield what a newcomer needs, a line each, and the names of the rest: one phone screen."""
    yield from (f"{h.usage}: {tr(h.does)}" for h in handlers if h.everyday)
    rest = ", ".join(f"/{h.verb}" for h in handlers if not h.everyday)
    yield tr("More: {commands}", commands=rest)
    yield tr("/help NAME explains one, with examples.")


HANDLER = Handler(
    "help",
    "/help [COMMAND]",
    "this list, or one command",
    help_,
    ("/help latest", "/help subscribe"),
    everyday=True,
)
