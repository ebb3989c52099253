"""Kill a real store, at random and at every system call, and take its power away in a model.

Run `python -m tests.torture.store`; it prints its figures and ends with 1 where a bar is missed.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.torture import store_kills, store_power, store_syscalls
from tests.torture.say import say


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--states", type=int, default=5000)
    parser.add_argument("--calls", default="all", help="an operation's name, all or none")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    say(f"seed {given.seed}")
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory(dir=_memory()) as fast,
    ):
        bad = [
            *store_kills.run(Path(folder) / "kills", given.kills, given.seed),
            *store_syscalls.run(Path(folder) / "calls", given.calls),
            *store_power.run(Path(fast) / "power", given.states, given.seed),
        ]
    say("\n".join(bad) if bad else "nothing lost, nothing unreadable")
    return 1 if bad else 0


def _memory() -> str | None:
    """Return a folder in memory, where there is one: the model of a disk needs no disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # a fresh folder in it


if __name__ == "__main__":
    sys.exit(main())
