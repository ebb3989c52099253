"""Read strangers' documents off the event loop, in worker processes that are killed on overrun."""

import asyncio
from types import TracebackType
from typing import Self

import msgspec

from bot.errors import RefusedError, ShapeError
from bot.model import Page, Parsed, Row
from bot.parse.process import CrashError, OverrunError, Worker
from bot.parse.read import read
from bot.parse.worker import FAILED, PARSED, REFUSED, SHAPE, Job
from bot.ports import Kind

_DECODER = msgspec.msgpack.Decoder(Parsed)


async def here(kind: Kind, page: Page, row: Row) -> Parsed:
    """Read a page in this process: for pages of our own, such as tests. Raises SourceError."""
    return read(kind, page, row)


class Parser:
    """A few persistent workers, started when first needed; a context manager.

    A document may take `seconds` and `memory` bytes; a worker that takes more is replaced.
    """

    def __init__(
        self, *, workers: int = 2, seconds: float = 3.0, memory: int = 200_000_000
    ) -> None:
        self._seconds, self._memory = seconds, memory
        self._idle: asyncio.LifoQueue[Worker | None] = asyncio.LifoQueue()
        self._workers: set[Worker] = set()
        for _ in range(workers):
            self._idle.put_nowait(None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in tuple(self._workers):
            await self._stop(worker)

    async def __call__(self, kind: Kind, page: Page, row: Row) -> Parsed:
        """Return what a page holds. Raises ShapeError and RefusedError.

        Raises RuntimeError with the worker's traceback where the kind itself has a fault.
        """
        try:
            return parsed_of(*await self._asked((kind, page, row)))
        except OverrunError as error:
            raise RefusedError(
                f"reading the document took longer than {self._seconds:g} s; it was dropped"
            ) from error
        except CrashError as error:
            raise RefusedError(
                "reading the document broke the reader (it may need too much memory)"
            ) from error

    async def _asked(self, job: Job) -> tuple[bytes, bytes]:
        worker = await self._idle.get()
        try:
            worker = worker or await self._start()
            return await worker.ask(job)
        except BaseException:  # a cancelled job too leaves its worker in the middle of it
            if worker:
                await self._stop(worker)
            worker = None
            raise
        finally:
            self._idle.put_nowait(worker)

    async def _start(self) -> Worker:
        worker = await Worker.start(memory=self._memory, seconds=self._seconds, cpu=self._seconds)
        self._workers.add(worker)
        return worker

    async def _stop(self, worker: Worker) -> None:
        self._workers.discard(worker)
        await worker.stop()


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
