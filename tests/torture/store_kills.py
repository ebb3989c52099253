"""kill -9 at random: a child commits and says what was acknowledged; then its store is read back.

Commit n of a child puts item n, a delivery and the source's cursor together, settles an older
delivery and sometimes drops or forgets; several run at once. Tiny journals make snapshots frequent.
"""

import asyncio
import os
import shutil
import signal
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251  # the type alone

from bot.errors import StoreError
from bot.model import Changes, ChatId, Delivery, DeliveryId, ItemId, Kind, Message, SourceState
from bot.model import State as At
from bot.store import TinyStore
from tests.builders import NOON, item
from tests.torture.say import figure, say
from tests.virtual import chance as seeded

JOURNAL = 30_000  # bytes after which a snapshot is due
ROOM = 1500  # items after which a fresh folder is begun
DAY = timedelta(days=1)


def owed(number: int) -> Delivery:
    return Delivery(
        id=DeliveryId(f"d{number}"),
        chat=ChatId(f"console::{number % 7}"),
        kind=Kind.ALERT,
        message=Message(lines=()),
        created=NOON,
        not_before=NOON,
    )


def changes(number: int) -> Changes:
    """Return commit `number`: three tables, of a size that varies."""
    met = item(id=ItemId(f"i{number}"), keys=(f"k{number}",), text="z" * (number * 37 % 900))
    at = SourceState(name=f"s{number % 4}", cursor={"at": str(number)}, failures=number)
    return Changes(items=(met,), deliveries=(owed(number),), sources=(at,))


def _settled(store: TinyStore, number: int) -> tuple[Delivery, ...]:
    older = store.delivery(DeliveryId(f"d{number - 8}"))
    return (replace(older, state=At.SENT),) if older else ()


def _numbers(store: TinyStore, table: str) -> set[int]:
    return {int(document["id"][1:]) for document in store.database.table(table)}


async def _work(folder: Path, pipe: int) -> None:
    store = TinyStore.open(folder)
    store.database.engine.smallest = JOURNAL
    first = 4 + max(_numbers(store, "items"), default=0) // 4 * 4
    os.write(pipe, b"open\n")

    async def lane(start: int) -> None:
        for number in range(start, start + 10_000, 4):
            made, settled = changes(number), _settled(store, number)
            await store.commit(replace(made, deliveries=(*made.deliveries, *settled)))
            os.write(pipe, b"%d\n" % number)
            if number % 97 == 0:
                await store.drop(NOON - DAY, NOON - DAY)

    await asyncio.gather(*(lane(first + at) for at in range(4)))


def _child(folder: Path, pipe: int) -> None:
    try:
        asyncio.run(_work(folder, pipe))
    finally:
        os._exit(3)


def _killed(folder: Path, chance: Random) -> set[int]:
    """Run a child, kill it, and return what it said was acknowledged."""
    reader, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(folder, pipe)
    os.close(pipe)
    with os.fdopen(reader, "rb") as said:
        start = b"" if chance.random() < 0.25 else said.readline()  # a quarter die while opening
        time.sleep(chance.random() * 0.06)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        lines = (start + said.read()).split(b"\n")[:-1]
    if not os.WIFSIGNALED(status):
        raise AssertionError(f"the child ended by itself: {status}")
    return {int(line) for line in lines if line != b"open"}


def verdict(folder: Path, acknowledged: set[int]) -> list[str]:
    """Read a store back; return what is wrong with it."""
    try:
        store = TinyStore.open(folder)
    except StoreError as error:
        return [f"unreadable: {error}"]
    try:
        return _faults(store, acknowledged)
    finally:
        asyncio.run(store.close())


def _faults(store: TinyStore, acknowledged: set[int]) -> list[str]:
    there, told = _numbers(store, "items"), _numbers(store, "deliveries")
    faults = [f"lost: {number}" for number in sorted(acknowledged - there)]
    faults += [f"half a commit: {number}" for number in sorted(there ^ told)]
    for number in there:
        wrong = store.item(ItemId(f"i{number}")) != changes(number).items[0]
        if wrong or not store.known([f"k{number}"]):
            faults.append(f"not what was written: {number}")
        older = store.delivery(DeliveryId(f"d{number - 8}"))
        if older is not None and older.state is not At.SENT:
            faults.append(f"went back: {number - 8}")
    for source in range(4):
        newest = max((number for number in there if number % 4 == source), default=0)
        if store.source(f"s{source}").failures != newest:
            faults.append(f"cursor apart from its items: s{source}")
    return faults


def run(folder: Path, kills: int, seed: int) -> list[str]:
    """Kill `kills` children; return what was wrong, each with its number and seed."""
    chance, bad, acknowledged, total = seeded(seed), [], set[int](), 0
    began = time.monotonic()
    for number in range(kills):
        said = _killed(folder, chance)
        total += len(said)
        acknowledged |= said
        faults = verdict(folder, acknowledged)
        bad += [f"kill {number} of seed {seed}: {fault}" for fault in faults]
        if faults or len(acknowledged) > ROOM:
            shutil.rmtree(folder)
            acknowledged = set()
        if number % 200 == 199:
            say(f"  {number + 1} kills, {total} acknowledged commits, {len(bad)} faults")
    figure(f"random kills: {kills}, {total} commits, {len(bad)} bad, {_since(began)}")
    return bad


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"
