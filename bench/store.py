"""What the store costs, beside SQLite and TinyDB's own storage in the same run.

    python -m bench.store [--sizes 1000 10000 100000]

The commits of all sizes and SQLite's take turns, so that all meet the same disk; a restart is a
process of its own.
"""

import argparse
import asyncio
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from tinydb import TinyDB

from bench.report import Bar, Result, column_table
from bench.stalls import STALLS, background
from bot.model import Changes, Item, ItemId, StoryId
from bot.store import TinyStore
from bot.store.document import decode, encode

NOON = datetime(2025, 6, 19, 12, tzinfo=UTC)
TEXT = "The ministry lists the goods that need a licence from the first day of the month on. " * 5
SIZES = (1_000, 10_000, 100_000)
ROUNDS = 300
Figures = dict[str, float]


def item(number: int) -> Item:
    url = f"https://news.example/{number}/a-ministry-lists-the-goods"
    return Item(
        id=ItemId(f"{number:020x}"),
        source=f"source-{number % 200}",
        url=url,
        title=f"Notice {number}: a ministry lists the goods that need a licence",
        text=TEXT,
        lang="en",
        published=NOON + timedelta(minutes=number),
        seen=NOON + timedelta(minutes=number),
        outlet="news.example",
        keys=(f"url:{url}", f"key:source-{number % 200}:{number}", f"title:notice {number}"),
        story=StoryId(f"S{number // 6}") if number % 3 == 0 else None,
    )


class Sqlite:
    """The same work in SQLite: an item, its identities, the index of stories; WAL, FULL."""

    def __init__(self, folder: Path, size: int) -> None:
        self.db = sqlite3.connect(folder / "db", isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.executescript(
            "CREATE TABLE items (id TEXT PRIMARY KEY, story TEXT, body BLOB);"
            "CREATE TABLE keys (key TEXT PRIMARY KEY, item TEXT) WITHOUT ROWID;"
            "CREATE INDEX by_story ON items (story);"
        )
        self.commit([item(number) for number in range(size)])
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def commit(self, items: Sequence[Item]) -> None:
        self.db.execute("BEGIN")
        rows = [(item.id, item.story, encode(item)) for item in items]
        self.db.executemany("INSERT INTO items VALUES (?, ?, ?)", rows)
        keys = [(key, item.id) for item in items for key in item.keys]
        self.db.executemany("INSERT INTO keys VALUES (?, ?)", keys)
        self.db.execute("COMMIT")


async def fill(store: TinyStore, size: int) -> None:
    for start in range(0, size, 500):
        await store.commit(Changes(items=tuple(map(item, range(start, min(size, start + 500))))))
    await store.compact()


async def commits(stores: dict[int, TinyStore], others: dict[int, Sqlite]) -> dict[int, Figures]:
    """Let all commit by turns, so that all meet the same moments of the disk."""
    ours: dict[int, list[float]] = {size: [] for size in stores}
    theirs: dict[int, list[float]] = {size: [] for size in stores}
    cpu = dict.fromkeys(stores, 0.0)
    for number in range(ROUNDS):
        for size, store in stores.items():
            new = item(size + number)
            began, spent = time.perf_counter(), time.process_time()
            await store.commit(Changes(items=(new,)))
            ours[size].append(time.perf_counter() - began)
            cpu[size] += time.process_time() - spent
            began = time.perf_counter()
            others[size].commit([new])
            theirs[size].append(time.perf_counter() - began)
    return {
        size: {
            "insert and commit, ms": median(ours[size]) * 1e3,
            "  99th percentile, ms": sorted(ours[size])[-3] * 1e3,
            "  CPU, ms": cpu[size] / ROUNDS * 1e3,
            "SQLite (WAL, FULL), ms": median(theirs[size]) * 1e3,
            "  99th percentile of it, ms": sorted(theirs[size])[-3] * 1e3,
        }
        for size in stores
    }


async def batches(store: TinyStore, size: int) -> Figures:
    began = time.perf_counter()
    for start in range(size + ROUNDS, size + ROUNDS + 1000, 50):
        await store.commit(Changes(items=tuple(map(item, range(start, start + 50)))))
    return {"50 in a commit, each, ms": time.perf_counter() - began}


def reads(store: TinyStore, size: int) -> Figures:
    numbers = range(0, size, max(1, size // 1000))
    began = time.perf_counter()
    found = [store.item(ItemId(f"{number:020x}")) for number in numbers]
    by_id = (time.perf_counter() - began) / len(found)
    began = time.perf_counter()
    known = [store.known((f"title:notice {number}", "never met")) for number in numbers]
    by_key = (time.perf_counter() - began) / len(known) / 2
    assert all(found) and all(len(each) == 1 for each in known)  # noqa: PT018  # no test
    return {"item by id, ms": by_id * 1e3, "known by key, ms": by_key * 1e3}


def json_storage(folder: Path, size: int) -> Figures:
    """TinyDB as it comes: the CPU of one insert, its sync left out."""
    file = folder / "db.json"
    documents = {str(number): decode(encode(item(number))) for number in range(1, size + 1)}
    file.write_text(json.dumps({"_default": documents}))
    database = TinyDB(file)
    database.insert({"n": 1})
    spent = time.process_time()
    database.insert(decode(encode(item(0))))
    cpu = time.process_time() - spent
    database.close()
    return {"TinyDB's JSONStorage, CPU, ms": cpu * 1e3}


def reopen(folder: Path) -> Figures:
    """Measure in a fresh process, which holds nothing else."""
    command = [sys.executable, "-m", "bench.store", "--open", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # ours
    return dict(json.loads(done.stdout))


def opened(folder: Path) -> Figures:
    began, spent = time.perf_counter(), time.process_time()
    store = TinyStore.open(folder)
    took, cpu = time.perf_counter() - began, time.process_time() - spent
    status = Path("/proc/self/status").read_text().split("\n")
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in status if " kB" in line}
    return {
        "restart, s": took,
        "  CPU, s": cpu,
        "memory, MB": sizes["VmRSS"],
        "  at most, MB": sizes["VmHWM"],
        **asyncio.run(background(store, item)),
    }


async def measured(folder: Path, sizes: Sequence[int]) -> list[Figures]:
    stores = {size: TinyStore.open(folder / str(size)) for size in sizes}
    for size, store in stores.items():
        await fill(store, size)
    table = await commits(stores, {size: Sqlite(folder / str(size), size) for size in sizes})
    for size, store in stores.items():
        table[size] |= {**await batches(store, size), **reads(store, size)}
        await store.close()
        table[size] |= {**reopen(folder / str(size)), **json_storage(folder / str(size), size)}
    return list(table.values())


def bars(small: Figures, large: Figures) -> list[Bar]:
    """Return the bars that the largest size is held to."""
    insert, cpu = "insert and commit, ms", "  CPU, ms"
    sqlite, plain = large["SQLite (WAL, FULL), ms"], large["TinyDB's JSONStorage, CPU, ms"]
    stall = max(large[name] for name in STALLS)
    return [
        Bar("(c) insert and commit, times the smallest size", large[insert] / small[insert], 1.3),
        Bar("(c) insert and commit, times SQLite", large[insert] / sqlite, 1.5),
        Bar("(c) insert, CPU, thousandths of JSONStorage's", 1e3 * large[cpu] / plain, 1.0),
        Bar("(c) restart, s", large["restart, s"], 3.0),
        Bar("(c) memory, MB", large["  at most, MB"], 300.0),
        Bar("(c) work in the background: the loop stalls at most, ms", stall, 20.0),
    ]


def run(sizes: Sequence[int] = SIZES) -> list[Result]:
    """Measure all sizes by turns."""
    with tempfile.TemporaryDirectory() as folder:
        table = asyncio.run(measured(Path(folder), sizes))
    columns = {f"{size:,} stored": each for size, each in zip(sizes, table, strict=True)}
    return [column_table("(c) the store as it fills", columns, bars(table[0], table[-1]))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--open", type=Path, help="open one folder and say what that took")
    given = parser.parse_args()
    if given.open is not None:
        print(json.dumps(opened(given.open)))
        return
    for result in run(given.sizes):
        print(result.text())


if __name__ == "__main__":
    main()
