"""The file format: records appended one after another, each able to prove that it is whole.

    file    := magic(8) generation(8) crc32(4) record*
    record  := length(4) sequence(8) crc32(4) payload(length)

All numbers are little endian; a record's checksum covers its length, sequence and payload. A
record is one transaction. What a crash leaves unfinished can only be the tail of the last file:
a *torn* tail, which was never acknowledged, is dropped. A bad record with a good one behind it is
*damage*: nothing is started on it.
"""

import contextlib
import os
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from bot.errors import DamagedError, DiskError, FullError

MAGIC = b"EXPWIRE1"
_FILE = struct.Struct("<8sQI")
_RECORD = struct.Struct("<IQI")
HEADER = _FILE.size
LONGEST = 64 * 1024 * 1024  # bytes of a payload
_SEARCHED = 8 * 1024 * 1024  # bytes behind a bad record that are searched for a good one


@dataclass(frozen=True, slots=True)
class Record:
    """One transaction as it stands in a file."""

    sequence: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file holds. `end` is where the good records end; `torn` bytes follow it."""

    generation: int
    records: tuple[Record, ...]
    end: int
    torn: int


def head(generation: int) -> bytes:
    """Return the first bytes of a file."""
    start = MAGIC + struct.pack("<Q", generation)
    return start + struct.pack("<I", zlib.crc32(start))


def frame(record: Record) -> bytes:
    """Return a record as bytes."""
    return _RECORD.pack(len(record.payload), record.sequence, _sum(record)) + record.payload


def _sum(record: Record) -> int:
    start = struct.pack("<IQ", len(record.payload), record.sequence)
    return zlib.crc32(record.payload, zlib.crc32(start))


def scan(data: bytes, name: str) -> Scan:
    """Return what `data` holds. Raises DamagedError naming the file `name`."""
    if len(data) < HEADER:
        raise DamagedError(_damaged(name, "its head is missing"))
    magic, generation, checksum = _FILE.unpack_from(data)
    if magic != MAGIC or checksum != zlib.crc32(data[: HEADER - 4]):
        raise DamagedError(_damaged(name, "its head is not what was written"))
    records: list[Record] = []
    at = HEADER
    while (record := read(data, at)) is not None:
        if records and record.sequence != records[-1].sequence + 1:
            raise DamagedError(_damaged(name, f"records are missing before byte {at}"))
        records.append(record)
        at += _RECORD.size + len(record.payload)
    if _followed(data, at):
        raise DamagedError(_damaged(name, f"the record at byte {at} is bad, and good ones follow"))
    return Scan(generation, tuple(records), at, len(data) - at)


def read(data: bytes, at: int) -> Record | None:
    """Return the record at a place, or None where no whole and good one is."""
    if at + _RECORD.size > len(data):
        return None
    length, sequence, checksum = _RECORD.unpack_from(data, at)
    start = at + _RECORD.size
    if length > LONGEST or start + length > len(data):
        return None
    record = Record(sequence, data[start : start + length])
    return record if checksum == _sum(record) else None


def _followed(data: bytes, bad: int) -> bool:
    """Return whether a good record stands anywhere behind a bad one."""
    last = min(len(data), bad + _SEARCHED) - _RECORD.size
    return any(read(data, at) is not None for at in range(bad + 1, last + 1))


def _damaged(name: str, what: str) -> str:
    return (
        f"The store's file {name} is damaged: {what}. Nothing was changed. "
        "Keep a copy of the folder, then run `exportwire doctor --repair`."
    )


class Journal:
    """A file that is being appended to. One writer; `append` blocks until the disk has it."""

    def __init__(self, path: Path, *, end: int) -> None:
        self.path = path
        self.size = end
        self._file = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        self._broken: Exception | None = None

    def append(self, records: Sequence[Record]) -> None:
        """Write records and wait until they are durable. Raises FullError or DiskError."""
        if self._broken:
            raise self._broken
        data = b"".join(map(frame, records))
        try:
            _write(self._file, data, self.size)
        except OSError as error:
            self._cut()
            raise FullError(_FULL) from error
        try:
            os.fdatasync(self._file)
        except OSError as error:  # the pages may be lost although a second try would succeed
            self._broken = DiskError("The disk could not keep what was written; stopping.")
            raise self._broken from error
        self.size += len(data)

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, self.size)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)


_FULL = "No space is left for the store: nothing was lost, nothing new is kept until there is."


def _write(file: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, at)
        view, at = view[written:], at + written


def create(path: Path, generation: int, records: Iterable[Record] = ()) -> None:
    """Make a file appear whole or not at all: temp, fsync, rename, fsync of the folder."""
    temp = path.with_name(path.name + ".tmp")
    file = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        at = 0
        for piece in chain([head(generation)], map(frame, records)):
            _write(file, piece, at)
            at += len(piece)
        os.fsync(file)
    except OSError as error:
        raise FullError(_FULL) from error
    finally:
        os.close(file)
    temp.rename(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
