"""(c) Insert, look up and update one item among many, beside TinyDB's own storages and SQLite.

    python -m bench.documents [1000 10000 100000]

All storages take turns in one process for each size. An insert and an update are kept when they
return, but for CachingMiddleware's, which a kill loses. A look-up is by the item's id.
"""

import asyncio
import gc
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from statistics import median
from typing import Protocol

from msgspec.structs import replace
from tinydb import Query, TinyDB
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import JSONStorage

from bench.report import Bar, Result, number
from bench.store import fill, item
from bot.model import Changes, Item
from bot.store import TinyStore
from bot.store.document import decode, encode

SIZES = (1_000, 10_000, 100_000)
ACTS = ("insert", "look up", "update")
US, JSON, CACHING, SQLITE = (
    "exportwire",
    "TinyDB, JSONStorage",
    "TinyDB, CachingMiddleware",
    "SQLite (WAL, FULL)",
)
TURNS, LEAST, PATIENCE = 60, 3, 3.0  # at most, at least, and seconds an act of one storage
Costs = dict[str, dict[str, tuple[float, float]]]
"""Milliseconds and CPU milliseconds, by storage and act."""


class Storage(Protocol):
    """Keeps items, whose ids are their keys."""

    async def insert(self, new: Item) -> object: ...
    async def find(self, old: Item) -> object: ...
    async def update(self, new: Item) -> object: ...


class Ours:
    """The bot's store."""

    def __init__(self, store: TinyStore) -> None:
        self._store = store

    async def insert(self, new: Item) -> object:
        await self._store.commit(Changes(items=(new,)))
        return new

    async def find(self, old: Item) -> object:
        return self._store.item(old.id)

    update = insert


class Tiny:
    """TinyDB as its documentation uses it."""

    def __init__(self, database: TinyDB) -> None:
        self._database = database

    async def insert(self, new: Item) -> object:
        return self._database.insert(decode(encode(new)))

    async def find(self, old: Item) -> object:
        return self._database.get(Query().id == old.id)

    async def update(self, new: Item) -> object:
        return self._database.update(decode(encode(new)), Query().id == new.id)


class Sqlite:
    """A table with a primary key."""

    def __init__(self, file: Path, size: int) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE items (id TEXT PRIMARY KEY, body BLOB)")
        rows = ((each.id, encode(each)) for each in map(item, range(size)))
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO items VALUES (?, ?)", rows)
        self._db.execute("COMMIT")

    async def insert(self, new: Item) -> object:
        return self._db.execute("INSERT INTO items VALUES (?, ?)", (new.id, encode(new)))

    async def find(self, old: Item) -> object:
        row = self._db.execute("SELECT body FROM items WHERE id = ?", (old.id,)).fetchone()
        return decode(row[0])

    async def update(self, new: Item) -> object:
        return self._db.execute("UPDATE items SET body = ? WHERE id = ?", (encode(new), new.id))


async def measured(size: int, folder: Path) -> Costs:
    """Fill every storage, and let all act by turns."""
    store = TinyStore.open(folder / "ours")
    await fill(store, size)
    plain, cached = _json(folder / "plain.json", size), _json(folder / "cached.json", size)
    storages: dict[str, Storage] = {
        US: Ours(store),
        JSON: Tiny(TinyDB(plain)),
        CACHING: Tiny(TinyDB(cached, storage=CachingMiddleware(JSONStorage))),  # type: ignore[no-untyped-call]  # TinyDB's
        SQLITE: Sqlite(folder / "sqlite", size),
    }
    for storage in storages.values():
        await storage.find(item(0))  # what is read once, is read
    gc.collect()
    gc.freeze()  # as the bot does; what is held stays
    costs = {act: await _turns(act, storages, size) for act in ACTS}
    await store.close()
    return {name: {act: costs[act][name] for act in ACTS} for name in storages}


def _json(file: Path, size: int) -> Path:
    documents = {str(n + 1): decode(encode(item(n))) for n in range(size)}
    file.write_text(json.dumps({"_default": documents}))
    return file


async def _turns(
    act: str, storages: dict[str, Storage], size: int
) -> dict[str, tuple[float, float]]:
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in storages}
    for turn in range(TURNS):
        for name, storage in storages.items():
            spent = sum(wall for wall, _ in taken[name])
            if turn < LEAST or spent < PATIENCE:
                taken[name].append(await _timed(_asked(act, storage, turn, size)))
    return {
        name: (median(w for w, _ in each) * 1e3, median(c for _, c in each) * 1e3)
        for name, each in taken.items()
    }


def _asked(act: str, storage: Storage, turn: int, size: int) -> Awaitable[object]:
    old = item(turn * 7919 % size)  # all over the store
    match act:
        case "insert":
            return storage.insert(item(size + turn))
        case "look up":
            return storage.find(old)
        case _:
            return storage.update(replace(old, title=f"{old.title}, corrected"))


async def _timed(acting: Awaitable[object]) -> tuple[float, float]:
    began, spent = time.perf_counter(), time.process_time()
    await acting
    return time.perf_counter() - began, time.process_time() - spent


def run(sizes: Sequence[int] = SIZES) -> list[Result]:
    """Measure each size in a process of its own."""
    found = {size: _apart(size) for size in sizes}
    return [_table(act, found) for act in ACTS]


def _apart(size: int) -> Costs:
    command = [sys.executable, "-m", "bench.documents", "--one", str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # ours
    print(f"  {size:,} items: done", flush=True)
    return dict(json.loads(done.stdout))


def _table(act: str, found: dict[int, Costs]) -> Result:
    least, most = min(found), max(found)
    names, ours = found[most], found[most][US][act][1]
    rows = [
        (
            name,
            [
                *("{} ({})".format(*map(number, costs[name][act])) for costs in found.values()),
                number(names[name][act][1] / ours),
            ],
        )
        for name in names
    ]
    grown = Bar(
        f"(c) {act}, CPU at {most:,}, times that at {least:,}", ours / found[least][US][act][1], 2
    )
    columns = [*(f"{size:,} stored" for size in found), "times our CPU"]
    return Result(f"(c) {act} one item among many: ms (CPU ms)", columns, rows, [grown])


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(asyncio.run(measured(int(sys.argv[2]), Path(folder)))))
        return
    for result in run(tuple(map(int, sys.argv[1:])) or SIZES):
        print(result.text())


if __name__ == "__main__":
    main()
