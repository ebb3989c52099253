"""Which subscriptions of a chat a story reaches, in words."""

from collections.abc import Iterable

from bot import query as ql
from bot.language import tr
from bot.match import subject_of
from bot.model import Command, Item, Story
from bot.office import Office


def reach(story: Story, items: Iterable[Item], command: Command, office: Office) -> str:
    """Say which of the chat's subscriptions hold for a story with these items."""
    asked = subject_of(story, items, office.clock())
    held = office.store.subscriptions(command.chat.id)
    matched = [wish.query for wish in held if ql.matches(ql.parse(wish.query), asked)]
    if matched:
        return tr("It matches this chat's subscription {queries}.", queries=", ".join(matched))
    return tr("It matches no subscription of this chat.")
