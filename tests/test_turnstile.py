"""The limit of an account: never more than it allows, in order, and free at once after a pause."""

import asyncio
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.turnstile import Turnstile
from tests import virtual


@given(st.lists(st.floats(0, 2), min_size=1, max_size=40))
def test_messages_keep_their_distance_and_their_order(comings: list[float]) -> None:
    came = list[int]()

    async def main() -> list[tuple[float, int]]:
        turnstile, left = Turnstile(5), list[tuple[float, int]]()
        loop = asyncio.get_running_loop()

        async def come(number: int, when: float) -> None:
            await asyncio.sleep(when)
            came.append(number)
            await turnstile.passed()
            left.append((loop.time(), number))

        await asyncio.gather(*(come(n, when) for n, when in enumerate(comings)))
        return left

    left = virtual.run(main())
    assert all(b[0] - a[0] >= 0.1799 for a, b in pairwise(left))
    assert all(b[0] - a[0] >= 0.9799 for a, b in zip(left, left[5:], strict=False))
    assert [number for _, number in left] == came


def test_who_was_held_up_does_not_leave_with_the_next() -> None:
    """A loop that stood still for a second lets one message go, not all whose time has come."""

    async def main() -> list[float]:
        turnstile, loop, left = Turnstile(10), asyncio.get_running_loop(), list[float]()

        async def come() -> None:
            await turnstile.passed()
            left.append(loop.time())

        comers = [asyncio.create_task(come()) for _ in range(5)]
        await asyncio.sleep(0)
        clock: Any = loop
        clock._jumping.now += 1.0  # noqa: SLF001  # nothing else can stop a virtual loop
        await asyncio.gather(*comers)
        return left

    left = virtual.run(main())
    assert all(b - a >= 0.0799 for a, b in pairwise(left))


def test_after_a_pause_the_next_goes_at_once_and_a_wait_can_be_told() -> None:
    async def main() -> None:
        turnstile, loop = Turnstile(2), asyncio.get_running_loop()
        await turnstile.passed()
        assert 0.47 < turnstile.wait(loop.time()) <= 0.5
        await asyncio.sleep(0.75)
        assert turnstile.wait(loop.time()) == 0.0

        waiting = asyncio.create_task(turnstile.passed())
        await turnstile.passed()
        waiting.cancel()
        await asyncio.sleep(0)
        assert turnstile.wait(loop.time() + 9) == 0.0

    virtual.run(main())
