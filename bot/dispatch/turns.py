"""Whose turn it is: what is due, not resting, within the platforms' pace, and claimed in a slot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import outbox
from bot.dispatch.accounts import Accounts
from bot.dispatch.holding import reviewed
from bot.dispatch.lanes import Lanes, Track, track_of
from bot.dispatch.steps import Chance, Contact, Desk, Forget, Settle, Wait, step_of
from bot.dispatch.times import Times
from bot.model import ChatId, Delivery, State
from bot.outbox import Rules
from bot.pace import Method, Paces
from bot.ports import Platform, Store

AHEAD = timedelta(seconds=0.25)  # claims share a commit when their slots are this near
PARTED = timedelta(seconds=1)  # of the clocks, before plans are timed anew
BATCH = 64
_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A claimed call: when it may leave, and when its lease ends, on the steady clock."""

    contact: Contact
    when: datetime
    until: datetime


class Turns:
    """Everything owed that waits for its turn."""

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        times: Times,
        chance: Chance,
        rules: Rules,
    ) -> None:
        self._platforms, self._times, self._rules = platforms, times, rules
        self._lanes = Lanes(rules.head)
        self.desk = Desk(store, platforms, self._lanes, rules, chance)
        self.paces = Paces({name: p.pace for name, p in platforms.items()}, rules.lookups)
        self.accounts = Accounts()
        self._apart = timedelta()

    def put(self, deliveries: Iterable[Delivery]) -> None:
        """Take over deliveries as the store holds them now."""
        for delivery in deliveries:
            if delivery.state in outbox.ENDS:
                self._lanes.drop(delivery)
            elif delivery.state is not State.SENDING and not self._lanes.holds(delivery):
                self._time(delivery)

    def sweep(self, *, anew: bool) -> None:
        """Take over what is owed and not known here; `anew`: what is known, too, as it is now."""
        known = () if anew else self._lanes.known()
        self.put(self.desk.store.owed(besides=known))
        apart = self._times.now() - self._times.steady()
        if abs(apart - self._apart) > PARTED:  # the wall clock jumped, and plans follow it
            self._apart = apart
            for delivery in [d for d, _ in self._lanes.entries() if outbox.is_planned(d)]:
                self._time(delivery)

    def _time(self, delivery: Delivery) -> None:
        """Put a delivery in its lane, due by the steady clock."""
        wait = outbox.wait(delivery, self._times.now(), self._rules)
        self._lanes.put(delivery, self._times.steady() + wait)

    def free(self, delivery: Delivery) -> None:
        """Let the chat of a delivery that was chosen have its next turn."""
        self._lanes.free(delivery)

    def reviewed(self, chats: Iterable[ChatId]) -> list[Delivery]:
        """Return what chats' settings, as they are now, make of what they are owed.

        To be asked only of chats of which nothing is in flight.
        """
        store, lanes, now = self.desk.store, self._lanes, self._times.now()
        found = filter(None, map(store.chat, chats))
        return [row for chat in found for row in reviewed(lanes.of(chat.id), chat, store, now)]

    def chats(self) -> tuple[ChatId, ...]:
        """Return the chats that are owed messages."""
        return self._lanes.chats()

    def is_busy(self, chat: ChatId) -> bool:
        """Whether one of a chat's messages is in flight."""
        return self._lanes.is_busy(chat)

    def owed(self) -> int:
        """Return how many are owed, without what is planned for later."""
        now = self._times.now()
        owed = (d for d, _ in self._lanes.entries())
        return sum(not (outbox.is_planned(d) and d.not_before > now) for d in owed)

    def resting(self, account: str) -> bool:
        """Whether an account ("slack:T1"), or one of a platform ("slack"), may not be called."""
        wanted, steady = tuple(account.split(":", 1)), self._times.steady()
        known = [a for key, a in self.accounts.items() if key[: len(wanted)] == wanted]
        out = any(each.breaker.until and each.breaker.until > steady for each in known)
        return out or wanted[0] not in self._platforms

    def any_due(self, until: datetime) -> bool:
        """Whether anything could be sent by then, on the steady clock."""
        out = {key for key, account in self.accounts.items() if account.is_out}
        return any(
            due <= until and (track := track_of(d))[0] in self._platforms and track[:2] not in out
            for d, due in self._lanes.entries()
        )

    def opens(self) -> datetime | None:
        """Return when the next choice can be made, None where only an event can tell."""
        steady = self._times.steady()
        return min(filter(None, (self._opens(t, steady) for t in self._tracks())), default=None)

    def _tracks(self) -> list[Track]:
        """Return the tracks that can be served, messages before edits."""
        known = (track for track in self._lanes.tracks() if track[0] in self._platforms)
        return sorted(known, key=lambda track: track[2])

    def _opens(self, track: Track, steady: datetime) -> datetime | None:
        """Return when a track's next call may be prepared, None where only an event can tell."""
        due, account = self._lanes.due(track), self.accounts[track[:2]].opens(steady)
        if due is None or account is None:
            return None
        method = Method.EDIT if track[2] else Method.SEND
        opens = max(due, account, self.paces.opens(track[:2], method, steady) - AHEAD)
        return self._after_messages(track, opens, steady) if track[2] else opens

    def _after_messages(self, track: Track, opens: datetime, steady: datetime) -> datetime | None:
        """Return when edits may go that share the slots of messages, which go first."""
        messages = (track[0], track[1], False)
        first = self._lanes.due(messages) if self.paces.shares(track[0]) else None
        if first is None or first > steady:
            return opens
        after = self._opens(messages, steady)
        return max(opens, after + _TICK) if after else None

    def choose(self) -> tuple[list[Settle], list[Slot]]:
        """Return what is settled without a call, and the calls to claim, each with its slot."""
        settled: list[Settle] = []
        slots: list[Slot] = []
        for track in self._tracks():
            while len(settled) + len(slots) < BATCH and (taken := self._take(track)):
                match step_of(taken, self.desk, self._times.now()):
                    case Contact() as contact:
                        slots += self._slot(contact)
                    case Settle() as settle:
                        settled.append(settle)
                    case Wait(until=until):
                        self._lanes.put(taken, self._times.steady() + (until - self._times.now()))
                        self._lanes.free(taken)
                    case Forget():
                        self._lanes.drop(taken)
                        self._lanes.free(taken)
        return settled, slots

    def _take(self, track: Track) -> Delivery | None:
        steady = self._times.steady()
        opens = self._opens(track, steady)
        if opens is None or opens > steady or not self.accounts[track[:2]].allows(steady):
            return None
        return self._lanes.take(track, steady)

    def _slot(self, contact: Contact) -> list[Slot]:
        """Reserve a call's slot and claim it; where its chat must wait, put it back."""
        steady, delivery = self._times.steady(), contact.delivery
        when = self.paces.earliest(contact.call, steady)
        if when > steady + AHEAD:
            self._lanes.put(delivery, when - AHEAD)
            self._lanes.free(delivery)
            return []
        self.paces.take(contact.call, when)
        self.accounts[contact.call.account].in_flight += 1
        if contact.call.method is not Method.FIND:
            claimed = outbox.claim(delivery, self._times.now(), self._rules)
            contact = replace(contact, delivery=claimed)
        return [Slot(contact, when, steady + self._rules.lease)]
