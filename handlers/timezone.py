"""/timezone CITY: the zone in which times are shown, and by which digests and quiet hours go."""

from dataclasses import replace

from bot.compose import moment, said
from bot.language import tr
from bot.model import Button, Changes, Command, Message
from bot.office import Office
from bot.zones import zone_named
from handlers._handler import Handler

USUAL = ("Shanghai", "Tokyo", "Singapore", "London", "Frankfurt", "New York", "Chicago", "UTC")


async def timezone(command: Command, office: Office) -> Message:
    chat, words = command.chat, command.argument.strip()
    if not words:
        return said(
            tr(
                "The time zone here is {zone}; it is {moment}. To change it: /timezone Shanghai",
                zone=chat.zone,
                moment=moment(office.clock(), chat),
            ),
            buttons=[Button(city, "timezone", city) for city in USUAL],
        )
    chat = replace(chat, zone=zone_named(words))
    await office.commit(Changes(chats=(chat,)))
    return said(
        tr(
            "The time zone here is now {zone}; it is {moment}. Digests and quiet hours follow it.",
            zone=chat.zone,
            moment=moment(office.clock(), chat),
        )
    )


HANDLER = Handler(
    "timezone",
    "/timezone CITY",
    "the time zone of this chat",
    timezone,
    ("/timezone Shanghai", "/timezone Europe/London"),
    changes=True,
)
