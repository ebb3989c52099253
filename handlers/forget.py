"""/forget: delete all that is kept of this chat, from the disk too, once it is confirmed."""

from bot.compose import said
from bot.errors import UsageError
from bot.model import Changes, Command, Message
from bot.office import Office
from handlers._handler import Handler


async def forget(command: Command, office: Office) -> Message:
    chat, words = command.chat.id, command.argument.strip().casefold()
    count = len(office.store.subscriptions(chat))
    if office.store.chat(chat) is None and not count:
        return said("Nothing is kept of this chat.")
    if words != "yes":
        raise UsageError(_warning(words, count))
    await office.store.commit(Changes(forgotten=(chat,)))
    office.wishes.forget(chat)
    await office.store.compact()
    return said(
        "Forgotten: this chat's subscriptions and settings, and all that was sent or owed to it. "
        "Messages that stand here stay; delete them as you like. /subscribe begins anew."
    )


def _warning(words: str, count: int) -> str:
    asked = "This deletes" if not words else "Only yes confirms it. This deletes"
    return (
        f"{asked} all that is kept of this chat (subscriptions: {count}) and cannot be undone; "
        "/export first if you want them elsewhere. To go on: /forget yes"
    )


HANDLER = Handler(
    "forget",
    "/forget",
    "delete all that is kept of this chat",
    forget,
    ("/forget", "/forget yes"),
    changes=True,
)
