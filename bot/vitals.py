"""How the bot does: what /status and `exportwire status` say, from figures. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.compose import span
from bot.language import tr, trn
from bot.model import Chat, ChatId, Figures, Health, Owed, State
from bot.outbox import is_planned


class Wait(StrEnum):
    """Why a delivery is still owed."""

    PACED = "paced"
    BACKING_OFF = "backing off"
    PLANNED = "planned"
    FLYING = "flying"
    DOUBT = "in doubt"
    CLOSED = "account closed"
    SUSPENDED = "chat suspended"


def why(owed: Owed, now: datetime, *, active: bool, resting: bool) -> Wait:
    """Return why a delivery waits. `active`: its chat is open; `resting`: its account is not."""
    if owed.state is State.SENDING:
        return Wait.FLYING
    if not active:
        return Wait.SUSPENDED
    if resting:
        return Wait.CLOSED
    if owed.state is State.AMBIGUOUS:
        return Wait.DOUBT
    if owed.late or (is_planned(owed) and owed.not_before > now):
        return Wait.PLANNED
    return Wait.BACKING_OFF if owed.first_try and owed.not_before > now else Wait.PACED


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a status is told from. `resting` says which accounts ("platform:account") are out."""

    figures: Figures
    healths: Sequence[Health]
    chat: Callable[[ChatId], Chat | None]
    resting: Callable[[str], bool]
    now: datetime

    def waiting(self) -> Counter[Wait]:
        """Return how many deliveries wait for what."""
        return Counter(map(self._why, self.figures.owed))

    def _why(self, owed: Owed) -> Wait:
        chat = self.chat(owed.chat)
        account = account_of(owed.chat)
        active = chat is not None and chat.active
        return why(owed, self.now, active=active, resting=self.resting(account))


def account_of(chat: ChatId) -> str:
    """Return the account by which a chat is spoken to: "slack:T1"."""
    return ":".join(chat.split(":", 2)[:2])


def midnight(now: datetime, zone: str) -> datetime:
    """Return when the day began in a zone; one that is not known counts as UTC."""
    try:
        local = now.astimezone(ZoneInfo(zone))
    except (LookupError, ValueError, OSError):
        local = now
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def told(vitals: Vitals, zone: str) -> Iterator[str]:
    """Yield the lines of a status; the day's counts are of `zone`."""
    figures = vitals.figures
    if figures.trouble:
        yield figures.trouble
    yield _sources(vitals.healths)
    yield tr(
        "Today ({zone}): {items} items, {stories} stories, {sent} sent.",
        zone=zone.rpartition("/")[2].replace("_", " "),
        items=figures.items,
        stories=figures.stories,
        sent=figures.sent,
    )
    yield _owed(vitals)
    yield tr(
        "In the last 7 days: {uncertain} uncertain, {dead} dead, {expired} expired.",
        uncertain=figures.uncertain,
        dead=figures.dead,
        expired=figures.expired,
    )
    yield from _delays(figures)
    yield _store(figures, vitals.now)


def _sources(healths: Sequence[Health]) -> str:
    if not healths:
        return tr("No source was read lately.")
    states = " · ".join(f"{count} {state}" for state, count in Counter(healths).most_common())
    return trn("{count} source: {states}", "{count} sources: {states}", len(healths), states=states)


def _owed(vitals: Vitals) -> str:
    counts = vitals.waiting()
    if not counts:
        return tr("Nothing is owed.")
    words = {
        Wait.PACED: tr("waiting for their turn"),
        Wait.BACKING_OFF: tr("to be tried again"),
        Wait.PLANNED: tr("planned for later"),
        Wait.FLYING: tr("being sent"),
        Wait.DOUBT: tr("in doubt, to be checked or repeated"),
        Wait.CLOSED: tr("for an account that does not answer"),
        Wait.SUSPENDED: tr("for a chat that is closed to us"),
    }
    reasons = " · ".join(f"{counts[wait]} {words[wait]}" for wait in Wait if counts[wait])
    return tr("Owed: {count}. {reasons}", count=len(vitals.figures.owed), reasons=reasons)


def _delays(figures: Figures) -> Iterator[str]:
    seen, sent = figures.seen_after, figures.sent_after
    if seen:
        yield tr(
            "First seen after publication: median {median}, 95 % within {most}.",
            median=_at(seen, 50),
            most=_at(seen, 95),
        )
    if sent:
        yield tr(
            "Sent after publication: median {median}, 95 % within {most}.",
            median=_at(sent, 50),
            most=_at(sent, 95),
        )


def _at(rising: Sequence[float], percent: int) -> str:
    """Return the delay that so many of a hundred do not exceed (nearest rank)."""
    rank = -(-percent * len(rising) // 100)
    return span(timedelta(seconds=rising[max(0, rank - 1)]))


def _store(figures: Figures, now: datetime) -> str:
    size = f"{figures.bytes_on_disk / 1_000_000:.1f} MB"
    if figures.last_snapshot is None:
        return tr("Store: {size}, no snapshot yet.", size=size)
    age = span(max(now - figures.last_snapshot, timedelta()))
    return tr("Store: {size}, last snapshot {age} ago.", size=size, age=age)
