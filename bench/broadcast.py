"""One event for 1,000 Telegram chats and 200 Slack channels, against servers that ban violators.

    python -m bench.broadcast [CHATS CHANNELS]

The real process with the real clients. Once it runs through, with a command typed in the middle on
each service; then a second event is stopped by SIGTERM in the middle, and goes on after a restart.
"""

import asyncio
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

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

LONGEST = 300.0  # seconds for one broadcast


def show(name: str, value: str, bar: str) -> None:
    print(f"{name:<52} {value:>16}   {bar}", flush=True)


async def through(play: Play) -> None:
    """Tell an event to everybody, and type a command in the middle."""
    play.news.news.append(FIRST)
    half = (play.chats + play.channels) // 2
    await until(lambda: play.missing(FIRST) <= half, "half of the broadcast", LONGEST)
    answers = await play.asked()
    await until(lambda: not play.missing(FIRST), "the broadcast", LONGEST)
    for name, told, rate in zip(
        ("Telegram", "Slack"), play.told(FIRST), (TELEGRAM_RATE, SLACK_RATE), strict=True
    ):
        took, ideal = pace([at for _, at in told], rate)
        show(f"{name}: {len(told)} chats", f"{took:.2f} s", f"the limit allows {ideal:.2f} s")
        show(f"{name}: of the ideal", f"{took / ideal:.3f}", "<= 1.1")
    for name, seconds in answers.items():
        show(f"{name}: a command in the middle is answered", f"{seconds:.2f} s", "<= 2 s")
    show("chats told", repeated(play.copies(FIRST)), "each once")


async def interrupted(play: Play) -> None:
    """Stop a second broadcast in the middle, start again, and count."""
    play.news.news.append(SECOND)
    half = (play.chats + play.channels) // 2
    await until(lambda: play.missing(SECOND) <= half, "half of the second broadcast", LONGEST)
    took = await play.stop()
    show("SIGTERM in the middle: stopped after", f"{took:.2f} s", "<= 20 s")
    show("told by then", f"{len(play.copies(SECOND))}", "")
    await play.start()
    await until(lambda: not play.missing(SECOND), "the rest", LONGEST)
    await play.stop()
    show("chats told after the restart", repeated(play.copies(SECOND)), "each once")


def repeated(copies: Counter[str]) -> str:
    twice = sum(count > 1 for count in copies.values())
    return f"{len(copies)}, {twice} twice"


async def main(chats: int = 1_000, channels: int = 200) -> None:
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        async with playing(Path(folder), chats, channels) as play:
            await through(play)
            await interrupted(play)
            show("limits broken on Telegram", str(play.talk.violations), "0")
            show("limits broken on Slack", str(play.work.violations), "0")


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:3])))
