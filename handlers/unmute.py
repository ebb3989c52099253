"""/unmute ID: hear of a story again."""

from dataclasses import replace

from bot.clean import clean
from bot.compose import said
from bot.errors import UsageError
from bot.language import tr
from bot.model import Changes, Command, Message
from bot.office import Office
from handlers._handler import Handler


async def unmute(command: Command, office: Office) -> Message:
    chat, name = command.chat, clean(command.argument, 40).strip("#.,:;() ").upper()
    freed = set(chat.muted) if name == "ALL" else {name} & set(chat.muted)
    if not freed:
        raise UsageError(
            tr("{id} is not muted here; /mute lists what is.", id=name)
            if name
            else tr("Say which story to hear of again, for example: /unmute A7F3")
        )
    left = tuple(each for each in chat.muted if each not in freed)
    await office.commit(Changes(chats=(replace(chat, muted=left),)))
    return said(tr("{ids}: edits and updates come here again.", ids=", ".join(sorted(freed))))


HANDLER = Handler(
    "unmute",
    "/unmute ID | all",
    "hear of a muted story again",
    unmute,
    ("/unmute A7F3", "/unmute all"),
    changes=True,
)
