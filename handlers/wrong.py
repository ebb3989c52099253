"""/wrong ID: tell the operator that a story is wrong, once a person."""

from bot.compose import said
from bot.language import tr
from bot.model import Changes, Command, Message, Objection
from bot.office import Office
from handlers._handler import Handler
from handlers._story import named


async def wrong(command: Command, office: Office) -> Message:
    story = named(command, office)
    made = Objection(
        story=story.id, chat=command.chat.id, person=command.person, when=office.clock()
    )
    if any((o.story, o.by) == (made.story, made.by) for o in office.store.objections()):
        return said(tr("{id} is on the operator's list already, from you.", id=story.id))
    await office.store.commit(Changes(objections=(made,)))
    return said(tr("Thank you: {id} is now on the operator's list.", id=story.id))


HANDLER = Handler(
    "wrong",
    "/wrong ID",
    "tell the operator that a story is wrong",
    wrong,
    ("/wrong A7F3", "/wrong B210"),
)
