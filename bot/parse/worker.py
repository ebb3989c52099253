"""The inside of a worker process: answers jobs, each within limits that the system enforces.

A worker has none of our environment, writes no files and opens no connection of ours. Jobs come as
pickles, since our own process wrote them; answers go back as MessagePack, which cannot make the
receiver run anything, whatever a document did to the worker.
"""

import gc
import os
import pickle
import resource
import struct
import sys
import time
from math import ceil

import msgspec

from bot.errors import RefusedError, ShapeError
from bot.model import Page, Row
from bot.parse.read import read
from bot.ports import Kind

Job = tuple[Kind, Page | None, Row | None]
"""A kind and what to read with it; without a page, its modules are only loaded."""

HEAD = struct.Struct(">cI")
"""An answer's head: what it is, and how many bytes follow."""
SIZE = struct.Struct(">I")
"""A job's head: how many bytes follow."""
PARSED, LOADED, SHAPE, REFUSED, FAILED = b"P", b"L", b"S", b"R", b"F"

_JOBS = 262_144  # bytes of jobs that are taken at once
_BOUNDLESS = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
_DEEPEST = 3_000  # frames: room for honest nesting, an end to the rest
_LONGEST_TRACE = 3_000
_YOUNG = 20_000  # new objects between two looks for cycles: of a feed's none are in one


def main(memory: int, cpu: float) -> None:
    """Answer jobs until standard input ends; each may take `memory` bytes and `cpu` seconds."""
    answers, jobs = os.dup(1), open(0, "rb", buffering=_JOBS)  # noqa: SIM115  # to the end
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a print would break the conversation
    sys.setrecursionlimit(_DEEPEST)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    gc.set_threshold(_YOUNG)
    bounds = _Bounds(memory, cpu)
    while head := jobs.read(SIZE.size):
        job: Job = pickle.loads(jobs.read(*SIZE.unpack(head)))  # noqa: S301  # we wrote it ourselves
        bounds.set()
        what, content = _outcome(job)
        resource.setrlimit(resource.RLIMIT_AS, _BOUNDLESS)
        _write(answers, HEAD.pack(what, len(content)) + content)


class _Bounds:
    """The limits of a job, which the system keeps; each job pays for setting them."""

    def __init__(self, memory: int, cpu: float) -> None:
        self._memory, self._cpu, self._until = memory, cpu, 0
        self._page = resource.getpagesize()
        try:
            self._statm = os.open("/proc/self/statm", os.O_RDONLY)
        except OSError:  # macOS does not tell what is in use
            self._statm = -1

    def set(self) -> None:
        """Bound what the process may take from now on."""
        if self._statm >= 0:
            used = int(os.pread(self._statm, 64, 0).split(None, 1)[0]) * self._page
            resource.setrlimit(resource.RLIMIT_AS, (used + self._memory, resource.RLIM_INFINITY))
        until = ceil(time.process_time() + self._cpu) + 1
        if until != self._until:  # whole seconds, which many jobs share
            resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
            self._until = until


def _outcome(job: Job) -> tuple[bytes, bytes]:
    kind, page, row = job
    if page is None or row is None:
        gc.freeze()  # what a kind loaded stays until the end
        return LOADED, b""
    try:
        return PARSED, msgspec.msgpack.encode(read(kind, page, row))
    except ShapeError as error:
        return SHAPE, str(error).encode()
    except RefusedError as error:
        return REFUSED, str(error).encode()
    except Exception:  # noqa: BLE001  # the task begins here; our process logs it
        import traceback  # noqa: PLC0415  # a start pays for what it loads

        return FAILED, traceback.format_exc()[-_LONGEST_TRACE:].encode("utf-8", "replace")


def _write(to: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(to, rest) :]
