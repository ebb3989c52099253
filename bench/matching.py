"""(d) How long an item takes to find its subscriptions, among 100 to 100,000 of five terms each.

    python -m bench.matching [100 1000 10000 100000]

Three sorts: usual ones (a few popular topics, a long tail of names), hard ones (five words of the
items' own vocabulary, so that very many hold), and mixed ones (all five needed, phrases,
exclusions). Each size is a process of its own, so that its memory is its own.
"""

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bench import prose
from bench.report import Bar, Result, column_table
from bench.usage import held
from bench.wishes import NOON, usual
from bot import query as ql
from bot.classify import classify
from bot.match import Wishes, facts_of
from bot.model import ChatId, Subscription

SIZES = (100, 1_000, 10_000, 100_000)
ITEMS, TERMS = 200, 5
TEXT = 2_000  # characters: items of 800 to 3,000 are the usual ones
SORTS = ("usual", "hard", "mixed")
Figures = dict[str, float]


def subjects(chance: random.Random) -> list[ql.Subject]:
    """Return what queries are asked of: items, all of them news of export controls."""
    return [_subject(*prose.controlled(chance, TEXT)) for _ in range(ITEMS)]


def _subject(title: str, text: str) -> ql.Subject:
    label = classify(title, text, lang="en")
    return ql.subject(f"{title}\n{text}", facts_of(label, None, None), timedelta(0))


def wishes(sort: str, count: int, chance: random.Random) -> Sequence[Subscription]:
    """Return `count` subscriptions of a sort."""
    if sort == "usual":
        return usual(count, chance)[1]
    words = _vocabulary(chance)
    write = " OR ".join if sort == "hard" else _mixed
    return [
        Subscription(
            chat=ChatId(f"telegram:1:{n}"), query=write(chance.sample(words, TERMS)), created=NOON
        )
        for n in range(count)
    ]


def _vocabulary(chance: random.Random) -> list[str]:
    """Return the words of many items, and a hundred times as many that are in none of them."""
    told = {word for _ in range(200) for word in ql.plain(prose.everyday(chance, TEXT)[1]).split()}
    found = sorted(word for word in told if word.isalpha() and len(word) > 3)
    return found + [f"{word}{number}" for word in found for number in range(100)]


def _mixed(terms: Sequence[str]) -> str:
    first, second, third, fourth, fifth = terms
    return (
        f"{first} {second} {third} {fourth} {fifth}",
        f'"{first} {second}" OR ({third} {fourth} -{fifth})',
        f"{first} {second} (gallium OR {third}) -{fourth} {fifth[:4]}*",
    )[sum(map(len, terms)) % 3]


def measured(sort: str, count: int) -> Figures:
    """Return milliseconds an item, hits an item, and what the index takes; in this process."""
    chance = random.Random(5)  # noqa: S311  # invents wishes
    asked, given = subjects(chance), wishes(sort, count, chance)
    before, began = held(), time.process_time()
    index = Wishes(given)
    built = time.process_time() - began
    memory = held() - before
    taken, hits = [], 0
    for each in asked:
        began = time.process_time_ns()
        hits += len(index.matching(each))
        taken.append((time.process_time_ns() - began) / 1e6)
    added = [_timed(index.add, replace(wish, chat=ChatId("x"))) for wish in given[:50]]
    return {
        "median, ms": statistics.median(taken),
        "95th percentile, ms": sorted(taken)[int(len(taken) * 0.95)],
        "hits": hits / len(asked),
        "build, s": built,
        "memory, MB": memory,
        "add one, at most, ms": max(added),
    }


def _timed(act: Callable[[Subscription], None], wish: Subscription) -> float:
    began = time.process_time_ns()
    act(wish)
    return (time.process_time_ns() - began) / 1e6


def run(sizes: Sequence[int] = SIZES) -> list[Result]:
    """Measure every sort at every size, each in a process of its own."""
    return [_result(sort, {size: _apart(sort, size) for size in sizes}) for sort in SORTS]


def _apart(sort: str, size: int) -> Figures:
    command = [sys.executable, "-m", "bench.matching", "--one", sort, str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603  # ours
    print(f"  {sort}, {size:,}: done", flush=True)
    return dict(json.loads(done.stdout))


def _result(sort: str, found: dict[int, Figures]) -> Result:
    bars = [
        Bar(f"(d) {sort}, {size:,}: {name}", found[size][name], bar)
        for size, name, bar in (
            (10_000, "median, ms", 0.5),
            (100_000, "median, ms", 2.0),
            (100_000, "memory, MB", 200),
            (100_000, "add one, at most, ms", 50),
        )
        if size in found
    ]
    columns = {f"{size:,}": figures for size, figures in found.items()}
    return column_table(f"(d) match an item, {sort} subscriptions of five terms", columns, bars)


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured(sys.argv[2], int(sys.argv[3]))))
        return
    for result in run(tuple(map(int, sys.argv[1:])) or SIZES):
        print(result.text())


if __name__ == "__main__":
    main()
