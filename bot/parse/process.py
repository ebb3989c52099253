"""The outside of a worker process: start it, give it jobs, end it on overrun."""

import asyncio
import contextlib
import fcntl
import os
import pickle
import sys
from pathlib import Path
from typing import Self

from bot.parse.worker import HEAD, SIZE, Job

_LOADING = 30.0  # seconds to start Python and load a kind's modules, on a busy machine
_LONGEST_ANSWER = 64_000_000
_BUFFER = 1_048_576
_ROOT = str(Path(__file__).parents[2])  # an editable install is not in the path
_START = "from bot.parse.worker import main; main({memory}, {cpu})"


class OverrunError(Exception):
    """The worker did not answer in time."""


class CrashError(Exception):
    """The worker died, or answered with what no worker says."""


class LostError(Exception):
    """The worker ended with another job; this one is to be given to the next."""


class Worker:
    """One process, which answers its jobs in the order in which they were given.

    A job's time begins when the one before is answered. After an error the worker is `dead`, with
    all the jobs that it has in hand, and must be replaced.
    """

    def __init__(self, process: asyncio.subprocess.Process, seconds: float) -> None:
        self._process, self._seconds = process, seconds
        self._loaded: set[type] = set()
        self._answering = asyncio.Lock()  # fair: who wrote first reads first
        self.dead = False

    @property
    def ready(self) -> bool:
        """Whether it has loaded a kind."""
        return bool(self._loaded)

    @classmethod
    async def start(cls, *, memory: int, seconds: float, cpu: float) -> Self:
        """Start a worker: each job may take `memory` bytes, `seconds`, and `cpu` seconds of those.

        It gets our import path and nothing else of our environment.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-S",  # what `site` would find is in our path already
            "-c",
            _START.format(memory=memory, cpu=cpu),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join([_ROOT, *(path or "." for path in sys.path)])},
            start_new_session=True,  # Ctrl-C is for us to handle
            limit=_BUFFER,
        )
        assert process.stdin is not None  # noqa: S101  # for mypy: it is a pipe
        _widen(process.stdin.get_extra_info("pipe").fileno())
        return cls(process, seconds)

    async def ask(self, job: Job) -> tuple[bytes, bytes]:
        """Return what the answer is and its content. Raises OverrunError, CrashError, LostError."""
        kind = type(job[0])
        if kind not in self._loaded:
            await self._within(_LOADING, (job[0], None, None))
            self._loaded.add(kind)
        return await self._within(self._seconds, job)

    async def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._end()
        assert self._process.stdin is not None  # noqa: S101  # for mypy: it is a pipe
        self._process.stdin.close()
        await self._process.wait()

    def _end(self) -> None:
        self.dead = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def _within(self, seconds: float, job: Job) -> tuple[bytes, bytes]:
        self._check()
        try:
            self._give(pickle.dumps(job, pickle.HIGHEST_PROTOCOL))
            async with self._answering:
                self._check()
                async with asyncio.timeout(seconds):
                    return await self._answer()
        except BaseException as error:  # its answer may still come, and would be the next job's
            lost = self.dead  # another job's end took the worker along
            self._end()
            if isinstance(error, TimeoutError):
                raise OverrunError from error
            if isinstance(error, asyncio.IncompleteReadError | ConnectionError):
                raise (LostError if lost else CrashError) from error
            raise

    def _check(self) -> None:
        if self.dead:
            raise LostError

    def _give(self, job: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101  # for mypy: it is a pipe
        self._process.stdin.write(SIZE.pack(len(job)) + job)  # one write: it wakes the worker once

    async def _answer(self) -> tuple[bytes, bytes]:
        answer = self._process.stdout
        assert answer is not None  # noqa: S101  # for mypy: it is a pipe
        what, size = HEAD.unpack(await answer.readexactly(HEAD.size))
        if size > _LONGEST_ANSWER:
            raise CrashError
        return what, await answer.readexactly(size)


def _widen(pipe: int) -> None:
    """Let a pipe hold several documents, where the system can: they are written in one go then."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _BUFFER)
