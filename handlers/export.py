"""/export [PART]: this chat's subscriptions and settings as text to paste elsewhere."""

from bot.compose import said
from bot.errors import UsageError
from bot.language import tr
from bot.model import Button, Command, Message
from bot.office import Office
from handlers import _parcel
from handlers._handler import Handler


async def export(command: Command, office: Office) -> Message:
    held = office.store.subscriptions(command.chat.id)
    if not held:
        raise UsageError(
            tr(
                "This chat has no subscriptions to take elsewhere. Begin with /subscribe rare-earth"
            ),
            "subscribe rare-earth",
        )
    parts = _parcel.parts(office.store.chat(command.chat.id) or command.chat, held)
    number = _number(command.argument.strip(), len(parts))
    lines = parts[number - 1]
    how = tr(
        "Type /exportwire import in the other chat, paste the rest of this message behind it, and "
        "send it."
    )
    if len(parts) == 1:
        return said(how, *lines)
    told = tr("This is part {number} of {count}.", number=number, count=len(parts))
    if number == len(parts):
        return said(f"{how} {told}", *lines)
    then = tr("Then /export {number}.", number=number + 1)
    more = Button(f"/export {number + 1}", "export", str(number + 1))
    return said(f"{how} {told} {then}", *lines, buttons=[more])


def _number(words: str, parts: int) -> int:
    if not words:
        return 1
    if not words.isdecimal() or not 1 <= int(words[:4]) <= parts:
        raise UsageError(
            tr("There is no such part; /export gives part 1 of {parts}.", parts=parts), "export"
        )
    return int(words[:4])


HANDLER = Handler(
    "export",
    "/export [PART]",
    "this chat's subscriptions as text to paste elsewhere",
    export,
    ("/export", "/export 2"),
)
