"""Everything that is measured beside others, in one run.

    python -m bench [--quick] [polling matching standing ...]

Prints progress and tables, and writes bench/results.md (with --quick, or for some works: nothing).
The whole takes about twenty minutes on a quiet machine of two cores.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import (
    alerts,
    answers,
    broadcast,
    documents,
    idle,
    matching,
    polling,
    soak,
    standing,
    store,
)
from bench.report import Bar, Result, page

PAGE = Path(__file__).parent / "results.md"
Work = Callable[[bool], list[Result]]
WORKS: dict[str, Work] = {
    "standing": lambda quick: standing.run(1 if quick else 7),
    "polling": lambda quick: (
        polling.run(20, 1, polling.installed(), ()) if quick else polling.run()
    ),
    "matching": lambda quick: matching.run((100,)) if quick else matching.run(),
    "documents": lambda quick: documents.run((50, 100)) if quick else documents.run(),
    "store": lambda quick: store.run((100, 1_000)) if quick else store.run(),
    "alerts": lambda quick: alerts.run((1, 5), 3) if quick else alerts.run(),
    "broadcast": lambda quick: broadcast.run(8, 4) if quick else broadcast.run(),
    "answers": lambda quick: answers.run(1_000, 1) if quick else answers.run(),
    "idle": lambda quick: idle.run(1, 1) if quick else idle.run(),
    "soak": lambda quick: soak.run(1, 1) if quick else soak.run(),
}


def main() -> int:
    """Run what is asked for; return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run at all?")
    parser.add_argument("works", nargs="*", choices=[[], *WORKS], metavar="WORK")
    given = parser.parse_args()
    results = [result for name in given.works or WORKS for result in measured(name, given.quick)]
    if given.quick:
        print("\nA smoke run: the sizes are tiny, the figures mean nothing.")
        return 0
    if not given.works:
        PAGE.write_text(page(results), encoding="utf-8")
    return verdict([bar for result in results for bar in result.bars])


def measured(name: str, quick: bool) -> list[Result]:  # noqa: FBT001  # as it is typed
    """Do one work; print how it goes, and what was found."""
    began = time.monotonic()
    print(f"\n{name} ...", flush=True)
    results = WORKS[name](quick)
    print("\n".join(result.text() for result in results))
    print(f"\n{name} took {time.monotonic() - began:.0f} s", flush=True)
    return results


def verdict(bars: list[Bar]) -> int:
    """Print how many bars are met, and each that is missed; return the exit status."""
    missed = [bar for bar in bars if not bar.met]
    print(f"\n{len(bars) - len(missed)} of {len(bars)} bars are met.")
    print("\n".join(bar.line() for bar in missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
