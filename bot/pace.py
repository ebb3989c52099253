"""How fast platforms are spoken to: spaced slots without bursts, pauses, and circuit breakers.

Measured: a bucket that lets a burst through after an idle spell, or runs at exactly the limit,
is refused; slots spaced a little under the limit are not. Pure: `now` is an argument, and must
come from a clock that never goes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model import Chat
from bot.ports import Pace

MARGIN = 28 / 30  # of a platform's limit that is used
FAILURES = 5  # in a row that open an account's breaker
_FIRST_REST, _LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
_KEPT = 10_000
Key = tuple[str, ...]


class Method(StrEnum):
    """What a call does; platforms limit these apart."""

    SEND = "send"
    EDIT = "edit"
    FIND = "find"


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a platform: into which chat, and what it does there."""

    chat: Chat
    method: Method = Method.SEND

    @property
    def account(self) -> Key:
        """Return the account that makes the call."""
        return (self.chat.platform, self.chat.account)

    @property
    def room(self) -> Key:
        """Return the chat without its thread: threads share their room's limit."""
        return ("room", *self.account, self.chat.room)


def is_group(chat: Chat) -> bool:
    """Whether more than two may read: Telegram gives groups and channels negative ids."""
    return chat.room.startswith("-")


class Paces:
    """When each account and chat may be spoken to next. `lookups` are a second and account."""

    def __init__(self, paces: Mapping[str, Pace], lookups: float) -> None:
        self._paces, self._lookups = paces, lookups
        self._free: dict[Key, datetime] = {}
        self._quiet: dict[Key, datetime] = {}

    def earliest(self, call: Call, now: datetime) -> datetime:
        """Return the first instant at which `call` may leave."""
        slots = (self._free.get(key, now) for key, _ in self._spacings(call))
        return max(now, self.quiet(call, now), *slots)

    def opens(self, account: Key, method: Method, now: datetime) -> datetime:
        """Return the first instant at which an account may make any such call."""
        free = self._free.get(self._bucket(account, method), now)
        quiet = (self._quiet.get(key, now) for key in (account, (method, *account)))
        return max(now, free, *quiet)

    def take(self, call: Call, when: datetime) -> None:
        """Use the slot at `when`; the next one is a full spacing later."""
        for key, spacing in self._spacings(call):
            if spacing:
                self._free[key] = when + spacing

    def quiet(self, call: Call, now: datetime) -> datetime:
        """Return until when the platform asked us not to make `call`; `now` where it did not."""
        keys = (call.account, (call.method, *call.account), call.room)
        return max(self._quiet.get(key, now) for key in keys)

    def pause(self, call: Call, scope: str, until: datetime) -> None:
        """Make no call of the scope ("chat", "method", "account") of `call` before `until`."""
        scopes = {"account": call.account, "method": (call.method, *call.account)}
        key = scopes.get(scope, call.room)
        self._quiet[key] = max(until, self._quiet.get(key, until))

    def shares(self, platform: str) -> bool:
        """Whether a platform's edits use up the slots of its messages."""
        return not self._paces[platform].edits

    def tidy(self, now: datetime) -> None:
        """Forget slots and pauses that are over, once there are many."""
        for kept in (self._free, self._quiet):
            if len(kept) > _KEPT:
                for key in [key for key, until in kept.items() if until <= now]:
                    del kept[key]

    def _bucket(self, account: Key, method: Method) -> Key:
        shared = method is Method.EDIT and self.shares(account[0])
        return (Method.SEND if shared else method, *account)

    def _spacings(self, call: Call) -> tuple[tuple[Key, timedelta], ...]:
        pace = self._paces[call.chat.platform]
        bucket = self._bucket(call.account, call.method)
        if bucket[0] == Method.FIND:
            return ((bucket, spacing_of(self._lookups)),)
        if bucket[0] == Method.EDIT:
            return ((bucket, spacing_of(pace.edits)),)
        group = spacing_of(pace.group) if is_group(call.chat) else timedelta()
        room = max(spacing_of(pace.chat), group)
        return (bucket, spacing_of(pace.account)), (call.room, room)


def spacing_of(rate: float) -> timedelta:
    """Return the time between two calls at a little under `rate` a second (0: unlimited)."""
    return timedelta(seconds=1 / (rate * MARGIN)) if rate else timedelta()


@dataclass(frozen=True, slots=True)
class Breaker:
    """Whether an account is worth calling: open after failures in a row, then one probe a time."""

    failures: int = 0
    until: datetime | None = None

    def allows(self, now: datetime, in_flight: int) -> bool:
        """Whether one more call may be made while `in_flight` are."""
        if self.until is None:
            return True
        return now >= self.until and in_flight == 0

    def failed(self, now: datetime) -> "Breaker":
        """Count a call without a proper answer; one that left before it opened says nothing new."""
        if self.until is not None and now < self.until:
            return self
        failures = self.failures + 1
        if failures < FAILURES:
            return Breaker(failures)
        rest = min(_LONGEST_REST, _FIRST_REST * 2 ** min(failures - FAILURES, 10))
        return Breaker(failures, now + rest)

    def opened(self, until: datetime) -> "Breaker":
        """Leave the account alone until then."""
        return Breaker(max(self.failures, FAILURES), until)
