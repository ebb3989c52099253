"""Weights of likeness are learned from choices: what is found of right stories gains by it."""

from pathlib import Path

from bench.quality.rows import rows_of, wire_rows
from bench.quality.weights import Option, choices_of, fit, told_of
from bot.cluster.likeness import BASE, WEIGHTS

ROWS = rows_of(Path(__file__).with_name("data") / "events.jsonl")[:20]


def test_a_report_chooses_between_the_stories_told_before_it():
    told = told_of(ROWS)

    choices = list(choices_of(told))

    assert 0 < len(choices) < len(told)
    assert any(option.right for options in choices for option in options)
    assert any(not option.right for options in choices for option in options)
    assert all(option.found.keys() & WEIGHTS.keys() for options in choices for option in options)


def test_each_order_is_another_and_always_the_same():
    told = told_of(ROWS)

    plain, shuffled, again = (list(choices_of(told, order)) for order in (0, 1, 1))

    assert shuffled == again
    assert shuffled != plain


def test_what_is_found_of_right_stories_gains_and_of_wrong_ones_loses():
    right, wrong = Option({"number": 1.0}, right=True), Option({"issuer": 1.0}, right=False)

    weights = fit([[right, wrong]] * 20, corpora=1)

    assert weights["number"] > WEIGHTS["number"]
    assert weights["issuer"] < WEIGHTS["issuer"]
    assert weights["words"] == WEIGHTS["words"]


def test_what_stands_stays_where_nothing_was_learned():
    assert fit([]) == {"base": BASE} | dict(WEIGHTS)


def test_the_demo_s_events_are_choices_too():
    """Its neighbours of days in a row are what corpora hold few of."""
    choices = list(choices_of(told_of(wire_rows())))

    assert any(not any(option.right for option in options) for options in choices)
