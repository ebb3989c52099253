"""What a placement owes to the chats that asked for its story. Pure."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import compose
from bot.cluster import Stories
from bot.match import Wishes, by_chat, subject_of
from bot.model import (
    Change,
    Chat,
    ChatId,
    Delivery,
    DeliveryId,
    Item,
    Kind,
    Message,
    Placement,
    State,
    Story,
    StoryId,
)
from bot.severity import severity

_SHOWS = frozenset({Kind.ALERT, Kind.EDIT})
_UNSEEN = frozenset({State.DEAD, State.EXPIRED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pipeline decides with: the recent stories, the wishes, and what chats were told."""

    stories: Stories
    wishes: Wishes
    chat: Callable[[ChatId], Chat | None]
    told: Callable[[ChatId, StoryId], Sequence[Delivery]]
    threshold: float = 0.5


def owe(
    placement: Placement,
    item: Item,
    desk: Desk,
    now: datetime,
    planned: Iterable[Delivery] = (),
) -> tuple[Delivery, ...]:
    """Return what a placement owes to the chats that asked for its story."""
    asked = subject_of(placement.story, (item,), now)
    found = desk.wishes.matching(asked)
    chats = by_chat(found, filter(None, (desk.chat(chat) for chat in {s.chat for s in found})))
    already = list(planned)
    return tuple(
        delivery
        for chat, wishes in chats.items()
        if (delivery := _delivery(placement, chat, [w.query for w in wishes], desk, now, already))
    )


def _delivery(
    placement: Placement,
    chat: Chat,
    matched: Sequence[str],
    desk: Desk,
    now: datetime,
    planned: Sequence[Delivery],
) -> Delivery | None:
    story = placement.story
    if story.id in chat.muted:
        return None
    undone = _undone(story, chat, desk)
    told = [*desk.told(chat.id, story.id)]
    told += (d for d in planned if (d.chat, d.story) == (chat.id, story.id))
    if all(d.kind is Kind.REMINDER for d in told):
        kind, message = Kind.ALERT, compose.alert(story, chat, matched, undoes=bool(undone))
    elif placement.change is Change.MATERIAL:
        kind, message = Kind.UPDATE, compose.update(story, chat, story.reports[-1])
    elif placement.change is Change.COVERAGE:
        kind, message = Kind.EDIT, compose.alert(story, chat, matched, undoes=bool(undone))
    else:
        return None
    made = owed(chat.id, kind, message, now, story)
    if _is_told(made, told):
        return None
    urgent = severity(story)[0] == "high"
    return replace(made, wishes=tuple(matched), urgent=urgent, below=undone)


def _is_told(made: Delivery, told: Iterable[Delivery]) -> bool:
    """Whether a chat was told just this, or is owed it: no row is ever begun anew."""
    shown = [d for d in told if d.kind in _SHOWS and d.state not in _UNSEEN]
    unchanged = made.kind is Kind.EDIT and bool(shown) and shown[-1].message == made.message
    return unchanged or any(d.id == made.id for d in told)


def _undone(story: Story, chat: Chat, desk: Desk) -> StoryId | None:
    """Return the story that this one undoes, where the chat was told of that one."""
    if story.reverses is None or story.label.hedged:
        return None
    told = any(d.kind is Kind.ALERT for d in desk.told(chat.id, story.reverses))
    return story.reverses if told else None


def owed(chat: ChatId, kind: Kind, message: Message, now: datetime, story: Story) -> Delivery:
    """Return a delivery whose id follows from chat, story, revision and kind."""
    step = len(story.reports) if kind is Kind.EDIT else story.revision
    name = "|".join((chat, story.id, str(step), kind))
    return Delivery(
        id=DeliveryId(hashlib.sha256(name.encode()).hexdigest()[:24]),
        chat=chat,
        kind=kind,
        message=message,
        created=now,
        not_before=now,
        story=story.id,
        revision=story.revision,
    )
