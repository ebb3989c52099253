"""The benches run: in small, and without the peers, which only `make bench` installs."""

import random  # noqa: TID251  # invents news

from bench import matching, polling, prose
from bench.feedhost import hosting
from bench.report import Bar, page
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


def test_a_missed_bar_is_said_on_the_page():
    """What fails is not left out of the results."""
    result = matching._result("usual", {10_000: {"median, ms": 0.7}})  # noqa: SLF001  # pure

    assert not result.bars[0].met
    assert "MISS (d) usual, 10,000: median, ms: 0.7" in page([result], quick=False)
    assert Bar("times", 6.5, 6, least=True).met
