"""/start: what this is, and three things to type first."""

from bot.compose import said
from bot.language import tr
from bot.model import Button, Command, Message
from bot.office import Office
from handlers._handler import Handler


async def start(_command: Command, _office: Office) -> Message:
    return said(
        tr(
            "Exportwire tells this chat about new export-control news: once per event, which way "
            "it cuts, for which goods."
        ),
        tr("/subscribe rare-earth: alerts from now on"),
        tr("/latest gallium: what happened lately"),
        tr("/help: everything else"),
        buttons=(
            Button(tr("Topics"), "topics"),
            Button(tr("Latest"), "latest"),
            Button(tr("Help"), "help"),
        ),
    )


HANDLER = Handler(
    "start", "/start", "what this is and how to begin", start, ("/start", "/exportwire start")
)
