"""Find the story that a person names by its short id."""

from bot.errors import UsageError
from bot.language import tr
from bot.model import Command, Story, StoryId
from bot.office import Office


def named(command: Command, office: Office) -> Story:
    """Return the story named by the argument. Raises UsageError."""
    name = command.argument.strip(" \t#.,:;()").upper()
    if not name:
        raise UsageError(
            tr(
                "Give the id at the end of an alert or of a /latest line: /{verb} A7F3",
                verb=command.verb,
            )
        )
    story = office.store.story(StoryId(name))
    if story is None:
        raise UsageError(
            tr('There is no story "{id}". /latest shows ids; old stories are dropped.', id=name)
        )
    return story
