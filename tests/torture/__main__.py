"""The whole torture: every bar in turn, with progress; its figures at the end.

    python -m tests.torture [--rounds 1] [--from PART] [--seed N]

A round is 2,000 random kills of the store, every system call, 5,000 states of power loss, 1,000
kills of the sender over each chat service, all crashes of the small world, and invented days. Ends
with 1 where a bar is missed. Part of a round, such as 0.05, is for a first look.
"""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Mapping

from tests import simulator
from tests.simulation.real import services
from tests.torture import dispatch, store
from tests.torture.say import FIGURES, figure, say
from tests.torture.services import FLAVOURS

Part = Callable[[float, int], list[str]]
DAYS = 3


def _killed(flavour: str) -> Part:
    return lambda rounds, seed: dispatch.killed(flavour, _sized(1000, rounds), seed)


def _days(rounds: float, seed: int) -> list[str]:
    """Live through whole days, each with another seed, and one over Slack and Telegram."""
    seeds = range(seed, seed + _sized(DAYS, rounds))
    bad = [f"days: seed {day}" for day in seeds if not simulator.report(day, 24, 1000)]
    real = simulator.report(seed, max(1, 12 * rounds), 50, services)
    return bad if real else [*bad, f"a day over Slack and Telegram: seed {seed}"]


PARTS: Mapping[str, Part] = {
    "kills": lambda rounds, seed: store.kills(_sized(2000, rounds), seed),
    "calls": lambda _, __: store.calls("all"),
    "power": lambda rounds, seed: store.power(_sized(5000, rounds), seed),
    **{name.replace(" ", "-"): _killed(name) for name in FLAVOURS},
    "explore": lambda rounds, _: dispatch.explored(rounds),
    "days": _days,
}
"""Every part by its name, in the order of a run."""


def _sized(full: int, rounds: float) -> int:
    return max(1, round(full * rounds))


def main() -> int:
    """Run all parts, or those from one on; return 1 where a bar was missed."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=float, default=1)
    parser.add_argument("--from", dest="first", choices=PARTS, default=next(iter(PARTS)))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    names = [*PARTS][[*PARTS].index(given.first) :]
    began, bad = time.monotonic(), list[str]()
    for at, name in enumerate(names, 1):
        say(f"== {name} ({at} of {len(names)}, {_minutes(began)} so far, seed {given.seed})")
        bad += PARTS[name](given.rounds, given.seed)
    say(f"== figures of {given.rounds:g} rounds, {_minutes(began)}, seed {given.seed}")
    say("\n".join(FIGURES))
    figure("\n".join(["MISSED:", *bad]) if bad else "Every bar was held.")
    return 1 if bad else 0


def _minutes(began: float) -> str:
    return f"{(time.monotonic() - began) / 60:.1f} min"


if __name__ == "__main__":
    sys.exit(main())
