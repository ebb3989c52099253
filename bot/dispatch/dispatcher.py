"""The sender: takes what is due, claims it in one commit, calls the platforms, settles."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot import outbox
from bot.dispatch import fates
from bot.dispatch.fates import Clocks
from bot.dispatch.ledger import merged, note, save
from bot.dispatch.options import Options
from bot.dispatch.rekey import followed
from bot.dispatch.steps import Chance, Contact
from bot.dispatch.times import Times
from bot.dispatch.turns import Slot, Turns
from bot.dispatch.wanted import Wanted
from bot.errors import SendError, StoreError
from bot.model import Changes, ChatId, Delivery, DeliveryId, State
from bot.pace import Method
from bot.ports import Clock, Platform, Store

log = logging.getLogger("exportwire.dispatch")
SWEEP = timedelta(minutes=1)  # between looks at the whole outbox


class Dispatcher:
    """Delivers what the store owes, until stopped."""

    def __init__(  # the edges of sending, each of them once
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        *,
        clock: Clock,
        rng: Chance,
        options: Options = Options(),  # noqa: B008  # frozen
    ) -> None:
        self._store, self._options, self._times = store, options, Times(clock)
        self._turns = Turns(store, platforms, self._times, rng, options.rules)
        self._tasks: set[asyncio.Task[None]] = set()
        self._event, self._ended = asyncio.Event(), asyncio.Event()
        self._sweep_at: datetime | None = None  # None: at once
        self._stopping, self._wanted = False, Wanted()

    def wake(self, new: Iterable[Delivery] | None = None) -> None:
        """Say that deliveries were committed: these, or (None) whatever the store now owes."""
        if new is None:
            self._sweep_at = None
        elif rows := tuple(new):
            self._turns.put(rows)
        else:
            return  # most polls owe nothing
        self._event.set()

    def review(self, chats: Iterable[ChatId]) -> None:
        """Say that chats' settings were committed: what they are owed is looked at again."""
        self._wanted.chats.update(dict.fromkeys(chats))
        self._event.set()

    async def withdraw(self, deliveries: Iterable[DeliveryId]) -> frozenset[DeliveryId]:
        """Cancel deliveries; return those that were still owed, once that is durable."""
        answer = self._wanted.withdrawal(deliveries)
        self._event.set()
        return await answer

    async def run(self) -> None:
        """Send until stopped or cancelled. Raises DiskError where the store cannot go on."""
        try:
            await self._recover()
            async with asyncio.TaskGroup() as group:
                while not self._stopping:
                    await self._turn(group)
        except BaseExceptionGroup as group_error:
            raise group_error.exceptions[0] from group_error
        finally:
            self._wanted.close()

    async def drain(self, timeout: timedelta) -> int:  # noqa: ASYNC109  # what is still owed is the answer
        """Wait until all that can be sent within `timeout` is; return how many are still owed."""
        until = self._times.steady() + timeout
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout.total_seconds()):
                while self._is_busy(until):
                    self._ended.clear()
                    await self._ended.wait()
        return self._turns.owed()

    def resting(self, account: str) -> bool:
        """Whether an account ("slack:T1"), or one of a platform ("slack"), is left alone."""
        return self._turns.resting(account)

    def _is_busy(self, until: datetime) -> bool:
        return self._sweep_at is None or bool(self._tasks) or self._turns.any_due(until)

    async def stop(self, grace: timedelta = timedelta(seconds=20)) -> None:
        """Claim no more, finish what is in flight within `grace`, leave the rest owed."""
        self._stopping = True
        self._event.set()
        if tasks := set(self._tasks):
            await asyncio.wait(tasks, timeout=grace.total_seconds())
        for task in self._tasks:
            task.cancel()

    # -- the loop -------------------------------------------------------------------------------

    async def _recover(self) -> None:
        now = self._times.now()
        rows = [
            row
            for d in self._store.owed()
            for row in outbox.recover([d], now, self._turns.desk.lag(d))
        ]
        if rows:
            log.warning("sending was interrupted", extra={"deliveries": len(rows)})
            await save(self._store, Changes(deliveries=tuple(rows)))
        self.review(d.chat for d in self._store.owed())  # settings that changed before it ended

    async def _turn(self, group: asyncio.TaskGroup) -> None:
        self._event.clear()
        if self._sweep_at is None or self._times.steady() >= self._sweep_at:
            self._load()
        await self._meet()
        settled, slots = self._turns.choose()
        if not settled and not slots:
            await self._rest()
            return
        rows = (slot.contact.delivery for slot in slots)
        claims = Changes(deliveries=tuple(d for d in rows if d.state is State.SENDING))
        await save(self._store, merged([*(s.changes for s in settled), claims]))
        for step in settled:
            self._apply(step.changes)
            self._turns.free(step.delivery)
        self._ended.set()
        for slot in slots:
            task = group.create_task(self._deliver(slot))
            self._tasks.add(task)
            task.add_done_callback(self._forget)

    async def _meet(self) -> None:
        """Do what people want changed in what is owed, where nothing is in flight."""
        chats = self._wanted.free(self._turns.is_busy)
        rows = self._turns.reviewed(chats)
        taken = self._wanted.withdrawn(self._store, self._turns.is_busy)
        changes = Changes(deliveries=(*rows, *taken))
        if changes.deliveries:
            await save(self._store, changes)
            self._apply(changes)
        self._wanted.answer(d.id for d in taken)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._ended.set()

    def _load(self) -> None:
        """Read what is owed: at a start, when woken, and now and then, should nobody have."""
        woken, self._sweep_at = self._sweep_at is None, self._times.steady() + SWEEP
        self._turns.sweep(anew=woken)
        self._ended.set()
        self._turns.paces.tidy(self._times.steady())

    async def _rest(self) -> None:
        """Sleep until something is due, or something happens."""
        steady = self._times.steady()
        sweep = self._sweep_at or steady
        seconds = (min(self._turns.opens() or sweep, sweep) - steady).total_seconds()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, seconds)):
                await self._event.wait()

    # -- sending --------------------------------------------------------------------------------

    async def _deliver(self, slot: Slot) -> None:
        contact = slot.contact
        try:
            changes = await self._attempt(slot)
            if self._is_ours(contact):
                changes = followed(changes, contact.delivery, self._store)
                await save(self._store, changes)
                self._apply(changes)
        except StoreError:
            raise
        except Exception:
            log.exception("settling failed", extra={"delivery": contact.delivery.id})
        finally:
            self._turns.accounts[contact.call.account].in_flight -= 1
            self._turns.free(contact.delivery)
            self._event.set()

    async def _attempt(self, slot: Slot) -> Changes:
        contact = slot.contact
        await asyncio.sleep(max(0.0, (slot.when - self._times.steady()).total_seconds()))
        if not self._may_leave(slot):
            return fates.unsent(contact, self._times.now())
        account = self._turns.accounts[contact.call.account]
        try:
            receipt = await fates.asked(contact, self._turns.desk)
        except SendError as error:
            at = self._clocks()
            news = fates.rest(contact, error, account, self._turns.paces, at)
            changes = fates.failed(contact, error, self._turns.desk, at)
            return merged([changes, self._notice(contact, error)]) if news else changes
        if account.answered():
            log.warning("account answers again", extra={"account": contact.call.account[0]})
        return fates.answered(contact, receipt, self._turns.desk, self._clocks())

    def _clocks(self) -> Clocks:
        return Clocks(self._times.now(), self._times.steady())

    def _may_leave(self, slot: Slot) -> bool:
        """Whether a call may still be made: wanted, nothing rests, a lease beyond the deadline."""
        contact, steady, rules = slot.contact, self._times.steady(), self._options.rules
        rests = self._stopping or self._turns.paces.quiet(contact.call, steady) > steady
        if rests or not self._is_ours(contact):
            return False
        if contact.call.method is Method.FIND:
            return True
        held = steady + rules.deadline + rules.margin <= slot.until
        return held and outbox.may_send(contact.delivery, self._times.now(), rules)

    def _is_ours(self, contact: Contact) -> bool:
        """Whether nobody else settled the row meanwhile, such as a chat that was forgotten."""
        stored = self._store.delivery(contact.delivery.id)
        if contact.call.method is Method.FIND:
            return stored == contact.delivery
        return outbox.is_mine(contact.delivery, stored)

    def _notice(self, contact: Contact, error: SendError) -> Changes:
        text = fates.notice(contact, str(error), self._times.now())
        log.error("account shut out", extra={"notice": text})
        if self._options.operator is None:
            return Changes()
        return Changes(
            deliveries=(outbox.to_operator(self._options.operator, text, self._times.now()),)
        )

    def _apply(self, changes: Changes) -> None:
        """Take over what was committed, and say what came to its end."""
        self._turns.put(changes.deliveries)
        if changes.unsubscribed or changes.subscriptions or changes.chats:
            self._options.moved(changes)
        for delivery in changes.deliveries:
            if delivery.state in outbox.ENDS:
                note(delivery)
                self._options.settled(delivery)
