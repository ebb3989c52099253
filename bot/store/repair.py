"""Bring a damaged store back to the last state that can be proved, keeping the damaged files.

The newest snapshot that is whole is the ground; every whole commit after it is carried out. The
result becomes a new generation by a rename, so that a repair that is killed can be run again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DamagedError
from bot.store import lock
from bot.store.journal import Record, create, head, salvage
from bot.store.recover import (
    State,
    apply,
    generations,
    load,
    must_exist,
    path_of,
    quarantine,
    read_snapshot,
    reading,
)
from bot.store.snapshot import save


@dataclass(frozen=True, slots=True)
class Report:
    """What a repair found. `lost` counts the commits that could not be read."""

    healthy: bool
    documents: int
    lost: int = 0
    moved: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The report in words."""
        if self.healthy:
            return f"The store is whole: {self.documents} documents. Nothing was changed."
        return (
            f"The store was repaired: {self.documents} documents are back, {self.lost} commits "
            f"could not be read. The damaged files ({', '.join(self.moved)}) are in quarantine/."
        )


def repair(folder: Path) -> Report:
    """Make a store whole that refuses to start. May be killed and run again at any time.

    Raises StoreError where there is none, LockedError, DamagedError where nothing whole is left,
    FullError and DiskError.
    """
    must_exist(folder)
    held = lock.hold(folder)
    try:
        return Report(healthy=True, documents=_documents(load(folder)))
    except DamagedError:
        with reading(folder):
            return _repaired(folder)
    finally:
        lock.release(held)


def _repaired(folder: Path) -> Report:
    state = _ground(folder)
    lost = sum(_carry_out(record, state) for record in _records(folder, state.generation))
    old = [*_files(folder)]
    state.generation = generation = 1 + max(int(path.name[-8:]) for path in old)
    create(path_of(folder, "journal", generation), [head(generation)])
    save(path_of(folder, "snapshot", generation), state)
    for path in old:
        path.rename(quarantine(folder) / path.name)
    return Report(
        healthy=False,
        documents=_documents(state),
        lost=lost,
        moved=tuple(path.name for path in old),
    )


def _ground(folder: Path) -> State:
    """Return the newest state that is whole: a snapshot, or the emptiness before journal 0."""
    for generation in reversed(generations(folder, "snapshot")):
        try:
            return read_snapshot(path_of(folder, "snapshot", generation), generation)
        except DamagedError:
            continue
    if path_of(folder, "journal", 0).exists():
        return State({})
    raise DamagedError(
        f"Nothing in {folder} is whole enough to start from. Restore a backup into another "
        "folder: `exportwire restore FILE`."
    )


def _records(folder: Path, first: int) -> Iterator[Record]:
    for generation in generations(folder, "journal"):
        if generation >= first:
            yield from salvage(path_of(folder, "journal", generation).read_bytes())


def _carry_out(record: Record, state: State) -> int:
    """Carry a commit out; return how many before it are missing."""
    if record.sequence <= state.sequence:
        return 0
    missing = record.sequence - state.sequence - 1
    apply(state.tables, record.payload)
    state.sequence = record.sequence
    return missing


def _files(folder: Path) -> Iterator[Path]:
    for kind in ("snapshot", "journal"):
        yield from (path_of(folder, kind, number) for number in generations(folder, kind))


def _documents(state: State) -> int:
    return sum(map(len, state.tables.values()))
