"""/reminders: what this chat is to be reminded of, numbered."""

from bot.clean import clean
from bot.compose import moment, said
from bot.language import tr
from bot.model import Button, Command, Delivery, Message
from bot.office import Office
from handlers._handler import Handler
from handlers.remind import held

SHOWN = 20  # stories with a button
TITLE = 80  # characters


async def reminders(command: Command, office: Office) -> Message:
    rows = held(command.chat, office)
    if not rows:
        return said(tr("No reminders are set here. To set one: /remind A7F3 2d"))
    lines = (
        f"{number}  {moment(row.not_before, command.chat)}  {row.story}  {_title(row, office)}"
        for number, row in enumerate(rows, 1)
    )
    return said(
        tr("Reminders of this chat"),
        *lines,
        tr("Cancel one: /remind cancel 1"),
        buttons=_buttons(rows),
    )


def _buttons(rows: list[Delivery]) -> list[Button]:
    stories = list(dict.fromkeys(row.story for row in rows if row.story))[:SHOWN]
    return [Button(f"/remind cancel {name}", "remind", f"cancel {name}") for name in stories]


def _title(row: Delivery, office: Office) -> str:
    story = office.store.story(row.story) if row.story else None
    return clean(story.lead.title, TITLE) if story else ""


HANDLER = Handler(
    "reminders",
    "/reminders",
    "list the reminders of this chat",
    reminders,
    ("/reminders", "/exportwire reminders"),
)
