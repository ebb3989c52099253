"""The file format: records appended one after another, each able to prove that it is whole.

    file    := head record*
    head    := "EXPWIRE1" generation(8) crc32(4)
    record  := FF "REC" length(4) sequence(8) crc32(4) payload(length)

Numbers are little endian. A record's checksum covers its length, sequence and payload. A payload
is JSON, so the byte FF, which no UTF-8 holds, marks the beginning of a record and nothing else.

In a journal a record is one commit, or several that came at the same time: one write, one sync,
one checksum, so that all of it survives a crash or none of it. What a crash leaves unfinished can
only be the end of the newest journal. Such a *torn tail* was never acknowledged; it is put aside.
A bad record with a good one anywhere behind it is *damage*: nothing is started on that.
"""

import contextlib
import errno
import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.errors import DamagedError, DiskError, FullError, StoreError

MAGIC = b"EXPWIRE1"
MARK = b"\xffREC"
_HEAD = struct.Struct("<8sQ")
_FRAME = struct.Struct("<4sIQI")
_SUMMED = struct.Struct("<IQ")
_CRC = struct.Struct("<I")
HEAD = _HEAD.size + _CRC.size
LONGEST = 64 * 1024 * 1024  # bytes of a payload
ADVICE = "Nothing was changed. Keep a copy of the folder, then run `exportwire doctor --repair`."
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file."""

    sequence: int
    payload: bytes


def head(generation: int) -> bytes:
    """Return the first bytes of a file."""
    start = _HEAD.pack(MAGIC, generation)
    return start + _CRC.pack(zlib.crc32(start))


def frame(record: Record) -> bytes:
    """Return a record as bytes. Raises StoreError for one that is too long."""
    length = len(record.payload)
    if length > LONGEST:
        raise StoreError(f"A commit of {length} bytes cannot be stored; {LONGEST} may be.")
    return _FRAME.pack(MARK, length, record.sequence, _sum(record)) + record.payload


def _sum(record: Record) -> int:
    start = _SUMMED.pack(len(record.payload), record.sequence)
    return zlib.crc32(record.payload, zlib.crc32(start))


# -- reading ------------------------------------------------------------------------------------


class Reader:
    """The good records of a file, in order. After the last, `end` and `torn` are true.

    `end` is where the good records end, `torn` how many bytes follow that were never a whole
    record. Iterating raises DamagedError for anything else that is wrong. A `generation` of None
    becomes that of the file.
    """

    def __init__(self, path: Path, generation: int | None) -> None:
        self.path, self.generation = path, generation
        self.end, self.torn = HEAD, 0

    def __iter__(self) -> Iterator[Record]:
        with self.path.open("rb") as file:
            self._check(file.read(HEAD))
            while (record := _next(file)) is not None:
                self.end += _FRAME.size + len(record.payload)
                yield record
            file.seek(self.end)
            tail = file.read()
        self.torn = len(tail)
        if any(salvage(tail)):
            raise self._damaged(f"the record at byte {self.end} is bad, and good ones follow it")

    def _check(self, start: bytes) -> None:
        if len(start) < HEAD or start != head(_HEAD.unpack_from(start)[1]):
            raise self._damaged("its head is not what was written")
        generation: int = _HEAD.unpack_from(start)[1]
        if self.generation not in (None, generation):
            raise self._damaged("its head is that of another file")
        self.generation = generation

    def _damaged(self, what: str) -> DamagedError:
        return DamagedError(f"The store's file {self.path.name} is damaged: {what}. {ADVICE}")


def _next(file: BinaryIO) -> Record | None:
    start = file.read(_FRAME.size)
    if len(start) < _FRAME.size:
        return None
    mark, length, sequence, checksum = _FRAME.unpack(start)
    if mark != MARK or length > LONGEST:
        return None
    record = Record(sequence, file.read(length))
    return record if len(record.payload) == length and _sum(record) == checksum else None


def salvage(data: bytes) -> Iterator[Record]:
    """Return every whole record anywhere in `data`."""
    at = data.find(MARK)
    while at >= 0:
        record = _at(data, at)
        if record is not None:
            yield record
        at = data.find(MARK, at + 1)


def _at(data: bytes, at: int) -> Record | None:
    start = at + _FRAME.size
    if start > len(data):
        return None
    _, length, sequence, checksum = _FRAME.unpack_from(data, at)
    record = Record(sequence, data[start : start + length])
    return record if len(record.payload) == length and _sum(record) == checksum else None


# -- writing ------------------------------------------------------------------------------------


class Journal:
    """A file that is being appended to by one writer."""

    def __init__(self, path: Path, *, end: int) -> None:
        self.path = path
        self.size = end
        self._file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        self._broken: DiskError | None = None

    def append(self, record: Record) -> None:
        """Write a record and wait until the disk has it.

        Raises FullError (nothing is left of it, the next may succeed) and DiskError (from then
        on always: after a failed sync a second one may succeed although the data is lost).
        """
        if self._broken:
            raise DiskError(str(self._broken))
        data = frame(record)
        try:
            write(self._file, data, self.size)
        except OSError as error:
            self._cut()
            raise self._noted(failure(error)) from error
        try:
            os.fdatasync(self._file)
        except OSError as error:
            raise self._noted(_failed(error)) from error
        self.size += len(data)

    def _cut(self) -> None:
        try:
            os.ftruncate(self._file, self.size)
        except OSError as error:
            self._broken = _failed(error)

    def _noted(self, error: StoreError) -> StoreError:
        if isinstance(error, DiskError):
            self._broken = error
        return error

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)


def failure(error: OSError) -> StoreError:
    """Return what a failed write means: FullError or DiskError."""
    if error.errno in _NO_SPACE:
        return FullError(
            "No space is left for the store: nothing was lost, nothing new is kept. Free some "
            "space on the device; writing goes on by itself then."
        )
    return _failed(error)


def _failed(error: OSError) -> DiskError:
    return DiskError(
        f"The disk could not keep what was written ({error.strerror}). Check the device, then "
        "start again: everything that was acknowledged is read back from it."
    )


def write(file: int, data: bytes, at: int) -> None:
    """Write all of `data` at a place."""
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, at)
        view, at = view[written:], at + written


def create(path: Path, pieces: Iterable[bytes]) -> int:
    """Make a file appear whole or not at all; return its size. Raises FullError, DiskError."""
    temp = path.with_name(path.name + ".tmp")
    try:
        size = _fill(temp, pieces)
        temp.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temp.unlink()
        raise failure(error) from error
    return size


def _fill(path: Path, pieces: Iterable[bytes]) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    file = os.open(path, flags, 0o600)
    try:
        size = 0
        for piece in pieces:
            write(file, piece, size)
            size += len(piece)
        os.fsync(file)
    finally:
        os.close(file)
    return size


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
