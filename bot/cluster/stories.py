"""The recent stories, and where a new item belongs among them."""

from collections.abc import Iterable
from datetime import datetime

from bot.cluster.candidates import Candidates
from bot.cluster.likeness import ENOUGH, best, match
from bot.cluster.names import name_of
from bot.cluster.profile import Profile, Sight, profile_of, sight_of
from bot.cluster.revision import begun, revised
from bot.cluster.vetoes import undoes, veto
from bot.model import Item, Label, Placement, Story, StoryId


class Stories:
    """The stories that new items may still belong to. No I/O, no clock.

    `place` is pure given what is held: it changes nothing, and its caller puts the story it
    returns once that is kept.
    """

    def __init__(self, stories: Iterable[Story] = ()) -> None:
        self._held: dict[StoryId, Profile] = {}
        self._candidates = Candidates()
        for story in stories:
            self.put(story)

    def get(self, story: StoryId) -> Story | None:
        """Return a story that is held."""
        held = self._held.get(story)
        return held.story if held else None

    def tells(self, url: str) -> bool:
        """Whether a page is in a story that is held. Looks at all of them: for what is rare."""
        return any(
            report.url == url for held in self._held.values() for report in held.story.reports
        )

    def put(self, story: Story) -> None:
        """Add or replace a story."""
        held = profile_of(story)
        self._held[story.id] = held
        self._candidates.put(story.id, held)

    def drop(self, story: StoryId) -> None:
        """Forget a story, where it is held."""
        self._held.pop(story, None)
        self._candidates.drop(story)

    def forget(self, before: datetime) -> None:
        """Drop the stories last updated before an instant: nothing new belongs to them."""
        for story in [s for s, held in self._held.items() if held.story.updated < before]:
            self.drop(story)

    def near(self, sight: Sight) -> list[Profile]:
        """Return the stories worth comparing with an item."""
        return [self._held[story] for story in self._candidates.near(sight)]

    def place(self, item: Item, label: Label) -> Placement:
        """Return the story that an item belongs to, with the item in it, and what that changed."""
        sight = sight_of(item, label)
        near = self.near(sight)
        found = best(sight, [held for held in near if not veto(sight, held)])
        if found and found[0].score >= ENOUGH:
            return revised(found[1].story, item, label, sight, found[0])
        name = name_of(item.id, self._held.__contains__)
        return begun(name, item, label, sight, _undone(sight, near))


def _undone(sight: Sight, near: Iterable[Profile]) -> Story | None:
    """Return the earlier story that an item undoes: the same actor and matter, the other way."""
    found = [(match(sight, held).score, held.story) for held in near if undoes(sight, held)]
    return max(found, key=lambda pair: pair[0])[1] if found else None
