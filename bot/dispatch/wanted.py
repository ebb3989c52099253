"""What people want changed in what is already owed, until the sender comes to it.

The sender alone changes deliveries that exist, so that nobody's change can undo another's.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.model import ChatId, Delivery, DeliveryId, State
from bot.outbox import cancel
from bot.ports import Store

Busy = Callable[[ChatId], bool]


@dataclass(slots=True)
class _Withdrawal:
    ids: frozenset[DeliveryId]
    answer: "asyncio.Future[frozenset[DeliveryId]]"
    ready: bool = False


@dataclass(slots=True)
class Wanted:
    """Chats to look at again, and deliveries to take back."""

    chats: dict[ChatId, None] = field(default_factory=dict)  # in the order asked
    _withdrawals: list[_Withdrawal] = field(default_factory=list)

    def withdrawal(
        self, deliveries: Iterable[DeliveryId]
    ) -> "asyncio.Future[frozenset[DeliveryId]]":
        """Ask for deliveries to be cancelled; the answer names those that were."""
        answer: asyncio.Future[frozenset[DeliveryId]] = asyncio.get_running_loop().create_future()
        self._withdrawals.append(_Withdrawal(frozenset(deliveries), answer))
        return answer

    def free(self, busy: Busy) -> tuple[ChatId, ...]:
        """Take out the chats of which nothing is in flight."""
        found = tuple(chat for chat in self.chats if not busy(chat))
        for chat in found:
            del self.chats[chat]
        return found

    def withdrawn(self, store: Store, busy: Busy) -> tuple[Delivery, ...]:
        """Return the deliveries to take back, cancelled, where nothing of theirs is in flight."""
        taken: dict[DeliveryId, Delivery] = {}
        for asked in self._withdrawals:
            rows = [row for name in sorted(asked.ids) if (row := store.delivery(name))]
            asked.ready = not any(busy(row.chat) for row in rows)
            owed = (row for row in rows if asked.ready and row.state is State.PENDING)
            taken.update((row.id, cancel(row, "withdrawn")) for row in owed)
        return tuple(taken.values())

    def close(self) -> None:
        """Answer that nothing was cancelled: the sender has ended."""
        for asked in self._withdrawals:
            asked.ready = True
        self.answer(())

    def answer(self, taken: Iterable[DeliveryId]) -> None:
        """Tell those who asked, now that it is durable."""
        cancelled = frozenset(taken)
        for asked in [each for each in self._withdrawals if each.ready]:
            self._withdrawals.remove(asked)
            if not asked.answer.done():
                asked.answer.set_result(asked.ids & cancelled)
