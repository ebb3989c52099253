"""(g) What a bot costs that has nothing to do: the shipped catalogue at its own pace, on loopback.

    python -m bench.idle [SECONDS [SETTLING]]     # 120 and 60

The process that a user starts, with its parser processes. Every source answers in its real shape
from one host in this process. The first round is over before the clock runs.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.report import Bar, Result, number
from bench.usage import alone, cpu_of, held
from bot.catalogue import written
from tests.sourcehost import ROWS, SourceHost


@asynccontextmanager
async def started(folder: Path, host: SourceHost) -> AsyncIterator[str]:
    """Run a bot while the block runs; yield its process's id."""
    catalogue = folder / "sources.toml"
    catalogue.write_text("\n".join(map(written, host.rows())), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run", "--data", str(folder / "data")),
        *("--sources", str(catalogue)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "FETCH_ALLOW": "127.0.0.1", "FETCH_SPACING": "0"},
    )
    try:
        yield str(process.pid)
    finally:
        process.kill()
        await process.wait()


async def measured(seconds: float, settling: float) -> tuple[float, float, float]:
    """Return the share of a core, and MB: of the bot alone, and with its parser processes."""
    with tempfile.TemporaryDirectory() as folder:
        async with SourceHost() as host, started(Path(folder), host) as process:
            await asyncio.sleep(settling)
            before = cpu_of(process)
            await asyncio.sleep(seconds)
            share = (cpu_of(process) - before) / seconds
            return share, alone(process), held(process)


def run(seconds: float = 120, settling: float = 60) -> list[Result]:
    """Let the bot be for so long."""
    share, alone, whole = asyncio.run(measured(seconds, settling))
    row = [number(100 * share), number(alone), number(whole)]
    bars = [
        Bar("(g) idle, % of a core", 100 * share, 0.5),
        Bar("(g) idle, memory with parser processes, MB", whole, 150),
    ]
    columns = ["% of a core", "memory of the bot, MB", "with parser processes, MB"]
    note = f"{len(ROWS)} sources at their own intervals, for {seconds:g} s after the first round."
    return [Result("(g) idle with the shipped catalogue", columns, [("run", row)], bars, note)]


def main() -> None:
    for result in run(*map(float, sys.argv[1:3])):
        print(result.text())


if __name__ == "__main__":
    main()
