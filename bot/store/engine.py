"""The storage beneath our TinyDB: documents in memory as bytes, changes in the journal first.

Memory is never ahead of the disk: a change is appended and synced, and only then applied. Several
changes may share one append (group commit); each stays a record, and so a transaction, of its own.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from bot.store import lock, recover
from bot.store.journal import Journal, Record, create
from bot.store.recover import Change, State, path_of
from bot.store.table import Docs, decode, encode

SMALLEST = 8 * 1024 * 1024  # bytes of journal before a snapshot is worth writing


class Engine(Storage):
    """A folder's tables. `folder` None keeps everything in memory, for tests."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self.folder = folder
        self._lock: int | None = None
        self._journal: Journal | None = None
        self._pending: dict[str, dict[int, bytes | None]] | None = None
        self._state = State({}, 0, 0, 0)
        if folder is not None:
            self._open(folder)

    def _open(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = lock.hold(folder)
        try:
            self._state = recover.load(folder)
        except BaseException:
            lock.release(self._lock)
            raise
        path = path_of(folder, "journal", self._state.generation)
        self._journal = Journal(path, end=self._state.end)

    # -- TinyDB's side ----------------------------------------------------------------------

    def read(self) -> dict[str, dict[str, Any]]:
        """Return the whole store, as TinyDB's own storages do; our tables never ask for it."""
        tables = self._state.tables
        return {n: {str(i): decode(d) for i, d in t.items()} for n, t in tables.items() if t}

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Make the whole store equal to `data`; TinyDB asks for it to drop tables."""
        with self.transaction():
            for name in {*self._state.tables, *data}:
                wanted = {int(key): encode(doc) for key, doc in data.get(name, {}).items()}
                gone = dict.fromkeys(self.docs(name).keys() - wanted.keys())
                self.change(name, {**wanted, **gone})

    def docs(self, name: str) -> Docs:
        """Return a table's documents, with what a running transaction changed."""
        docs = self._state.tables.setdefault(name, {})
        changed = (self._pending or {}).get(name)
        if not changed:
            return docs
        merged = {**docs, **changed}
        return {key: data for key, data in merged.items() if data is not None}

    def change(self, name: str, changes: Mapping[int, bytes | None]) -> None:
        """Change a table: within a transaction at its end, else at once."""
        if self._pending is None:
            self.commit([[(name, key, data) for key, data in changes.items()]])
        else:
            self._pending.setdefault(name, {}).update(changes)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes of the block one record; none of them where it raises."""
        if self._pending is not None:  # an inner one is part of the outer
            yield
            return
        self._pending = {}
        try:
            yield
            made = self._pending
        finally:
            self._pending = None
        self.commit([[(n, key, data) for n, docs in made.items() for key, data in docs.items()]])

    # -- committing -------------------------------------------------------------------------

    def commit(self, transactions: Sequence[Sequence[Change]]) -> None:
        """Write, sync and apply transactions, in order. Raises FullError, DiskError."""
        self.append(transactions)
        self.apply(transactions)

    def append(self, transactions: Sequence[Sequence[Change]]) -> None:
        """Make transactions durable without showing them yet; may run in a thread."""
        if self._journal is not None and transactions:
            first = self._state.sequence + 1
            bodies = map(recover.payload, transactions)
            self._journal.append([Record(first + at, body) for at, body in enumerate(bodies)])

    def apply(self, transactions: Sequence[Sequence[Change]]) -> None:
        """Show durable transactions."""
        tables = self._state.tables
        for changes in transactions:
            self._state.sequence += 1
            for name, key, data in changes:
                docs = tables.setdefault(name, {})
                if data is None:
                    docs.pop(key, None)
                else:
                    docs[key] = data

    # -- compaction -------------------------------------------------------------------------

    @property
    def wants_snapshot(self) -> bool:
        """Whether the journal has grown past what a restart should replay."""
        enough = max(SMALLEST, self._state.snapshot // 2)
        return self._journal is not None and self._journal.size > enough

    def turn(self) -> dict[str, Docs]:
        """Begin a new generation; return the tables as they are now, for `settle`."""
        if self.folder is None or self._journal is None:
            return {}
        generation = self._state.generation + 1
        path = path_of(self.folder, "journal", generation)
        create(path, generation)
        self._journal.close()
        self._journal = Journal(path, end=path.stat().st_size)
        self._state.generation = generation
        return {name: dict(docs) for name, docs in self._state.tables.items()}

    def settle(self, tables: dict[str, Docs], generation: int, sequence: int) -> None:
        """Write the snapshot of a generation, then drop what only the one before needed."""
        if self.folder is None:
            return
        self._state.snapshot = recover.snapshot(self.folder, generation, tables, sequence)
        for kind in ("snapshot", "journal"):
            for old in recover.generations(self.folder, kind):
                if old < generation - 1:
                    path_of(self.folder, kind, old).unlink()

    @property
    def position(self) -> tuple[int, int]:
        """Return (generation, sequence)."""
        return self._state.generation, self._state.sequence

    def close(self) -> None:
        """Give the files back."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        if self._lock is not None:
            lock.release(self._lock)
            self._lock = None
