"""Read a store's folder back: the newest snapshot, then every journal from it on.

    journal-N    what was committed in generation N
    snapshot-N   the whole store as generation N began, closed by an END record
    quarantine/  torn tails, and what `repair` replaced

A new generation begins with its journal; its snapshot is written beside the running journal. So
the newest journals may be ahead of the newest snapshot; they follow one another by sequence. The
generation before is kept, which `repair` can go back to. A snapshot's records hold documents, and
its END record carries the sequence of the last commit that is in them.
"""

import contextlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot.errors import DamagedError, DiskError, StoreError
from bot.store.journal import ADVICE, Reader, Record, create, head, sync_folder
from bot.store.table import Docs

_log = logging.getLogger("exportwire.store")
QUARANTINE = "quarantine"
Change = tuple[str, int, bytes | None]
"""A table, a document's id, and the document as JSON; None: deleted."""
_changes = msgspec.json.Decoder(list[tuple[str, int, msgspec.Raw]]).decode
_quoted = msgspec.json.Encoder().encode


@dataclass(slots=True)
class State:
    """What a folder holds. `end` is where the newest journal's good records end.

    `size` is the newest snapshot's in bytes, `torn` what was put aside of the newest journal.
    """

    tables: dict[str, Docs]
    generation: int = 0
    sequence: int = 0
    end: int = 0
    size: int = 0
    torn: int = 0


class End(msgspec.Struct):
    """What a snapshot's last record says."""

    sequence: int


_end = msgspec.json.Decoder(End).decode


def path_of(folder: Path, kind: str, generation: int) -> Path:
    """Return where a generation's "snapshot" or "journal" is."""
    return folder / f"{kind}-{generation:08d}"


def generations(folder: Path, kind: str) -> list[int]:
    """Return the generations of which a file of this kind exists, oldest first."""
    names = (path.name.removeprefix(f"{kind}-") for path in folder.glob(f"{kind}-*"))
    return sorted(int(name) for name in names if name.isdecimal())


def must_exist(folder: Path) -> None:
    """Raise StoreError where there is no store: a mistyped folder is not an empty one."""
    if not generations(folder, "journal") and not generations(folder, "snapshot"):
        raise StoreError(f"There is no store in {folder}. Say where it is with --data.")


def sizes(folder: Path) -> tuple[int, datetime | None]:
    """Return the bytes of what a start reads, and when the newest snapshot was written."""
    written = [path_of(folder, "snapshot", n).stat() for n in generations(folder, "snapshot")[-1:]]
    journals = generations(folder, "journal")[-1:]
    size = sum(path_of(folder, "journal", n).stat().st_size for n in journals)
    when = datetime.fromtimestamp(written[0].st_mtime, UTC) if written else None
    return size + sum(found.st_size for found in written), when


def payload(changes: Iterable[Change]) -> bytes:
    """Return changes as a record's payload: a JSON list of [table, id, document or null]."""
    parts = (b"[%s,%d,%s]" % (_quoted(t), i, d or b"null") for t, i, d in changes)
    return b"[" + b",".join(parts) + b"]"


def apply(tables: dict[str, Docs], data: bytes) -> None:
    """Carry a record's payload out."""
    for table, doc_id, raw in _changes(data):
        docs = tables.setdefault(table, {})
        document = bytes(raw)
        if document == b"null":
            docs.pop(doc_id, None)
        else:
            docs[doc_id] = document


def load(folder: Path) -> State:
    """Return what the folder holds, and make it ready to be written; a torn tail is moved aside.

    Raises DamagedError, with nothing changed, and DiskError where a file cannot be read.
    """
    with reading(folder):
        if not generations(folder, "journal") and not generations(folder, "snapshot"):
            create(path_of(folder, "journal", 0), [head(0)])
        state = examine(folder)
        _tidy(folder)
        _set_aside(path_of(folder, "journal", state.generation), state)
    return state


@contextlib.contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Say in words what went wrong where the folder cannot be read."""
    try:
        yield
    except OSError as error:
        raise DiskError(
            f"The store in {folder} cannot be read ({error.strerror}). Check the device and the "
            "folder's owner, then start again."
        ) from error


def examine(folder: Path) -> State:
    """Return what the folder holds, changing nothing. Raises DamagedError and OSError."""
    snapshots, journals = generations(folder, "snapshot"), generations(folder, "journal")
    first = snapshots[-1] if snapshots else 0
    needed = [generation for generation in journals if generation >= first]
    if not needed or needed != list(range(first, needed[-1] + 1)):
        raise DamagedError(f"The store in {folder} lacks a file that was there. {ADVICE}")
    return _read(folder, first if snapshots else None, needed)


def _read(folder: Path, snapshot: int | None, journals: Sequence[int]) -> State:
    state = State({})
    if snapshot is not None:
        state = read_snapshot(path_of(folder, "snapshot", snapshot), snapshot)
    for generation in journals:
        reader = Reader(path_of(folder, "journal", generation), generation)
        for record in reader:
            replay(record, state, reader.path)
        if reader.torn and generation != journals[-1]:
            raise DamagedError(f"The store's file {reader.path.name} is cut off. {ADVICE}")
        state.generation, state.end, state.torn = generation, reader.end, reader.torn
    state.tables = {name: docs for name, docs in state.tables.items() if docs}
    return state


def replay(record: Record, state: State, path: Path) -> None:
    """Carry out a journal's record, unless it is in the snapshot already."""
    if record.sequence <= state.sequence:
        return
    if record.sequence != state.sequence + 1:
        raise DamagedError(
            f"The store's file {path.name} goes on at commit {record.sequence}, after "
            f"{state.sequence}: some are missing. {ADVICE}"
        )
    apply(state.tables, record.payload)
    state.sequence = record.sequence


def read_snapshot(path: Path, generation: int | None = None) -> State:
    """Return what a snapshot holds. Raises DamagedError where it is not whole.

    `generation` None takes that of any, for a backup.
    """
    reader = Reader(path, generation)
    state, last = State({}), b""
    for record in reader:
        last = record.payload
        if not last.startswith(b"{"):
            apply(state.tables, last)
    if reader.torn or not last.startswith(b"{"):
        raise DamagedError(f"The store's file {path.name} is cut off. {ADVICE}")
    state.sequence, state.size = _end(last).sequence, reader.end
    state.generation = reader.generation or 0
    return state


def _tidy(folder: Path) -> None:
    """Delete what a crash left half written."""
    for path in folder.glob("*-*.tmp"):
        path.unlink()


def _set_aside(path: Path, state: State) -> None:
    """Move a torn tail, which was never acknowledged, out of the journal's way."""
    if not state.torn:
        return
    tail = path.read_bytes()[state.end :]
    aside = quarantine(path.parent)
    create(aside / f"{path.name}-{state.end}", [tail])
    with path.open("r+b") as file:
        file.truncate(state.end)
    sync_folder(path.parent)
    _log.warning(
        "an unfinished commit was put aside", extra={"bytes": len(tail), "folder": str(aside)}
    )


def quarantine(folder: Path) -> Path:
    """Return the folder for what is not used any more but not deleted either."""
    aside = folder / QUARANTINE
    aside.mkdir(mode=0o700, exist_ok=True)
    return aside
