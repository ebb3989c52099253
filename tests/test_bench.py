"""The benches run: in small, and without the peers, which only `make bench` installs."""

import random  # noqa: TID251  # invents news
import re
import subprocess
import sys

import pytest

from bench import matching, polling, prose
from bench.__main__ import WORKS
from bench.feedhost import hosting
from bench.report import Bar, Result, page
from bot.classify import classify


def test_polling_is_measured_in_a_process_of_its_own():
    """Each round is there, every entry is stored once, and what it used is more than nothing."""
    with hosting(10) as base:
        used = polling.rounds(polling.US, base, 10)

    assert [each["stored"] for each in used] == [200, 200, 202]
    assert all(each["cpu"] > 0 and each["peak"] > 10 for each in used)


def test_matching_is_measured_for_every_sort_of_wishes():
    """Wishes of all sorts can be read, and an item finds some of the usual ones."""
    found = {sort: matching.measured(sort, 200) for sort in matching.SORTS}

    assert found["usual"]["hits"] > 0
    assert all(figures["median, ms"] > 0 for figures in found.values())


def test_invented_news_is_what_it_claims_to_be():
    """Else the share of entries that are news would be another than the bench says."""
    chance = random.Random(3)  # noqa: S311  # invents news
    assert not any(classify(*prose.everyday(chance)).relevant for _ in range(60))
    assert all(classify(*prose.controlled(chance)).relevant for _ in range(60))


@pytest.mark.timeout(300)  # some start a dozen processes
@pytest.mark.parametrize("work", WORKS)
def test_every_work_runs_in_small(work):
    """A smoke run, which a pipe gets as plain text; what it measures then means nothing."""
    command = [sys.executable, "-m", "bench", "--quick", work]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603  # ours

    assert done.returncode == 0, done.stderr
    assert re.search(rf"^{work} took \d+ s$", done.stdout, re.MULTILINE)
    assert re.search(r"^\([a-g](, [a-g])?\) .+", done.stdout, re.MULTILINE)
    assert "\x1b" not in done.stdout


def test_the_page_says_what_missed():
    """What fails is not left out of the results."""
    missed = matching._result("usual", {10_000: {"median, ms": 0.7}})  # noqa: SLF001  # pure
    made = page([missed, Result("(g) start-up", ["s"], [], [Bar("(g) --help, s", 0.123, 0.3)])])

    assert "| (d) usual, 10,000: median, ms | 0.7 | at most 0.5 | MISSED |" in made
    assert "| (g) --help, s | 0.123 | at most 0.3 | ok |" in made
    assert Bar("times", 6.5, 6, least=True).met


def test_a_table_is_as_wide_as_its_cells():
    """Its columns stand below one another, whatever is in them."""
    made = Result("growth", ["10", "100,000 stored"], [("ours", ["1 (0.5)", "2"])])

    assert made.text().splitlines()[2:] == [
        "           10  100,000 stored",
        "ours  1 (0.5)               2",
    ]
