"""What an operator asks of the sources from a shell: what is wrong with each of them, now.

Every source is asked once, as a poll would, and nothing is kept: the bot may run meanwhile.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import health, identity, log
from bot.app import reading, rows_of, utc_now
from bot.errors import SourceError
from bot.model import Entry, Health, Row, SourceState
from bot.ports import Clock
from bot.reading import Reader, Sheet
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """How one source did: "ok", "degraded", "silent" or "failed", and what to know of that."""

    row: Row
    state: str
    said: str
    entries: tuple[Entry, ...] = ()

    @property
    def line(self) -> str:
        """Return what a person reads."""
        return f"{self.state:<9} {self.row.name:<30} {self.said}"


async def examined(rows: Sequence[Row], reader: Reader, clock: Clock) -> AsyncIterator[Finding]:
    """Ask all sources at once; yield what was found of each, in the order of the rows."""
    tasks = [asyncio.ensure_future(_examined(row, reader, clock)) for row in rows]
    try:
        for task in tasks:
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _examined(row: Row, reader: Reader, clock: Clock) -> Finding:
    try:
        sheet = await reader.read(row, {})
    except SourceError as error:
        return Finding(row, "failed", f"{error}. {health.remedy(error)}")
    assert sheet is not None  # noqa: S101  # for mypy: nothing is known that could be unchanged
    return judged(row, sheet, clock())


def judged(row: Row, sheet: Sheet, now: datetime) -> Finding:
    """Return what an answer amounts to."""
    newest = max((e.published for e in sheet.entries if e.published), default=None)
    before = SourceState(name=row.name, held=1, newest=newest)  # an empty list is remarked on
    answer = health.Answer(len(sheet.entries), sheet.flaws, sheet.damaged)
    state = health.after_success(before, row, now, answer, new=0)
    count = "1 item" if len(sheet.entries) == 1 else f"{len(sheet.entries)} items"
    parts = [count, health.newest_of(state, row, now), *sheet.flaws]
    said = ", ".join(filter(None, parts))
    if state.health is Health.SILENT:
        said = f"{said}. {health.ADVICE[Health.SILENT]}"
    return Finding(row, str(state.health), said, sheet.entries)


def run(settings: Settings, *, items: bool) -> int:
    """Ask every enabled source; return the exit status: 0 all are well, 1 some are not."""
    log.start("error", settings.log_format, [])
    rows = [row for row in rows_of(settings) if row.enabled]

    async def asked() -> int:
        async with reading(settings) as reader:
            return await shown(rows, reader, utc_now, items=items)

    return min(1, asyncio.run(asked()))


async def shown(rows: Sequence[Row], reader: Reader, clock: Clock, *, items: bool = False) -> int:
    """Print a line for each source, or a JSON line for each of its items; return how many fail."""
    wrong = 0
    async for found in examined(rows, reader, clock):
        wrong += found.state != Health.OK
        for line in _items(found) if items else (found.line,):
            sys.stdout.write(f"{line}\n")
        if items and found.state != Health.OK:
            sys.stderr.write(f"{found.line}\n")
        sys.stdout.flush()
    if not items:
        sys.stdout.write(f"{len(rows)} sources asked: {len(rows) - wrong} ok, {wrong} not.\n")
    return wrong


def _items(found: Finding) -> Iterator[str]:
    for entry in found.entries:
        told = {
            "source": found.row.name,
            "title": entry.title,
            "published": entry.published.isoformat() if entry.published else None,
            "day_only": entry.day_only,
            "url": entry.url,
            "keys": identity.keys_of(entry, found.row),
        }
        yield json.dumps(told, ensure_ascii=False)
