"""Write the whole store down as the beginning of a generation, so that old journals can go."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from bot.store.journal import Record, create, frame, head
from bot.store.recover import Change, End, State, generations, path_of, payload
from bot.store.table import Docs

CHUNK = 64 * 1024  # bytes of documents in a record: what another thread waits for at most
_encode = msgspec.json.Encoder().encode


def save(path: Path, state: State, *, pause: float = 0) -> int:
    """Write a snapshot file; return its size in bytes. Raises FullError, DiskError.

    `pause` is how many seconds to rest after each piece: a thread that never rests is put off by
    a busy machine at any moment, and then the loop waits for what it holds.
    """
    return create(path, _rested(_pieces(state), pause))


def _rested(pieces: Iterable[bytes], pause: float) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        if pause:
            time.sleep(pause)


def _pieces(state: State) -> Iterator[bytes]:
    yield head(state.generation)
    number = 0
    for number, chunk in enumerate(_chunks(state.tables), 1):  # its last value is used
        yield frame(Record(number, payload(chunk)))
    yield frame(Record(number + 1, _encode(End(state.sequence))))


def _chunks(tables: dict[str, Docs]) -> Iterator[list[Change]]:
    for table, docs in tables.items():
        rows = ((table, doc_id, data) for doc_id, data in docs.items())
        while chunk := _chunk(rows):
            yield chunk


def _chunk(rows: Iterable[Change]) -> list[Change]:
    taken: list[Change] = []
    size = 0
    for row in islice(rows, 500):
        taken.append(row)
        size += len(row[2] or b"")
        if size > CHUNK:
            break
    return taken


def forget_before(folder: Path, generation: int) -> None:
    """Delete the files of generations before this one."""
    for kind in ("snapshot", "journal"):
        for old in generations(folder, kind):
            if old < generation:
                path_of(folder, kind, old).unlink(missing_ok=True)
