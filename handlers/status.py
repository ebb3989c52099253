"""/status: how the bot itself does."""

from bot.compose import said, span
from bot.language import tr
from bot.model import Command, Message
from bot.office import Office
from bot.vitals import Vitals, midnight, told
from handlers._handler import Handler


async def status(command: Command, office: Office) -> Message:
    now, zone = office.clock(), command.chat.zone
    vitals = Vitals(
        figures=office.store.figures(midnight(now, zone), now),
        healths=[office.store.source(row.name).health for row in office.rows],
        chat=office.store.chat,
        resting=office.resting,
        now=now,
    )
    return said(tr("Up {span}.", span=span(now - office.started)), *told(vitals, zone))


HANDLER = Handler(
    "status", "/status", "how the bot itself does", status, ("/status", "/exportwire status")
)
