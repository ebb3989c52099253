"""How each account of a platform does: calls in flight, its breaker, whether it was shut out."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.pace import FAILURES, Breaker, Key

MOST_IN_FLIGHT = 64
SHUT_OUT = timedelta(minutes=15)  # before a refused token is tried again

CLOSED = Breaker()


@dataclass(slots=True)
class Account:
    """One account's standing."""

    breaker: Breaker = CLOSED
    in_flight: int = 0
    is_out: bool = False
    failing: set[Key] = field(default_factory=set)

    def allows(self, now: datetime) -> bool:
        """Whether one more call may start."""
        return self.in_flight < MOST_IN_FLIGHT and self.breaker.allows(now, self.in_flight)

    def opens(self, now: datetime) -> datetime | None:
        """Return when it allows a call by itself, None where a call must end first."""
        until = self.breaker.until or now
        return max(now, until) if self.in_flight == 0 or self.allows(now) else None

    def answered(self) -> bool:
        """Note a proper answer; return whether that ends a shut-out."""
        was_out, self.is_out = self.is_out, False
        self.breaker = CLOSED
        self.failing.clear()
        return was_out

    def failed(self, room: Key, now: datetime, *, whole: bool) -> None:
        """Note a call without a proper answer; `whole` where the account itself is at fault.

        Else it takes as many chats: one whose messages fail for ever must not close the others'.
        """
        self.failing.add(room)
        if whole or len(self.failing) >= FAILURES:
            self.breaker = self.breaker.failed(now)

    def shut_out(self, now: datetime) -> bool:
        """Note that the account was refused; return whether that is news."""
        was_out, self.is_out = self.is_out, True
        self.breaker = self.breaker.opened(now + SHUT_OUT)
        return not was_out


class Accounts(defaultdict[Key, Account]):
    """All accounts, by platform and name."""

    def __init__(self) -> None:
        super().__init__(Account)
