"""(f) One event for 5,000 Telegram chats and 200 Slack channels; the servers ban violators.

    python -m bench.broadcast [CHATS CHANNELS]

The real process with the real clients. Once it runs through, with a command typed in the middle on
each service; then another bot is stopped by SIGTERM in the middle, and goes on after a restart.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.report import Bar, Result, number
from tests.broadcasts import (
    FIRST,
    SLACK_RATE,
    TELEGRAM_RATE,
    Play,
    pace,
    playing,
    until,
)

LONGEST = 300.0  # seconds for one broadcast
ONCE = "(f) chats told twice or not at all"
Told = tuple[list[tuple[str, list[str]]], list[Bar]]
"""Rows of a table, and bars."""


async def through(play: Play) -> Told:
    """Tell an event to everybody, and type a command in the middle."""
    play.news.news.append(FIRST)
    half = (play.chats + play.channels) // 2
    await until(lambda: play.missing(FIRST) <= half, "half of the broadcast", LONGEST)
    answers = await play.asked()
    await until(lambda: not play.missing(FIRST), "the broadcast", LONGEST)
    rows, bars = [], [Bar(ONCE, wrong(play), 0)]
    for (name, answered), told, rate in zip(
        answers.items(), play.told(FIRST), (TELEGRAM_RATE, SLACK_RATE), strict=True
    ):
        took, ideal = pace([at for _, at in told], rate)
        cells = [number(len(told)), f"{took:.2f}", f"{ideal:.2f}", f"{answered:.2f}"]
        rows.append((name, cells))
        bars.append(Bar(f"(f) {name}, times what its limit allows", took / ideal, 1.1))
        bars.append(Bar(f"(f) {name}: a command in the middle is answered, s", answered, 2))
    return rows, bars


async def interrupted(play: Play) -> Told:
    """Stop a broadcast in the middle, start again, and count."""
    play.news.news.append(FIRST)
    half = (play.chats + play.channels) // 2
    await until(lambda: play.missing(FIRST) <= half, "half of the broadcast", LONGEST)
    took = await play.stop()
    await play.start()
    await until(lambda: not play.missing(FIRST), "the rest", LONGEST)
    await play.stop()
    return [], [
        Bar("(f) SIGTERM in the middle: stopped after, s", took, 20),
        Bar(f"{ONCE}, with a restart in between", wrong(play), 0),
    ]


def wrong(play: Play) -> int:
    """Return how many chats were told the event twice or not at all."""
    return play.missing(FIRST) + sum(count > 1 for count in play.copies(FIRST).values())


async def played(
    chats: int, channels: int, act: Callable[[Play], Awaitable[Told]], what: str
) -> Told:
    """Do one thing with a bot of its own, whose services count what breaks their limits."""
    with tempfile.TemporaryDirectory() as folder:
        async with playing(Path(folder), chats, channels) as play:
            rows, bars = await act(play)
            broken = play.talk.violations + play.work.violations
    print(f"  {what}: done", flush=True)
    return rows, [*bars, Bar(f"(f) {what}: requests beyond a limit", broken, 0)]


def run(chats: int = 5_000, channels: int = 200) -> list[Result]:
    """Tell an event to all, and another, with a stop in the middle, to a fifth of them."""
    rows, bars = asyncio.run(played(chats, channels, through, "an event for everybody"))
    few = (chats // 5, channels // 5)
    _, more = asyncio.run(played(*few, interrupted, "a stop in the middle"))
    columns = ["chats", "seconds", "its limit allows", "a command's answer, s"]
    title = "(f) one event for many chats, by the real process"
    return [Result(title, columns, rows, [*bars, *more])]


def main() -> None:
    for result in run(*map(int, sys.argv[1:3])):
        print(result.text())


if __name__ == "__main__":
    main()
