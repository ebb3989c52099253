"""/export [PART]: this chat's subscriptions and settings as text to paste elsewhere."""

from bot.compose import said
from bot.errors import UsageError
from bot.model import Command, Message
from bot.office import Office
from handlers import _parcel
from handlers._handler import Handler

HOW = (
    "Type /exportwire import in the other chat, paste the rest of this message behind it, and "
    "send it."
)


async def export(command: Command, office: Office) -> Message:
    held = office.store.subscriptions(command.chat.id)
    if not held:
        raise UsageError(
            "This chat has no subscriptions to take elsewhere. Begin with /subscribe rare-earth"
        )
    parts = _parcel.parts(office.store.chat(command.chat.id) or command.chat, held)
    number = _number(command.argument.strip(), len(parts))
    lines = parts[number - 1]
    if len(parts) == 1:
        return said(f"{HOW}", *lines)
    more = f"Then /export {number + 1}" if number < len(parts) else "It is the last one"
    return said(f"{HOW} This is part {number} of {len(parts)}. {more}.", *lines)


def _number(words: str, parts: int) -> int:
    if not words:
        return 1
    if not words.isdecimal() or not 1 <= int(words[:4]) <= parts:
        raise UsageError(f"There is no such part; /export gives part 1 of {parts}.")
    return int(words[:4])


HANDLER = Handler(
    "export",
    "/export [PART]",
    "this chat's subscriptions as text to paste elsewhere",
    export,
    ("/export", "/export 2"),
)
