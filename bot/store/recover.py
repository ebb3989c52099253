"""Read a store's folder back: the newest snapshot, then every journal from it on.

    snapshot-N   the whole store when generation N began, closed by an END record
    journal-N    what was committed since; a new generation begins with a new journal

A snapshot is written beside a running journal, so the newest journals may be ahead of the newest
snapshot: they follow one another by sequence. The generation before is kept for `repair`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import msgspec

from bot.errors import DamagedError
from bot.store.journal import Record, Scan, create, scan, sync_folder
from bot.store.table import Docs

END = b"END "  # and the sequence of the last commit in the snapshot
CHUNK = 500  # documents a record of a snapshot
Change = tuple[str, int, bytes | None]
_changes = msgspec.json.Decoder(list[tuple[str, int, msgspec.Raw]]).decode
_QUARANTINE = "quarantine"


@dataclass(slots=True)
class State:
    """What a folder holds. `end` is where the newest journal's good records end."""

    tables: dict[str, Docs]
    generation: int
    sequence: int
    end: int
    snapshot: int = 0


def path_of(folder: Path, kind: str, generation: int) -> Path:
    """Return where a generation's "snapshot" or "journal" is."""
    return folder / f"{kind}-{generation:08d}"


def generations(folder: Path, kind: str) -> list[int]:
    """Return the generations of which a file of this kind exists, oldest first."""
    names = (path.name.removeprefix(f"{kind}-") for path in folder.glob(f"{kind}-*"))
    return sorted(int(name) for name in names if name.isdecimal())


def payload(changes: Iterable[Change]) -> bytes:
    """Return changes as a record's payload: a JSON list of [table, id, document or null]."""
    parts = (b'["%s",%d,%s]' % (t.encode(), i, d or b"null") for t, i, d in changes)
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
    """Return what the folder holds; a torn tail is moved aside. Raises DamagedError."""
    journals, snapshots = generations(folder, "journal"), generations(folder, "snapshot")
    if not journals and not snapshots:
        create(path_of(folder, "journal", 0), 0)
        journals = [0]
    first = snapshots[-1] if snapshots else 0
    needed = [generation for generation in journals if generation >= first]
    if needed != list(range(first, (journals or [0])[-1] + 1)) or not needed:
        raise DamagedError(_missing(folder, first))
    return _read(folder, first if snapshots else None, needed)


def _read(folder: Path, snapshot: int | None, journals: Sequence[int]) -> State:
    state = State({}, journals[-1], 0, 0)
    if snapshot is not None:
        _load_snapshot(folder, snapshot, state)
    for generation in journals:
        found = _scanned(path_of(folder, "journal", generation), generation)
        if found.torn and generation != journals[-1]:
            raise DamagedError(_missing(folder, generation + 1))
        _replay(found, state)
        state.end = found.end
    _set_aside(path_of(folder, "journal", journals[-1]), state.end)
    return state


def _load_snapshot(folder: Path, generation: int, state: State) -> None:
    path = path_of(folder, "snapshot", generation)
    found = _scanned(path, generation)
    last = found.records[-1].payload if found.records else b""
    if not last.startswith(END) or found.torn:
        raise DamagedError(_missing(folder, generation))
    for record in found.records[:-1]:
        apply(state.tables, record.payload)
    state.sequence, state.snapshot = int(last.removeprefix(END)), found.end


def _replay(found: Scan, state: State) -> None:
    for record in found.records:
        if record.sequence <= state.sequence:
            continue  # already in the snapshot
        if record.sequence != state.sequence + 1:
            raise DamagedError(f"Records before number {record.sequence} are missing. {_ADVICE}")
        apply(state.tables, record.payload)
        state.sequence = record.sequence


def _scanned(path: Path, generation: int) -> Scan:
    found = scan(path.read_bytes(), path.name)
    if found.generation != generation:
        raise DamagedError(f"{path.name} belongs to generation {found.generation}. {_ADVICE}")
    return found


_ADVICE = "Nothing was changed. Keep a copy of the folder, then run `exportwire doctor --repair`."


def _missing(folder: Path, generation: int) -> str:
    return f"The store in {folder} lacks a whole file of generation {generation}. {_ADVICE}"


def _set_aside(path: Path, end: int) -> None:
    """Move a torn tail, which was never acknowledged, out of the journal's way."""
    data = path.read_bytes()
    if len(data) == end:
        return
    aside = path.parent / _QUARANTINE
    aside.mkdir(mode=0o700, exist_ok=True)
    (aside / f"{path.name}-{end}").write_bytes(data[end:])
    with path.open("r+b") as file:
        file.truncate(end)
    sync_folder(path.parent)


def snapshot(folder: Path, generation: int, tables: dict[str, Docs], sequence: int) -> int:
    """Write the store as of the commit `sequence` as a snapshot; return its size in bytes."""
    bodies = chain(map(payload, _chunks(tables)), [END + str(sequence).encode()])
    path = path_of(folder, "snapshot", generation)
    create(path, generation, (Record(at, body) for at, body in enumerate(bodies, 1)))
    return path.stat().st_size


def _chunks(tables: dict[str, Docs]) -> Iterable[list[Change]]:
    for table, docs in tables.items():
        held = list(docs.items())
        for at in range(0, len(held), CHUNK):
            yield [(table, doc_id, data) for doc_id, data in held[at : at + CHUNK]]
