"""Everything that is measured beside others, in one run.

    python -m bench [--quick] [polling matching standing ...]

Prints progress and tables, and writes bench/results.md (with --quick: nothing). The whole takes
about a quarter of an hour on a quiet machine of two cores.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench import matching, polling, standing
from bench.report import Result, page

PAGE = Path(__file__).parent / "results.md"
Work = Callable[[bool], list[Result]]
WORKS: dict[str, Work] = {
    "polling": lambda quick: polling.run(20, 1) if quick else polling.run(),
    "matching": lambda quick: matching.run((100,)) if quick else matching.run(),
    "standing": lambda quick: standing.run(1 if quick else 7),
}
PRINTED = {  # these print their own tables
    "store": ("bench.store", ["--sizes", "100", "1000"], []),
    "broadcast": ("bench.broadcast", ["8", "4"], ["5000", "200"]),
}


def main() -> int:
    """Run what is asked for; return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it run at all?")
    parser.add_argument("works", nargs="*", help=f"some of: {', '.join([*WORKS, *PRINTED])}")
    given = parser.parse_args()
    results = list[Result]()
    for name in given.works or [*WORKS, *PRINTED]:
        print(f"{name} ...", flush=True)
        made = WORKS[name](given.quick) if name in WORKS else [_printed(name, quick=given.quick)]
        results += made
        print("\n".join(result.text() for result in made), flush=True)
    if not given.quick:
        PAGE.write_text(page(results, quick=given.quick), encoding="utf-8")
    return 0 if all(bar.met for result in results for bar in result.bars) else 1


def _printed(name: str, *, quick: bool) -> Result:
    module, small, whole = PRINTED[name]
    command = [sys.executable, "-m", module, *(small if quick else whole)]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603  # ours
    ended = f"ended with {done.returncode}" if done.returncode else "every bar was met"
    return Result(name, [], [(line, []) for line in (*done.stdout.splitlines(), ended)])


if __name__ == "__main__":
    sys.exit(main())
