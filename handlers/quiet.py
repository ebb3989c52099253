"""/quiet 22:00-07:00: hours in which nothing rings but what is of high severity."""

from dataclasses import replace

from bot.compose import said
from bot.language import tr
from bot.model import Button, Changes, Command, Message
from bot.office import Office
from bot.schedules import quiet_hours
from handlers import _setting
from handlers._handler import Handler

USUAL = ("22:00-07:00", "20:00-08:00", "off")
_OFF = frozenset({"off", "none", "never", "no"})


async def quiet(command: Command, office: Office) -> Message:
    chat, words = command.chat, command.argument.strip()
    if not words:
        none = tr("There are no quiet hours here. To have some: /quiet 22:00-07:00")
        usual = [Button(f"/quiet {hours}", "quiet", hours) for hours in USUAL]
        return said(_setting.quiet(chat) or none, buttons=usual)
    hours = "" if words.casefold() in _OFF else quiet_hours(words, chat.zone)
    changed = replace(chat, quiet=hours)
    await office.commit(Changes(chats=(changed,)))
    if not hours:
        return said(tr("No more quiet hours: everything comes in its own time."))
    return said(_setting.quiet(changed), buttons=[Button("/quiet off", "quiet", "off")])


HANDLER = Handler(
    "quiet",
    "/quiet 22:00-07:00 | off",
    "hours in which only high severity rings",
    quiet,
    ("/quiet 22:00-07:00", "/quiet 22:00-07:00 strict"),
    changes=True,
)
