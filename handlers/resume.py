"""/resume: end a pause; what was held comes as one digest."""

from dataclasses import replace

from bot import timetable
from bot.compose import said
from bot.language import tr, trn
from bot.model import Changes, Chat, Command, Message
from bot.office import Office
from bot.outbox import TELLS
from handlers import _setting
from handlers._handler import Handler


async def resume(command: Command, office: Office) -> Message:
    now, chat = office.clock(), command.chat
    if not _setting.pause(chat, now):
        return said(tr("This chat is not paused."))
    awake = replace(chat, paused=None)
    held = _held(awake, office)
    await office.commit(Changes(chats=(awake,)))
    if not held:
        return said(tr("Resumed. Nothing was held meanwhile."))
    told = trn(
        "Resumed. {count} story was held; one digest tells it.",
        "Resumed. {count} stories were held; one digest tells them.",
        held,
    )
    closes = timetable.quiet_until(now, awake.quiet, timetable.zone_of(awake))
    return said(told, *([_setting.quiet(awake)] if closes else []))


def _held(chat: Chat, office: Office) -> int:
    """Return how many stories waited for the pause alone, or for that and the quiet hours."""
    wishes, now = office.store.subscriptions(chat.id), office.clock()
    loud = replace(chat, quiet="")
    owed = (row for row in office.store.owed(chat.id) if row.kind in TELLS)
    return len({row.story for row in owed if timetable.hold(row, loud, wishes, now) is None})


HANDLER = Handler(
    "resume",
    "/resume",
    "end a pause, with one digest of what was held",
    resume,
    ("/resume", "/exportwire resume"),
    changes=True,
    alone=True,
)
