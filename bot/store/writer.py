"""Group commit: who waits at the same time shares one write and one sync, in the order asked.

A thread writes, so that the loop goes on; the loop applies, so that readers see whole commits.
Snapshots are written by a second thread beside the commits that follow.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.errors import DiskError, FullError, StoreError
from bot.store.engine import Engine
from bot.store.recover import Change, State
from bot.store.reserve import Reserve

PAUSE = 0.001  # seconds that a snapshot rests after each 64 KiB
LARGEST = 8 * 1024 * 1024  # bytes of commits that are written together
Plan = Callable[[], Sequence[Change]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    plan: Plan
    late: bool
    urgent: bool
    erase: bool
    done: "asyncio.Future[None]"


_Planned = tuple[_Waiting, Sequence[Change]]


class Writer:
    """The one that writes.

    `trouble` is why commits fail: set by a FullError or DiskError, which `failed` tells of, and
    taken back by the next commit that needs no reserve.
    """

    def __init__(self, engine: Engine) -> None:
        self.trouble: StoreError | None = None
        self.failed = asyncio.Event()
        self._engine = engine
        self._reserve = Reserve(engine.folder)
        self._waiting: deque[_Waiting] = deque()
        self._writing: asyncio.Task[None] | None = None
        self._settling: asyncio.Task[None] | None = None
        self._threads = ThreadPoolExecutor(2, "store")
        self._closed = False
        self._erase = False
        self._erase_later = False  # the snapshot for it failed

    async def write(
        self, plan: Plan, *, late: bool = False, urgent: bool = False, erase: bool = False
    ) -> None:
        """Make what `plan` returns durable, then visible. Raises StoreError.

        A `late` plan is asked when all before it is visible, and what comes after it once it has
        ended; another when its turn comes. An `urgent` one may use the reserve of a full disk.
        `erase` takes what is deleted from the disk soon after, not at some time. Cancelling the
        caller undoes nothing.
        """
        if self._closed:
            raise StoreError("The store is closed; start again.")
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(plan, late, urgent, erase, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._run())
        await asyncio.shield(done)

    async def _run(self) -> None:
        while self._waiting:
            await self._attempt(self._batch())
            await self._compact()

    def _batch(self) -> list[_Planned]:
        batch: list[_Planned] = []
        room = LARGEST
        while self._waiting and room > 0 and not (batch and self._waiting[0].late):
            waiting = self._waiting.popleft()
            room = 0 if waiting.late else room
            try:
                rows = waiting.plan()
            except Exception as error:  # noqa: BLE001  # whoever waits must hear of it
                _fail([waiting], error)
            else:
                batch.append((waiting, rows))
                room -= sum(len(data or b"") for _, _, data in rows)
        return batch

    async def _attempt(self, batch: Sequence[_Planned]) -> None:
        rows = [row for _, made in batch for row in made]
        waiting = [each for each, _ in batch]
        try:
            await self._commit(rows, urgent=all(each.urgent for each in waiting))
        except Exception as error:  # noqa: BLE001  # as above
            if isinstance(error, FullError) and len(batch) > 1:
                for each in batch:  # there may be room for some of them
                    await self._attempt([each])
            else:
                _fail(waiting, error)
        else:
            _finish(waiting)
            self._erase |= any(each.erase for each in waiting)

    async def _commit(self, rows: Sequence[Change], *, urgent: bool) -> None:
        if not rows:
            return
        try:
            await self._append(rows, urgent=urgent)
        except (FullError, DiskError) as error:
            self.trouble = error
            self.failed.set()
            raise
        self._engine.apply(rows)
        if not urgent:
            self.trouble = None
            self.failed.clear()

    async def _append(self, rows: Sequence[Change], *, urgent: bool) -> None:
        try:
            await self._in_thread(self._engine.append, rows)
        except FullError:
            if not (urgent and self._reserve.release()):
                raise
            await self._in_thread(self._engine.append, rows)

    async def _in_thread(self, act: Callable[..., Any], *given: object) -> Any:
        if self._engine.folder is None:
            return act(*given)
        return await asyncio.get_running_loop().run_in_executor(self._threads, act, *given)

    async def has_room(self) -> bool:
        """Whether a full disk has space again: for the reserve, and for a commit that says so."""
        if not await self._in_thread(self._reserve.has_room):
            return False
        with contextlib.suppress(FullError):
            await self.write(self._engine.unchanged)
        return self.trouble is None

    # -- compaction -------------------------------------------------------------------------

    async def _compact(self) -> None:
        settling = self._settling is not None and not self._settling.done()
        if not settling and (self._erase or self._engine.wants_snapshot):
            await self._turn()

    async def _turn(self) -> None:
        try:
            state = await self._in_thread(self._engine.turn)
        except StoreError as error:
            _log.warning("no snapshot was begun, which will be tried again: %s", error)
            return
        erase = self._erase or self._erase_later
        self._erase = self._erase_later = False
        self._settling = asyncio.create_task(self._settle(state, erase=erase))

    async def _settle(self, state: State, *, erase: bool) -> None:
        try:
            await self._in_thread(partial(self._engine.settle, state, erase=erase, pause=PAUSE))
            await self._in_thread(self._reserve.refill)
        except StoreError as error:
            self._erase_later = erase
            _log.warning("no snapshot was written, which will be tried again: %s", error)

    async def compact(self) -> None:
        """Write a snapshot now, and wait until the old files are gone."""
        await _ended(self._settling)
        await self.write(list, erase=True)
        await _ended(self._writing)
        await _ended(self._settling)

    async def close(self) -> None:
        """Finish what was asked, and accept no more."""
        self._closed = True
        await _ended(self._writing)
        await _ended(self._settling)
        if self._erase:
            await self._turn()
            await _ended(self._settling)
        self._threads.shutdown()


async def _ended(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        await asyncio.wait([task])


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.done.done():
            waiting.done.set_exception(type(error)(*error.args))


def _finish(batch: Sequence[_Waiting]) -> None:
    for waiting in batch:
        if not waiting.done.done():
            waiting.done.set_result(None)
