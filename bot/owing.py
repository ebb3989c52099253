"""What a placement owes to the chats that asked for its story. Pure."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
    Told,
)
from bot.outbox import ENDS
from bot.severity import severity

_SHOWS = frozenset({Kind.ALERT, Kind.EDIT})
_UNSEEN = frozenset({State.DEAD, State.EXPIRED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pipeline decides with: the recent stories, the wishes, and what chats were told."""

    stories: Stories
    wishes: Wishes
    chat: Callable[[ChatId], Chat | None]
    told: Callable[[ChatId, StoryId], Sequence[Told]]
    threshold: float = 0.5


def owe(
    placement: Placement,
    item: Item,
    desk: Desk,
    now: datetime,
    planned: Iterable[Delivery] = (),
) -> Iterator[Delivery | None]:
    """Yield what a placement owes to each chat that asked for its story; None where nothing.

    `planned` is what is owed already and not kept yet.
    """
    story = placement.story
    found = desk.wishes.matching(subject_of(story, (item,), now))
    chats = by_chat(found, filter(None, (desk.chat(chat) for chat in {s.chat for s in found})))
    already: dict[ChatId, list[Delivery]] = {}
    for delivery in planned:
        if delivery.story == story.id:
            already.setdefault(delivery.chat, []).append(delivery)
    telling = _Telling(placement, now)
    for chat, wishes in chats.items():
        if story.id in chat.muted:
            yield None
            continue
        told = (*desk.told(chat.id, story.id), *already.get(chat.id, ()))
        matched = tuple(wish.query for wish in wishes)
        yield telling.delivery(chat, matched, told, _undone(story, chat, desk))


class _Telling:
    """A placement as it is told: composed once for all chats of one language and zone."""

    def __init__(self, placement: Placement, now: datetime) -> None:
        self._placement, self._now = placement, now
        self._urgent = severity(placement.story)[0] == "high"
        self._alerts: dict[tuple[str, str, bool], Message] = {}
        self._updates: dict[tuple[str, str], Message] = {}

    def delivery(
        self, chat: Chat, matched: tuple[str, ...], told: Sequence[Told], undone: StoryId | None
    ) -> Delivery | None:
        """Return what is owed to a chat that was told this much of the story."""
        story = self._placement.story
        kind = self._kind(told)
        if kind is None:
            return None
        if kind is Kind.UPDATE:
            message = self._update(chat)
        else:
            message = compose.with_matched(self._alert(chat, bool(undone)), chat, matched)
        step = len(story.reports) if kind is Kind.EDIT else story.revision
        made = Delivery(
            id=_id_of(chat.id, kind, story.id, step),
            chat=chat.id,
            kind=kind,
            message=message,
            created=self._now,
            not_before=self._now,
            story=story.id,
            revision=step,
            urgent=self._urgent,
            wishes=matched,
            below=undone,
        )
        return None if _is_told(made, told) else made

    def _kind(self, told: Sequence[Told]) -> Kind | None:
        if all(delivery.kind is Kind.REMINDER for delivery in told):
            return Kind.ALERT
        if self._placement.change is Change.COVERAGE and not _is_shown(told):
            return None
        later = {Change.MATERIAL: Kind.UPDATE, Change.COVERAGE: Kind.EDIT}
        return later.get(self._placement.change)

    def _alert(self, chat: Chat, undoes: bool) -> Message:  # noqa: FBT001  # a part of the key
        key = chat.language, chat.zone, undoes
        if key not in self._alerts:
            self._alerts[key] = compose.alert(self._placement.story, chat, (), undoes=undoes)
        return self._alerts[key]

    def _update(self, chat: Chat) -> Message:
        key = chat.language, chat.zone
        if key not in self._updates:
            story = self._placement.story
            self._updates[key] = compose.update(story, chat, story.reports[-1])
        return self._updates[key]


def _is_shown(told: Iterable[Told]) -> bool:
    """Whether a chat has, or may yet get, an alert that can be edited."""
    alerts = (d for d in told if d.kind is Kind.ALERT)
    return any(d.receipt or d.state not in ENDS for d in alerts)


def _is_told(made: Delivery, told: Iterable[Told]) -> bool:
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


def _id_of(chat: ChatId, kind: Kind, story: StoryId, revision: int) -> DeliveryId:
    """Return the id of a delivery, which follows from chat, story, revision and kind."""
    name = "|".join((chat, story, str(revision), kind))
    return DeliveryId(hashlib.sha256(name.encode()).hexdigest()[:24])
