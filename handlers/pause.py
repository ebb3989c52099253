"""/pause [TIME]: nothing comes until then; what is held comes as one digest."""

import re
from dataclasses import replace
from datetime import time

from bot.compose import said
from bot.model import Button, Changes, Command, Message
from bot.moments import moment_of
from bot.office import Office
from bot.timetable import FOREVER, zone_of
from handlers import _setting
from handlers._handler import Handler

USUAL = ("2h", "until tomorrow 8:00", "until Monday 8:00")
_UNTIL = re.compile(r"^(?:until|till|to)\s+", re.IGNORECASE)


async def pause(command: Command, office: Office) -> Message:
    now, chat = office.clock(), command.chat
    words = _UNTIL.sub("", command.argument.strip())
    until = moment_of(words, now, zone_of(chat), usual=time()) if words else FOREVER
    paused = replace(chat, paused=until)
    await office.commit(Changes(chats=(paused,)))
    choices = [] if words else [Button(f"/pause {time}", "pause", time) for time in USUAL]
    return said(_setting.pause(paused, now), buttons=[Button("/resume", "resume"), *choices])


HANDLER = Handler(
    "pause",
    "/pause [2h | until Monday]",
    "hold everything for a while",
    pause,
    ("/pause 2h", "/pause until 2026-12-01 09:00"),
    changes=True,
    alone=True,
)
