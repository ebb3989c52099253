"""What becomes of a delivery: a state machine of pure steps, each of them one commit.

                 owed with its story, in one commit
                                │
     ┌────────────────────> PENDING ──── too old, held ───────> EXPIRED   told in a digest
     │                       │    └───── no longer wanted ────> CANCELLED
     │                     claim
     │                       v
     ├─ certainly not sent ─ SENDING ─── receipt ─────────────> SENT
     │                       │    └───── never acceptable ────> DEAD
     │              no answer, or killed here
     │                       v
     ├─ not found, twice ─── AMBIGUOUS ─ found ───────────────> SENT
     └─ cannot be looked up,      └───── chat wants no repeat > UNCERTAIN
        so repeated once

A claim carries a lease and a token. Only the holder of the row's token may settle it, and only
with time left on its lease may it send. No other sender lives beside the embedded store, so at
start every row in SENDING is ambiguous at once.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import TryLaterError
from bot.model import ChatId, Delivery, DeliveryId, Kind, Line, Message, Owed, Span, State

ENDS = frozenset({State.SENT, State.UNCERTAIN, State.DEAD, State.EXPIRED, State.CANCELLED})
TELLS = frozenset({Kind.ALERT, Kind.UPDATE})
"""What tells news by itself, and may as well be told in a digest."""
LONE = frozenset({Kind.DIGEST, Kind.REMINDER, Kind.OPERATOR})
"""What is kept for days, since no digest could tell it."""
ASKS = 2  # look-ups that must find nothing before "not there" is believed
_NOTHING = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How patient the outbox is. A lease outlasts the deadline by more than the margin."""

    lease: timedelta = timedelta(seconds=60)
    deadline: timedelta = timedelta(seconds=20)
    margin: timedelta = timedelta(seconds=15)
    base: timedelta = timedelta(seconds=2)
    cap: timedelta = timedelta(minutes=10)
    longest_wait: timedelta = timedelta(hours=1)
    attempts: int = 12
    head: int = 3
    max_age: timedelta = timedelta(hours=6)
    digest_age: timedelta = timedelta(days=7)
    lookups: float = 0.75  # a second, over an account: Slack allows 50 a minute


USUAL = Rules()


def claim(delivery: Delivery, now: datetime, rules: Rules = USUAL) -> Delivery:
    """Go from PENDING to SENDING: an attempt begins, under a lease and a new token."""
    return replace(
        delivery,
        state=State.SENDING,
        token=delivery.token + 1,
        attempts=delivery.attempts + 1,
        lookups=0,
        first_try=delivery.first_try or now,
        lease_until=now + rules.lease,
        reason="",
    )


def may_send(delivery: Delivery, now: datetime, rules: Rules = USUAL) -> bool:
    """Whether a request that leaves now ends well within the lease."""
    left = delivery.lease_until - now if delivery.lease_until else _NOTHING
    return rules.deadline + rules.margin <= left <= rules.lease


def is_mine(delivery: Delivery, stored: Delivery | None) -> bool:
    """Whether the row is still under the claim that `delivery` holds."""
    return stored is not None and stored.state is State.SENDING and stored.token == delivery.token


def sent(delivery: Delivery, receipt: str, now: datetime) -> Delivery:
    """Go from SENDING or AMBIGUOUS to SENT."""
    return replace(
        delivery, state=State.SENT, receipt=receipt, sent=now, lease_until=None, reason=""
    )


def release(delivery: Delivery, now: datetime, reason: str = "") -> Delivery:
    """Go from SENDING to PENDING: the request never left, which costs no attempt."""
    return _pending(replace(delivery, attempts=max(0, delivery.attempts - 1)), now, reason)


def later(
    delivery: Delivery, error: TryLaterError, now: datetime, chance: float, rules: Rules = USUAL
) -> Delivery:
    """Go from SENDING to PENDING: not sent. A wait that the platform named costs no attempt.

    `chance` in [0, 1) places the next try within the backoff (full jitter).
    """
    named = min(error.wait or _NOTHING, rules.longest_wait)
    if error.told:
        return release(delivery, now + named, str(error))
    return _pending(delivery, now + max(named, backoff(delivery, chance, rules)), str(error))


def backoff(delivery: Delivery, chance: float, rules: Rules = USUAL) -> timedelta:
    """Return how long to wait after a failed attempt."""
    doublings = min(max(delivery.attempts - 1, 0), 30)
    return min(rules.cap, rules.base * int(2**doublings)) * chance


def _pending(delivery: Delivery, when: datetime, reason: str) -> Delivery:
    return replace(
        delivery,
        state=State.PENDING,
        not_before=when,
        lease_until=None,
        lookups=0,
        reason=reason,
    )


def rejected(delivery: Delivery, reason: str) -> Delivery:
    """Go from SENDING to DEAD: the platform will never take it."""
    return _ended(delivery, State.DEAD, reason)


def expire(delivery: Delivery, reason: str) -> Delivery:
    """Go from PENDING to EXPIRED: a digest tells it, or nothing needs to."""
    return _ended(delivery, State.EXPIRED, reason)


def cancel(delivery: Delivery, reason: str) -> Delivery:
    """Go from PENDING to CANCELLED: nobody waits for it any more."""
    return _ended(delivery, State.CANCELLED, reason)


def _ended(delivery: Delivery, state: State, reason: str) -> Delivery:
    return replace(delivery, state=state, reason=reason, lease_until=None)


def ambiguous(delivery: Delivery, reason: str, now: datetime, lag: timedelta | None) -> Delivery:
    """Go from SENDING to AMBIGUOUS: it may have arrived.

    `lag` is how long a look-up may lag behind a send, None where there is no look-up.
    """
    return replace(
        delivery,
        state=State.AMBIGUOUS,
        not_before=now + (lag or _NOTHING) / 4,
        lookups=0,
        lease_until=None,
        reason=reason,
    )


def recover(
    deliveries: Iterable[Delivery], now: datetime, lag: timedelta | None
) -> tuple[Delivery, ...]:
    """Return what a start changes: rows in SENDING are ambiguous, and look-ups begin anew.

    How long ago an earlier process asked is only known by the wall clock, which may have jumped.
    """
    reason = "the process ended while it was sent"
    return tuple(
        ambiguous(d, d.reason or reason, now, lag)
        for d in deliveries
        if d.state is State.SENDING or (d.state is State.AMBIGUOUS and d.lookups)
    )


def postpone(delivery: Delivery, now: datetime, span: timedelta) -> Delivery:
    """Stay as it is: the next step, such as a look-up that failed, is made later."""
    return replace(delivery, not_before=now + span)


def not_found(delivery: Delivery, now: datetime, lag: timedelta) -> Delivery:
    """Go from AMBIGUOUS to PENDING after two look-ups over more than the lag; else ask again."""
    asked = delivery.lookups + 1
    if asked >= ASKS:
        return _pending(delivery, now, delivery.reason)
    return replace(delivery, lookups=asked, not_before=now + lag * 1.25)


def repeat(
    delivery: Delivery, now: datetime, chance: float, *, allowed: bool, rules: Rules = USUAL
) -> Delivery:
    """Go from AMBIGUOUS to PENDING, or to UNCERTAIN where the chat wants no repeats."""
    if not allowed and delivery.kind is not Kind.EDIT:
        return _ended(delivery, State.UNCERTAIN, delivery.reason)
    return _pending(delivery, now + backoff(delivery, chance, rules), delivery.reason)


def hold(delivery: Delivery, until: datetime, why: str) -> Delivery:
    """Stay PENDING until later; news is then told in the chat's digest, the rest by itself."""
    return replace(
        delivery,
        not_before=until,
        held=why,
        late=delivery.late or delivery.kind in TELLS,
        first_try=None,
        attempts=0,
    )


def is_planned(delivery: Delivery | Owed) -> bool:
    """Whether a delivery was owed for a later time than it was made at, and not tried yet."""
    return delivery.first_try is None and delivery.not_before > delivery.created


def wait(delivery: Delivery, now: datetime, rules: Rules = USUAL) -> timedelta:
    """Return how long until the next step; a wall clock that was set back adds little to it."""
    planned = is_planned(delivery)
    if delivery.first_try is None and not planned:
        return _NOTHING
    span = max(_NOTHING, delivery.not_before - now)
    return span if planned else min(span, rules.longest_wait)


def is_spent(delivery: Delivery, now: datetime, rules: Rules = USUAL) -> bool:
    """Whether a pending delivery was tried too often, or is too old to come by itself."""
    if delivery.kind in LONE:  # planned or held long before, perhaps
        since = delivery.first_try or max(delivery.created, delivery.not_before)
        return now - since > rules.digest_age
    since = delivery.not_before if is_planned(delivery) else delivery.created
    return delivery.attempts >= rules.attempts or now - since > rules.max_age


def to_operator(chat: ChatId, text: str, now: datetime) -> Delivery:
    """Return a notice that is owed to the operator's chat."""
    name = hashlib.sha256(f"operator|{chat}|{now.isoformat()}|{text}".encode()).hexdigest()
    return Delivery(
        id=DeliveryId(name[:24]),
        chat=chat,
        kind=Kind.OPERATOR,
        message=Message(lines=(Line((Span(text),)),)),
        created=now,
        not_before=now,
    )
