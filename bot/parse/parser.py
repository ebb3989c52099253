"""Read strangers' documents off the event loop, in worker processes that are killed on overrun."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

import msgspec

from bot.errors import RefusedError, ShapeError
from bot.model import Page, Parsed, Row
from bot.parse.process import CrashError, LostError, OverrunError, Worker
from bot.parse.read import read
from bot.parse.worker import FAILED, PARSED, REFUSED, SHAPE, Job
from bot.ports import Kind

IN_HAND = 4  # jobs of a worker: while we look at an answer it goes on with the next
FEW = 10  # answers in the time of one's patience: one worker is not enough then
_DECODER = msgspec.msgpack.Decoder(Parsed)


async def here(kind: Kind, page: Page, row: Row) -> Parsed:
    """Read a page in this process: for pages of our own, such as tests. Raises SourceError."""
    return read(kind, page, row)


class _Place:
    """A worker, or who comes after it."""

    def __init__(self, start: Callable[[], Awaitable[Worker]]) -> None:
        self._start = start
        self._starting = asyncio.Lock()
        self._worker: Worker | None = None
        self._closed = False

    @property
    def ready(self) -> bool:
        """Whether a worker has started: until then no one more would be sooner."""
        return self._worker is not None and self._worker.ready

    async def ask(self, job: Job) -> tuple[bytes, bytes]:
        """Return a job's answer. Raises OverrunError, CrashError: this job broke the worker.

        Raises LostError once the place is closed.
        """
        while True:
            worker = await self._running()
            with contextlib.suppress(LostError):  # another job broke it, or was given up
                return await worker.ask(job)

    async def _running(self) -> Worker:
        async with self._starting:
            if self._closed:
                raise LostError
            if self._worker is None or self._worker.dead:
                await self._stop()
                self._worker = await self._start()
            return self._worker

    async def close(self) -> None:
        """End the worker, whatever it is doing; no other comes after it."""
        self._closed = True
        async with self._starting:  # one that is just starting is ended too
            await self._stop()

    async def _stop(self) -> None:
        if self._worker:
            await self._worker.stop()


class Parser:
    """A few persistent workers; a context manager.

    The first starts when it is needed, the next when jobs wait and few were answered in `patience`
    seconds: one that is busy and fast is enough. A document may take `seconds` and `memory` bytes;
    a worker that takes more is replaced.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        seconds: float = 3.0,
        memory: int = 200_000_000,
        patience: float = 0.5,
    ) -> None:
        self._seconds, self._memory, self._patience = seconds, memory, patience
        self._free: asyncio.LifoQueue[_Place] = asyncio.LifoQueue()
        self._places: list[_Place] = []
        self._more, self._waiting, self._answers = workers, 0, 0
        self._look: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._look:
            self._look.cancel()
        for place in self._places:
            await place.close()

    async def __call__(self, kind: Kind, page: Page, row: Row) -> Parsed:
        """Return what a page holds. Raises ShapeError and RefusedError.

        Raises RuntimeError with the worker's traceback where the kind itself has a fault.
        """
        place = await self._place()
        try:
            return parsed_of(*await place.ask((kind, page, row)))
        except OverrunError as error:
            raise RefusedError(
                f"reading the document took longer than {self._seconds:g} s; it was dropped"
            ) from error
        except CrashError as error:
            raise RefusedError(
                "reading the document broke the reader (it may need too much memory)"
            ) from error
        finally:
            self._answers += 1
            self._free.put_nowait(place)

    async def _place(self) -> _Place:
        """Return who takes a job now."""
        if not self._places:
            self._add()
        self._waiting += 1
        try:
            if self._free.empty():
                self._look_later()
            return await self._free.get()
        finally:
            self._waiting -= 1

    def _look_later(self) -> None:
        if self._more and self._look is None:
            seen = self._answers if self._places[-1].ready else -FEW  # a start is no slowness
            later = asyncio.get_running_loop().call_later
            self._look = later(self._patience, self._help, seen)

    def _help(self, answers: int) -> None:
        """Add a worker where jobs wait and few were answered since there were so many answers."""
        self._look = None
        if self._waiting and self._answers - answers < FEW:
            self._add()
        elif self._waiting:
            self._look_later()

    def _add(self) -> None:
        self._more -= 1
        self._places.append(_Place(self._start))
        for _ in range(IN_HAND):
            self._free.put_nowait(self._places[-1])

    async def _start(self) -> Worker:
        return await Worker.start(memory=self._memory, seconds=self._seconds, cpu=self._seconds)


def parsed_of(what: bytes, content: bytes) -> Parsed:
    """Return what a worker's answer says, or raise it."""
    match what:
        case _ if what == PARSED:
            return _DECODER.decode(content)
        case _ if what == SHAPE:
            raise ShapeError(content.decode())
        case _ if what == REFUSED:
            raise RefusedError(content.decode())
        case _:
            raise RuntimeError(content.decode() if what == FAILED else "no answer of a worker")
