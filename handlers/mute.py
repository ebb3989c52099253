"""/mute ID: hear no more of a story. Alone: what is muted."""

from dataclasses import replace

from bot.clean import clean
from bot.compose import said
from bot.language import tr
from bot.model import Button, Changes, Command, Line, LineStyle, Message, Span, StoryId
from bot.office import Office
from handlers._handler import Handler
from handlers._story import named

MOST = 200  # the newest are kept
SHOWN = 20
TITLE = 80  # characters


async def mute(command: Command, office: Office) -> Message:
    if not command.argument.strip():
        return _listed(command, office)
    story, chat = named(command, office), command.chat
    others = (name for name in chat.muted if name != story.id and office.store.story(name))
    muted = (*others, story.id)[-MOST:]
    await office.commit(Changes(chats=(replace(chat, muted=muted),)))
    return said(
        tr(
            "Muted {id}: neither edits nor updates of it come here from now on. Undo: /unmute {id}",
            id=story.id,
        ),
        buttons=[Button("/unmute", "unmute", story.id)],
    )


def _listed(command: Command, office: Office) -> Message:
    muted = command.chat.muted
    if not muted:
        return said(tr("No story is muted here. To mute one: /mute A7F3"))
    head = said(tr("Muted here. To hear of one again: /unmute {id}", id=muted[-1]))
    rows = (f"{name}  {_title(name, office)}".rstrip() for name in reversed(muted[-SHOWN:]))
    told = (Line((Span(row),), LineStyle.TITLE) for row in rows)
    free = [Button(f"/unmute {name}", "unmute", name) for name in reversed(muted[-SHOWN:])]
    return Message(lines=(*head.lines, *told), buttons=tuple(free))


def _title(name: StoryId, office: Office) -> str:
    story = office.store.story(name)
    return clean(story.lead.title, TITLE) if story else ""


HANDLER = Handler(
    "mute",
    "/mute ID",
    "hear no more of one story",
    mute,
    ("/mute A7F3", "/mute"),
    changes=True,
)
