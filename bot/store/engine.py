"""The storage beneath our TinyDB: documents in memory as bytes, changes in the journal first.

Memory is never ahead of the disk. The bot appends in a thread and applies afterwards (`append`,
`apply`). TinyDB's own calls are synchronous: they change memory, append, and undo what they
changed where that fails, so that nobody else ever sees it.
"""

import contextlib
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tinydb.storages import Storage

from bot.errors import StoreError
from bot.store import lock, recover
from bot.store.document import decode, encode
from bot.store.journal import Journal, Record, create, head
from bot.store.recover import Change, State, path_of
from bot.store.snapshot import forget_before, save
from bot.store.table import Docs

SMALLEST = 8 * 1024 * 1024  # bytes of journal before a snapshot is worth writing


class Watcher(Protocol):
    """Who must know of each change of a document, such as an index."""

    def __call__(
        self, table: str, doc_id: int, before: bytes | None, after: bytes | None, /
    ) -> None:
        """Take note; must not raise."""


class Engine(Storage):
    """A folder's tables. `folder` None keeps everything in memory, for tests."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self.folder = folder
        self.smallest = SMALLEST
        self._lock: int | None = None
        self._journal: Journal | None = None
        self._state = State({})
        self._watchers: defaultdict[str, list[Watcher]] = defaultdict(list)
        self._undo: list[Change] | None = None
        self._appending = threading.Lock()
        if folder is not None:
            self._open(folder)

    def _open(self, folder: Path) -> None:
        self._lock = lock.hold(folder)
        try:
            self._state = recover.load(folder)
            path = path_of(folder, "journal", self._state.generation)
            self._journal = Journal(path, end=self._state.end)
        except BaseException:
            self.close()
            raise

    # -- TinyDB's side ----------------------------------------------------------------------

    def read(self) -> dict[str, dict[str, Any]]:
        """Return the whole store, as TinyDB's own storages do; our tables never ask for it."""
        tables = self._state.tables
        return {name: {str(k): decode(d) for k, d in t.items()} for name, t in tables.items()}

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Make the whole store equal to `data`; TinyDB asks for it to drop tables."""
        with self.transaction():
            for name in {*self._state.tables, *data}:
                wanted = {int(key): encode(doc) for key, doc in data.get(name, {}).items()}
                gone = dict.fromkeys(self.docs(name).keys() - wanted.keys())
                self.change(name, {**wanted, **gone})
        for name in self._state.tables.keys() - data.keys():
            del self._state.tables[name]

    def docs(self, name: str) -> Docs:
        """Return a table's encoded documents, as of now; not to be changed."""
        return self._state.tables.get(name) or {}

    def names(self) -> set[str]:
        """Return the names of the tables."""
        return set(self._state.tables)

    def change(self, name: str, changes: Mapping[int, bytes | None]) -> None:
        """Change a table: within a transaction at its end, else at once."""
        self._state.tables.setdefault(name, {})
        with self.transaction():
            for doc_id, data in changes.items():
                self._note(name, doc_id)
                self._put(name, doc_id, data)

    def _note(self, name: str, doc_id: int) -> None:
        if self._undo is not None:
            self._undo.append((name, doc_id, self.docs(name).get(doc_id)))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes of the block one record; none of them where it raises.

        For code without `await` in the block, so that nobody sees it half done.
        """
        if self._undo is not None:  # an inner one is part of the outer
            yield
            return
        self._undo = []
        try:
            yield
            self._append_noted(self._undo)
        except BaseException:
            for name, doc_id, data in reversed(self._undo):
                self._put(name, doc_id, data)
            raise
        finally:
            self._undo = None

    def _append_noted(self, noted: Sequence[Change]) -> None:
        touched = dict.fromkeys((name, doc_id) for name, doc_id, _ in noted)
        self.append([(name, doc_id, self.docs(name).get(doc_id)) for name, doc_id in touched])
        self._appending.release()

    # -- committing -------------------------------------------------------------------------

    def unchanged(self) -> Sequence[Change]:
        """Return a document as it is: a commit of it shows that the journal can be written."""
        return [("meta", key, data) for key, data in self.docs("meta").items()]

    def append(self, changes: Sequence[Change]) -> None:
        """Make changes durable, all or none, without showing them yet; may run in a thread.

        `apply` must follow. Raises FullError, DiskError.
        """
        if not self._appending.acquire(blocking=False):
            raise StoreError("Another commit is being written; try again after it.")
        try:
            if self._journal is not None and changes:
                body = recover.payload(changes)
                self._journal.append(Record(self._state.sequence + 1, body))
                self._state.sequence += 1
        except BaseException:
            self._appending.release()
            raise

    def apply(self, changes: Iterable[Change]) -> None:
        """Show what `append` has made durable."""
        for name, doc_id, data in changes:
            self._put(name, doc_id, data)
        self._appending.release()

    def watch(self, watcher: Watcher, tables: Iterable[str]) -> None:
        """Tell `watcher` of every change of these tables from now on, in memory's order."""
        for name in tables:
            self._watchers[name].append(watcher)

    def _put(self, name: str, doc_id: int, data: bytes | None) -> None:
        docs = self._state.tables.setdefault(name, {})
        before = docs.pop(doc_id, None) if data is None else docs.get(doc_id)
        if data is not None:
            docs[doc_id] = data
        for watcher in self._watchers.get(name, ()):
            watcher(name, doc_id, before, data)

    # -- compaction -------------------------------------------------------------------------

    @property
    def wants_snapshot(self) -> bool:
        """Whether the journal has grown past what a restart should replay."""
        enough = max(self.smallest, self._state.size // 2)
        return self._journal is not None and self._journal.size > enough

    def turn(self) -> State:
        """Begin a new generation between two commits; return the store as it is, for `settle`."""
        if self.folder is not None and self._journal is not None:
            generation = self._state.generation + 1
            path = path_of(self.folder, "journal", generation)
            fresh = Journal(path, end=create(path, [head(generation)]))
            self._journal.close()
            self._journal = fresh
            self._state.generation = generation
        return self.frozen()

    def frozen(self) -> State:
        """Return the store as it is between two commits; later changes do not show in it."""
        tables = {name: dict(docs) for name, docs in self._state.tables.items() if docs}
        return State(tables, self._state.generation, self._state.sequence)

    def settle(self, state: State, *, erase: bool = False, pause: float = 0) -> None:
        """Write a generation's snapshot, then drop what only the one before needed.

        `erase` drops the one before too, since somebody's data are in it. May run in a thread
        beside commits, resting `pause` seconds after each piece. Raises FullError, DiskError:
        nothing is lost then.
        """
        if self.folder is None:
            return
        path = path_of(self.folder, "snapshot", state.generation)
        self._state.size = save(path, state, pause=pause)
        forget_before(self.folder, state.generation - (0 if erase else 1))

    def replace(self, tables: dict[str, Docs]) -> None:
        """Make `tables` the whole store: after a crash it is the old one or the new one.

        For the time before the first watcher. Raises FullError, DiskError.
        """
        state = self.turn()
        state.tables = tables
        self.settle(state)
        self._state.tables = tables

    @property
    def torn(self) -> int:
        """Bytes that opening the store put aside: a commit that a crash cut off."""
        return self._state.torn

    @property
    def bytes_on_disk(self) -> int:
        """The size of the newest snapshot and the running journal."""
        return self._state.size + (self._journal.size if self._journal else 0)

    @property
    def last_snapshot(self) -> datetime | None:
        """When the newest snapshot was written, or None where there is none yet."""
        return recover.sizes(self.folder)[1] if self.folder else None

    def close(self) -> None:
        """Give the files back."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        if self._lock is not None:
            lock.release(self._lock)
            self._lock = None
