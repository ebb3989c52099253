"""(a) and (b) Poll, parse, dedupe and store feeds of 20 entries, beside the peers, by turns.

    python -m bench.polling [--feeds 1000] [--turns 3]

Every contestant has a process and an empty folder of its own, and asks the same host. The default
storage of TinyDB rewrites its file for each feed, so that contestant takes part in one turn alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from statistics import median

from bench.contest import ROUNDS
from bench.feedhost import ENTRIES, hosting
from bench.report import Bar, Result, number, spread

PEERS = ("floor", "reader", "feedparser + TinyDB")
US, ALL_ON = "exportwire", "exportwire, all on"
SLOW = "feedparser + TinyDB"
Rounds = list[dict[str, float]]
FEW, MANY = 0.01, 0.05  # shares of the entries that are news


def run(
    feeds: int = 1_000,
    turns: int = 3,
    peers: Sequence[str] = PEERS,
    smaller: Sequence[int] = (100, 300),
) -> list[Result]:
    """Measure everything, our first round with fewer feeds as well; print progress."""
    found: defaultdict[str, list[Rounds]] = defaultdict(list)
    with hosting(feeds, FEW) as base, hosting(feeds, MANY) as other:
        for turn in range(turns):
            for name in (US, *peers, ALL_ON):
                if name != SLOW or turn == 0:
                    found[name].append(rounds(name, base, feeds))
            found[f"{ALL_ON}, 5 %"].append(rounds(ALL_ON, other, feeds))
        few = {name: {size: rounds(name, base, size) for size in smaller} for name in (US, ALL_ON)}
    grown = {
        name: {size: each[0]["cpu"] / size for size, each in runs.items()}
        | {feeds: median(each[0]["cpu"] for each in found[name]) / feeds}
        for name, runs in few.items()
    }
    return [_table(found, feeds), _growth(grown)]


def installed() -> Sequence[str]:
    """Return the peers, or none where only `make test` has installed what it needs."""
    return PEERS if find_spec("reader") else ()


def rounds(name: str, base: str, feeds: int) -> Rounds:
    """Run one contestant; return what each of its rounds used."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.contest", name, base, str(feeds), folder]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # ours
    used: Rounds = json.loads(done.stdout)
    told = ", ".join(f"{number(each['cpu'] / feeds * 1e3)}" for each in used)
    print(f"  {name}: {told} CPU ms a feed, {used[-1]['peak']:.0f} MB", flush=True)
    return used


def _table(found: Mapping[str, Sequence[Rounds]], feeds: int) -> Result:
    rows = [(name, _row(each, feeds)) for name, each in found.items()]
    columns = [f"{name}, CPU ms" for name in ROUNDS]
    return Result(
        f"(a, b) {feeds:,} feeds of {ENTRIES} entries: CPU ms a feed, worker processes counted",
        [*columns, "memory, MB", "stall p99.9, ms", "of it computing, ms"],
        rows,
        _bars(found, feeds),
        "Median (least-most) of the turns; 1 % of the entries are news, in the last row 5 %.",
    )


def _row(runs: Sequence[Rounds], feeds: int) -> list[str]:
    cpu = [spread([run[at]["cpu"] / feeds * 1e3 for run in runs]) for at in range(len(ROUNDS))]
    rest = [
        spread([max(r[key] for r in run) for run in runs]) for key in ("peak", "stall", "computed")
    ]
    return [*cpu, *rest]


def _bars(found: Mapping[str, Sequence[Rounds]], feeds: int) -> list[Bar]:
    def cost(name: str, at: int = 0) -> float:
        return median(run[at]["cpu"] for run in found[name])

    bars = [Bar("(b) first round, times (a)", cost(ALL_ON) / cost(US), 2.0)]
    news = (MANY - FEW) * feeds * ENTRIES
    added = (cost(f"{ALL_ON}, 5 %") - cost(ALL_ON)) / news * 1e3
    bars.append(Bar("(b) each entry that is news adds, ms", added, 2.5))
    stall = median(max(each["computed"] for each in run) for run in found[ALL_ON])
    bars.append(Bar("(b) the loop computes without a break at p99.9, ms", stall, 50))
    for name, at, bar in (("reader", 0, 6), (SLOW, 0, 40), ("reader", 1, 2)):
        if name in found:
            what = f"(a) {ROUNDS[at]}, times fewer CPU seconds than {name}"
            bars.append(Bar(what, cost(name, at) / cost(US, at), bar, least=True))
    if "floor" in found:
        bars.append(Bar("(a) first round, times the floor's CPU", cost(US) / cost("floor"), 1.6))
    return bars


def _growth(grown: Mapping[str, Mapping[int, float]]) -> Result:
    sizes = list(grown[US])
    rows = [(name, [number(each[size] * 1e3) for size in sizes]) for name, each in grown.items()]
    what = f"CPU a feed at {sizes[-1]:,}, times that at {sizes[0]:,}"
    bars = [
        Bar(f"(a, b) {name}: {what}", each[sizes[-1]] / each[sizes[0]], 1.2)
        for name, each in grown.items()
    ]
    title = "(a, b) growth: CPU ms a feed in the first round"
    return Result(title, [f"{size:,} feeds" for size in sizes], rows, bars)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--turns", type=int, default=3)
    given = parser.parse_args()
    for result in run(given.feeds, given.turns):
        print(result.text())


if __name__ == "__main__":
    main()
