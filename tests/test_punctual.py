"""Healthy sources are polled in time, whatever the others do: a thousand, in virtual time."""

import logging
from datetime import timedelta

import pytest

from bot.schedule import Schedule
from tests.punctual import FAULTS, HOSTS, SOURCES, run


@pytest.fixture(autouse=True)
def _quiet():
    before = logging.getLogger("exportwire").level
    yield
    logging.getLogger("exportwire").setLevel(before)


def test_with_a_tenth_in_trouble_the_healthy_answer_within_their_interval_and_half_a_minute():
    """In 99 of 100 cases, and never much later; those that ask for a pause get it."""
    day = run(hours=0.24)

    assert day.at(0.99) <= 30
    assert max(day.late) <= 60
    assert min(day.asked[fault] for fault in FAULTS) >= SOURCES * 0.1 / len(FAULTS)
    assert day.asked["wait"] == SOURCES * 0.1 / len(FAULTS)  # once each: they said 15 minutes
    assert day.asked["well"] >= 2 * SOURCES * 0.9
    assert HOSTS < SOURCES * 0.9  # some hosts have several sources, which take turns


async def _nothing():
    pass


def test_a_source_is_never_polled_sooner_than_its_interval():
    """APScheduler's jitter goes both ways; ours only later."""
    schedule = Schedule()
    jitter = timedelta(seconds=16)
    schedule.every("a", timedelta(minutes=5), _nothing, first=timedelta(), jitter=jitter)
    trigger = schedule._scheduler.get_job("a").trigger  # noqa: SLF001  # what it was told

    assert trigger.interval - timedelta(seconds=trigger.jitter) == timedelta(minutes=5)
    assert trigger.jitter == 8
