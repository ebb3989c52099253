"""Power loss as a model: every state that a disk may be left in, or may rot into, is read back.

A journal of known commits is cut at every byte, its unsynced last record loses any of its pages,
and bits are flipped in it and in a snapshot. A state is good where it reads as all commits up to
one, and only the last may be missing; or where it is refused and `repair` brings that much back.
"""

import shutil
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from random import Random  # noqa: TID251  # the type alone

from bot.errors import DamagedError
from bot.store.database import Database
from bot.store.document import decode
from bot.store.journal import HEAD
from bot.store.recover import State, examine, path_of
from bot.store.repair import repair
from tests.torture.say import figure
from tests.virtual import chance as seeded

COMMITS = 25
PAGE = 512
LONG = 6000  # bytes: the last commit lies on several pages


def _fill(folder: Path) -> list[int]:
    """Make a store with a snapshot; return where each commit of its last journal ends."""
    ends = [HEAD]
    with Database(folder) as database:
        database.table("a").insert({"n": 0})
        database.engine.settle(database.engine.turn())
        for number in range(1, COMMITS + 1):
            with database.transaction():
                text = "y" * (LONG if number == COMMITS else number * 7)
                database.table("a").insert({"n": number, "text": text})
                database.table("b").insert({"n": number})
            ends.append(path_of(folder, "journal", 1).stat().st_size)
    return ends


def commits(state: State) -> int | None:
    """Return how many whole commits a state holds, or None where it is no state that ever was."""
    first, second = (
        [decode(data)["n"] for data in state.tables.get(name, {}).values()] for name in "ab"
    )
    count = len(second)
    return count if first == [*range(count + 1)] and second == [*range(1, count + 1)] else None


def _cuts(data: bytes, ends: list[int]) -> Iterator[tuple[str, bytes, int]]:
    for at in range(HEAD, len(data) + 1):
        yield f"cut at {at}", data[:at], sum(end <= at for end in ends) - 1


def _pages(data: bytes, ends: list[int], chance: Random) -> Iterator[tuple[str, bytes, int]]:
    """Lose pages of the last record, which was not synced yet."""
    while True:
        held = bytearray(data)
        lost = [at for at in range(ends[-2], len(data), PAGE) if chance.random() < 0.5]
        for at in lost:
            end = min(at + PAGE, len(data))
            held[at:end] = bytes(end - at)
        yield f"pages lost at {lost}", bytes(held), COMMITS - bool(lost)


def _flips(data: bytes, chance: Random) -> Iterator[tuple[str, bytes, int]]:
    for at in chance.sample(range(len(data)), len(data)):
        held = bytearray(data)
        held[at] ^= 1 << chance.randrange(8)
        yield f"bit flipped in byte {at}", bytes(held), COMMITS


def _verdict(folder: Path, expected: int, *, rotten: bool) -> str:
    """Return what is wrong with a state, or ""."""
    try:
        found = commits(examine(folder))
    except DamagedError as error:
        return "" if rotten and "doctor --repair" in str(error) else f"refused: {error}"
    if found == expected or (rotten and found == expected - 1):
        return ""  # rot in the last record cannot be told from a torn tail, which is put aside
    return f"silently {found} commits instead of {expected}"


def _after_repair(folder: Path, least: int) -> str:
    repair(folder)
    state = examine(folder)
    held = {decode(data)["n"] for data in state.tables.get("b", {}).values()}
    return "" if len(held) >= least else f"repair brought back {len(held)} commits only"


def run(folder: Path, states: int, seed: int) -> list[str]:
    """Read at least `states` states back where there are so many; return what was wrong."""
    chance, bad, count = seeded(seed), [], 0
    ends = _fill(folder)
    journal, snapshot = path_of(folder, "journal", 1), path_of(folder, "snapshot", 1)
    data, ground = journal.read_bytes(), snapshot.read_bytes()
    share = states // 4
    lost = chain(
        islice(_cuts(data, ends), max(share, len(data))), islice(_pages(data, ends, chance), share)
    )
    rot = islice(_flips(data, chance), share)
    cases = chain(
        ((journal, data, False, case) for case in lost),
        ((journal, data, True, case) for case in rot),
        ((snapshot, ground, True, case) for case in _flips(ground, chance)),
    )
    for path, whole, rotten, (name, held, expected) in cases:
        path.write_bytes(held)
        fault = _verdict(folder, expected, rotten=rotten)
        bad += [f"{path.name}, {name}: {fault}"] if fault else []
        path.write_bytes(whole)
        count += 1
    bad += _repairs(folder, journal, data, chance)
    figure(f"power loss and rot: {count} states, {len(bad)} bad")
    return bad


def _repairs(folder: Path, journal: Path, data: bytes, chance: Random) -> list[str]:
    bad = []
    for name, held, _ in islice(_flips(data, chance), 50):
        copy = folder.with_name("repaired")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        (copy / journal.name).write_bytes(held)
        fault = _after_repair(copy, COMMITS - 1)
        bad += [f"{journal.name}, {name}: {fault}"] if fault else []
    return bad
