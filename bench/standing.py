"""(g) Start-up: the seconds until help is shown, and until a bot asks its first source.

python -m bench.standing
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

from bench.report import Bar, Result, spread
from bench.usage import cpu


def run(times: int = 7) -> list[Result]:
    """Measure each start several times."""
    shown = [_help() for _ in range(times)]
    asked = [asyncio.run(_first_poll()) for _ in range(times)]
    rows = [("--help", shown), ("run, to its first request", asked)]
    table = [
        (name, [spread([wall for wall, _ in each]), spread([used for _, used in each])])
        for name, each in rows
    ]
    bars = [
        Bar("(g) --help, s", median(wall for wall, _ in shown), 0.3),
        Bar("(g) run to first poll, s", median(wall for wall, _ in asked), 1.5),
    ]
    return [Result("(g) start-up", ["seconds", "CPU seconds"], table, bars)]


def _help() -> tuple[float, float]:
    spent, began = cpu(), time.perf_counter()
    command = [sys.executable, "-m", "bot", "--help"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # ours
    return time.perf_counter() - began, cpu() - spent


async def _first_poll() -> tuple[float, float]:
    """Start a bot with one source, and wait until the source is asked."""
    asked = asyncio.Event()

    async def hear(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        return await _started(Path(folder), port, asked.wait)


async def _started(
    folder: Path, port: int, wait: Callable[[], Awaitable[object]]
) -> tuple[float, float]:
    rows = f'[[source]]\nname = "one"\nkind = "feed"\nurl = "http://127.0.0.1:{port}/"\n'
    (folder / "sources.toml").write_text(rows)
    spent, began = cpu(), time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--data", str(folder / "data")),
        *("--sources", str(folder / "sources.toml")),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "FETCH_ALLOW": "127.0.0.1"},
    )
    try:
        await asyncio.wait_for(wait(), 60)
        return time.perf_counter() - began, cpu() - spent
    finally:
        process.kill()
        await process.wait()


if __name__ == "__main__":
    for result in run():
        print(result.text())
