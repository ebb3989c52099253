"""The outside of a worker process: start it, give it one job at a time, end it on overrun."""

import asyncio
import contextlib
import os
import pickle
import sys
from typing import Self

from bot.parse.worker import HEAD, SIZE, Job

_LOADING = 30.0  # seconds to start Python and load a kind's modules, on a busy machine
_LONGEST_ANSWER = 64_000_000
_BUFFER = 1_048_576
_START = "from bot.parse.worker import main; main({memory}, {cpu})"


class OverrunError(Exception):
    """The worker did not answer in time."""


class CrashError(Exception):
    """The worker died, or answered with what no worker says."""


class Worker:
    """One process; not for two jobs at once. After an error it is dead and must be replaced."""

    def __init__(self, process: asyncio.subprocess.Process, seconds: float) -> None:
        self._process, self._seconds = process, seconds
        self._loaded: set[type] = set()

    @classmethod
    async def start(cls, *, memory: int, seconds: float, cpu: float) -> Self:
        """Start a worker: each job may take `memory` bytes, `seconds`, and `cpu` seconds of those.

        It gets our import path and nothing else of our environment.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _START.format(memory=memory, cpu=cpu),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
            start_new_session=True,  # Ctrl-C is for us to handle
            limit=_BUFFER,
        )
        return cls(process, seconds)

    async def ask(self, job: Job) -> tuple[bytes, bytes]:
        """Return what the answer is and its content. Raises OverrunError, CrashError."""
        kind = type(job[0])
        if kind not in self._loaded:
            await self._within(_LOADING, (job[0], None, None))
            self._loaded.add(kind)
        return await self._within(self._seconds, job)

    async def stop(self) -> None:
        """End the process, whatever it is doing."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        assert self._process.stdin is not None  # noqa: S101  # for mypy: it is a pipe
        self._process.stdin.close()
        await self._process.wait()

    async def _within(self, seconds: float, job: Job) -> tuple[bytes, bytes]:
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(pickle.dumps(job, pickle.HIGHEST_PROTOCOL))
        except TimeoutError as error:
            raise OverrunError from error
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise CrashError from error

    async def _exchange(self, job: bytes) -> tuple[bytes, bytes]:
        ask, answer = self._process.stdin, self._process.stdout
        assert ask is not None  # noqa: S101  # for mypy: both are pipes
        assert answer is not None  # noqa: S101  # likewise
        ask.write(SIZE.pack(len(job)))
        ask.write(job)
        await ask.drain()
        what, size = HEAD.unpack(await answer.readexactly(HEAD.size))
        if size > _LONGEST_ANSWER:
            raise CrashError
        return what, await answer.readexactly(size)
