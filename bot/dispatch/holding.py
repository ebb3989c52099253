"""What waits for its time, when something happens before that time comes. Pure but for reads."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot import compose, outbox, timetable
from bot.bulletin import reminder
from bot.model import Chat, Delivery, Kind, State, Subscription
from bot.ports import Store


class Reads(Protocol):
    """What is asked of the desk."""

    @property
    def store(self) -> Store:
        """Return the store."""


def overtaken(
    delivery: Delivery, chat: Chat, desk: Reads, wishes: Sequence[Subscription], now: datetime
) -> tuple[Delivery, ...]:
    """Return what becomes of an update or an edit whose alert still waits for a digest.

    The digest tells a story as it is by then, so an edit ends and an update waits with the alert.
    Where the news may come at once, the alert comes instead, in its newest wording. Empty where
    no alert waits.
    """
    waiting = awaited(delivery, desk)
    if waiting is None:
        return ()
    if timetable.hold(waiting, chat, wishes, now):
        urgent = waiting.urgent or delivery.urgent
        let_go = replace(waiting, urgent=urgent, wishes=delivery.wishes)
        if timetable.hold(let_go, chat, wishes, now) is None:
            return outbox.cancel(delivery, "told in its alert"), _alert(let_go, chat, desk, now)
    if delivery.kind is Kind.EDIT:
        return (outbox.cancel(delivery, "its alert is told in a digest"),)
    if delivery.late:
        return ()
    return (outbox.hold(delivery, waiting.not_before, waiting.held),)


def awaited(delivery: Delivery, desk: Reads) -> Delivery | None:
    """Return the alert of an update or an edit, where a digest is still to tell it."""
    alert = _alert_of(delivery, desk)
    return alert if alert and alert.state is State.PENDING and alert.late else None


def follows(delivery: Delivery, desk: Reads) -> Delivery | None:
    """Return the digest that tells the alert of an update, where it is on its way, unheld."""
    alert = _alert_of(delivery, desk)
    digest = desk.store.delivery(alert.within) if alert and alert.within else None
    return None if digest is None or digest.state in outbox.ENDS or digest.held else digest


def _alert_of(delivery: Delivery, desk: Reads) -> Delivery | None:
    if delivery.story is None or delivery.kind not in {Kind.UPDATE, Kind.EDIT}:
        return None
    told = desk.store.told(delivery.chat, delivery.story)
    return next((desk.store.delivery(d.id) for d in told if d.kind is Kind.ALERT), None)


def complete(joining: Sequence[Delivery], waiting: Sequence[Delivery]) -> list[Delivery]:
    """Return what a digest tells without updates whose alerts are among what waits and stays."""
    ids = {delivery.id for delivery in joining}
    staying = {d.story for d in waiting if d.kind is Kind.ALERT and d.id not in ids}
    return [d for d in joining if d.kind is Kind.ALERT or d.story not in staying]


def _alert(waiting: Delivery, chat: Chat, desk: Reads, now: datetime) -> Delivery:
    story = desk.store.story(waiting.story) if waiting.story else None
    message = waiting.message
    if story:
        undoes = waiting.below is not None
        message = compose.alert(story, chat, waiting.wishes, undoes=undoes)
    return replace(waiting, message=message, created=now, not_before=now, late=False, held="")


def current(delivery: Delivery, chat: Chat, desk: Reads) -> Delivery:
    """Return a reminder with its story as it is now; anything else as it was owed."""
    if delivery.kind is not Kind.REMINDER or delivery.story is None:
        return delivery
    story = desk.store.story(delivery.story)
    if story is None:
        return delivery
    about = delivery.message.lines[-1].text
    return replace(delivery, message=reminder(story, chat, about))


def reviewed(
    rows: Sequence[Delivery], chat: Chat, store: Store, now: datetime
) -> Iterator[Delivery]:
    """Yield those of a chat's deliveries that its settings, as they are now, change."""
    wishes = store.subscriptions(chat.id)
    for row in rows:
        stored = store.delivery(row.id)
        if stored is None or stored.state is not State.PENDING:
            continue
        after = _reviewed(stored, chat, wishes, now)
        if after != stored:
            yield after


def _reviewed(row: Delivery, chat: Chat, wishes: Sequence[Subscription], now: datetime) -> Delivery:
    if why := timetable.unwanted(row, chat, wishes):
        return outbox.cancel(row, why)
    if row.kind is Kind.REMINDER and not row.held:
        return row  # its own time has not come
    if held := timetable.hold(row, chat, wishes, now):
        return outbox.hold(row, held.until, held.why)
    return replace(row, not_before=now) if row.held and row.not_before > now else row
