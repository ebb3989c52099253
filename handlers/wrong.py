"""/wrong ID [WHY]: tell the operator that a story is wrong, and why; once a person."""

from dataclasses import replace

from bot.clean import clean
from bot.compose import said
from bot.language import tr
from bot.model import Changes, Command, Message, Objection
from bot.office import Office
from handlers._handler import Handler
from handlers._story import named

NOTE = 200  # characters of it that are kept


async def wrong(command: Command, office: Office) -> Message:
    words = command.argument.split(None, 1)
    story = named(replace(command, argument="".join(words[:1])), office)
    made = Objection(
        story=story.id,
        chat=command.chat.id,
        person=command.person,
        when=office.clock(),
        note=clean("".join(words[1:]), NOTE),
    )
    kept = ((o.story, o.by) == (made.story, made.by) for o in office.store.objections())
    if any(kept) and not made.note:
        return said(tr("{id} is on the operator's list already, from you.", id=story.id))
    await office.store.commit(Changes(objections=(made,)))
    return said(tr("Thank you: {id} is now on the operator's list.", id=story.id))


HANDLER = Handler(
    "wrong",
    "/wrong ID [WHY]",
    "tell the operator that a story is wrong",
    wrong,
    ("/wrong A7F3", "/wrong A7F3 it eases the rule"),
)
