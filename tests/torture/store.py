"""Kill a real store, at random and at every system call, and take its power away in a model.

Run `python -m tests.torture.store`; it prints its figures and ends with 1 where a bar is missed.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.simulator import memory
from tests.torture import store_kills, store_power, store_syscalls
from tests.torture.say import say


def kills(count: int, seed: int) -> list[str]:
    """Kill a child that commits; return what was lost or unreadable."""
    with tempfile.TemporaryDirectory() as folder:
        return store_kills.run(Path(folder) / "kills", count, seed)


def calls(wanted: str) -> list[str]:
    """Kill an operation, "all" or "none", at each of its system calls; return what was wrong."""
    with tempfile.TemporaryDirectory() as folder:
        return store_syscalls.run(Path(folder) / "calls", wanted)


def power(states: int, seed: int) -> list[str]:
    """Read back what a loss of power leaves; return what was wrong."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        return store_power.run(Path(folder) / "power", states, seed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--states", type=int, default=5000)
    parser.add_argument("--calls", default="all", help="an operation's name, all or none")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    say(f"seed {given.seed}")
    bad = kills(given.kills, given.seed) + calls(given.calls) + power(given.states, given.seed)
    say("\n".join(bad) if bad else "nothing lost, nothing unreadable")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
