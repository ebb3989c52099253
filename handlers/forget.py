"""/forget: delete all that is kept of this chat, from the disk too, once it is confirmed."""

from bot.compose import said
from bot.errors import UsageError
from bot.language import tr
from bot.model import Changes, Command, Message
from bot.office import Office
from handlers._handler import Handler


async def forget(command: Command, office: Office) -> Message:
    chat, words = command.chat.id, command.argument.strip().casefold()
    count = len(office.store.subscriptions(chat))
    if office.store.chat(chat) is None and not count:
        return said(tr("Nothing is kept of this chat."))
    if words != "yes":
        raise UsageError(_warning(words, count), "export", "forget yes")
    await office.store.commit(Changes(forgotten=(chat,)))
    office.wishes.forget(chat)
    await office.store.compact()
    return said(
        tr(
            "Forgotten: this chat's subscriptions and settings, and all that was sent or owed to "
            "it. Messages that stand here stay; delete them as you like. /subscribe begins anew."
        )
    )


def _warning(words: str, count: int) -> str:
    told = tr(
        "This deletes all that is kept of this chat (subscriptions: {count}) and cannot be undone; "
        "/export first if you want them elsewhere. To go on: /forget yes",
        count=count,
    )
    return tr("Only yes confirms it.") + f" {told}" if words else told


HANDLER = Handler(
    "forget",
    "/forget",
    "delete all that is kept of this chat",
    forget,
    ("/forget", "/forget yes"),
    changes=True,
)
