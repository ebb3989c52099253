"""(f) One event for 5,000 Telegram chats and 200 Slack channels; the servers ban violators.

    python -m bench.broadcast [CHATS CHANNELS]

The real process with the real clients. Once it runs through, with a command typed in the middle on
each service; then a second event is stopped by SIGTERM in the middle, and goes on after a restart.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from bench.report import Bar, Result, number
from tests.broadcasts import (
    FIRST,
    SECOND,
    SLACK_RATE,
    TELEGRAM_RATE,
    Play,
    pace,
    playing,
    until,
)
from tests.newshost import News

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
    rows, bars = [], [Bar(ONCE, wrong(play, FIRST), 0)]
    for (name, answered), told, rate in zip(
        answers.items(), play.told(FIRST), (TELEGRAM_RATE, SLACK_RATE), strict=True
    ):
        took, ideal = pace([at for _, at in told], rate)
        cells = [number(len(told)), f"{took:.2f}", f"{ideal:.2f}", f"{answered:.2f}"]
        rows.append((name, cells))
        bars.append(Bar(f"(f) {name}, times what its limit allows", took / ideal, 1.1))
        bars.append(Bar(f"(f) {name}: a command in the middle is answered, s", answered, 2))
    return rows, bars


async def interrupted(play: Play) -> list[Bar]:
    """Stop a second broadcast in the middle, start again, and count."""
    play.news.news.append(SECOND)
    half = (play.chats + play.channels) // 2
    await until(lambda: play.missing(SECOND) <= half, "half of the second broadcast", LONGEST)
    took = await play.stop()
    await play.start()
    await until(lambda: not play.missing(SECOND), "the rest", LONGEST)
    await play.stop()
    return [
        Bar("(f) SIGTERM in the middle: stopped after, s", took, 20),
        Bar(f"{ONCE}, with a restart in between", wrong(play, SECOND), 0),
    ]


def wrong(play: Play, news: News) -> int:
    """Return how many chats were told an item twice or not at all."""
    return play.missing(news) + sum(count > 1 for count in play.copies(news).values())


async def played(chats: int, channels: int) -> Told:
    with tempfile.TemporaryDirectory() as folder:
        async with playing(Path(folder), chats, channels) as play:
            rows, bars = await through(play)
            print("  an event for everybody: done", flush=True)
            bars += await interrupted(play)
            broken = play.talk.violations + play.work.violations
            return rows, [*bars, Bar("(f) limits broken, requests", broken, 0)]


def run(chats: int = 5_000, channels: int = 200) -> list[Result]:
    """Tell two events; the second one is interrupted."""
    rows, bars = asyncio.run(played(chats, channels))
    columns = ["chats", "seconds", "its limit allows", "a command's answer, s"]
    return [Result("(f) one event for many chats, by the real process", columns, rows, bars)]


def main() -> None:
    for result in run(*map(int, sys.argv[1:3])):
        print(result.text())


if __name__ == "__main__":
    main()
