"""A loop that is stuck says where, once, and says when it runs again."""

import asyncio
import logging
import time

from bot.watch.stall import watched

LIMIT = 0.2


def grind(seconds):
    """Hold the loop without giving the processor away."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


async def test_a_stall_is_told_once_with_the_place_and_its_end(caplog):
    with caplog.at_level(logging.WARNING, "exportwire.watch"), watched(LIMIT):
        await asyncio.sleep(0)
        grind(4 * LIMIT)
        await asyncio.sleep(0.05)

    told = [record for record in caplog.records if record.name == "exportwire.watch"]
    assert [record.getMessage() for record in told] == [
        "the loop is stuck",
        "the loop runs again",
    ]
    assert told[0].stack.startswith(f"grind ({__file__}:")
    assert "\n" not in told[0].stack
    assert told[1].seconds >= LIMIT


async def test_work_in_pieces_is_no_stall(caplog):
    with caplog.at_level(logging.WARNING, "exportwire.watch"), watched(2.0):
        for _ in range(20):
            grind(0.01)
            await asyncio.sleep(0)

    assert not caplog.records
