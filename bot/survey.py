"""What an operator asks of the sources from a shell: how they do, and what is wrong with them now.

`doctor --sources` asks every source once, as a poll would, and keeps nothing. It and the table may
be asked for while the bot runs.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import condition, health, identity, log
from bot.app import reading, utc_now
from bot.chosen import rows_of
from bot.compose import span
from bot.errors import ShapeError, SourceError, UsageError
from bot.model import Changes, Entry, Health, Row, SourceState
from bot.ports import Clock
from bot.reading import Reader, Sheet
from bot.roster import Roster
from bot.settings import Settings
from bot.store import TinyStore
from sources.opml import opml_of
from sources.opml import rows_of as rows_in


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
        return Finding(row, "failed", condition.advised(str(error), condition.remedy(error)))
    assert sheet is not None  # noqa: S101  # for mypy: nothing is known that could be unchanged
    return judged(row, sheet, clock())


def judged(row: Row, sheet: Sheet, now: datetime) -> Finding:
    """Return what an answer amounts to."""
    newest = max((e.published for e in sheet.entries if e.published), default=None)
    before = SourceState(name=row.name, held=1, newest=newest)  # an empty list is remarked on
    answer = health.Answer(len(sheet.entries), sheet.flaws, sheet.damaged)
    state = health.after_success(before, row, now, answer, new=0)
    count = "1 item" if len(sheet.entries) == 1 else f"{len(sheet.entries)} items"
    parts = [count, condition.newest_of(state, row, now), *sheet.flaws]
    said = ", ".join(filter(None, parts))
    if state.health is Health.SILENT:
        said = f"{said}. {condition.ADVICE[Health.SILENT]}"
    return Finding(row, str(state.health), said, sheet.entries)


def run(settings: Settings, *, items: bool) -> int:
    """Ask every enabled source; return the exit status: 0 all are well, 1 some are not."""
    log.start("error", settings.log_format, [])
    rows = polled(settings, known(settings))

    async def asked() -> int:
        async with reading(settings) as reader:
            return await shown(rows, reader, utc_now, items=items)

    return min(1, asyncio.run(asked()))


def known(settings: Settings) -> TinyStore:
    """Return what the store holds, to be read; an empty one where there is none."""
    there = settings.data_dir.is_dir() and any(settings.data_dir.iterdir())
    return TinyStore.glimpse(settings.data_dir) if there else TinyStore.memory()


def polled(settings: Settings, store: TinyStore) -> Sequence[Row]:
    """Return the rows that a bot with these settings polls."""
    return Roster((*(row for row in rows_of(settings) if row.enabled), *store.rows()))


_HEAD = ("source", "state", "last good", "newest", "usual", "checks", "items", "next in", "")


def table(settings: Settings, now: datetime | None = None) -> str:
    """Return a line for each source: its state and times, today's counts, what is wrong."""
    store = known(settings)
    rows = polled(settings, store)
    told = [_told(row, store.source(row.name), now or utc_now()) for row in rows]
    lines = [_HEAD, *told]
    wide = [max(len(line[at]) for line in lines) for at in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, wide, strict=True)).rstrip()
        for line in lines
    )


def _told(row: Row, state: SourceState, now: datetime) -> tuple[str, ...]:
    today = state.day == now.date()
    due = max(filter(None, ((state.checked or now) + row.every, state.not_before)))
    return (
        row.name,
        str(state.health),
        span(now - state.succeeded) + " ago" if state.succeeded else "never",
        span(now - state.newest) + " old" if state.newest else "-",
        span(row.cadence) if row.cadence else "-",
        str(state.checks_today if today else 0),
        str(state.items_today if today else 0),
        span(max(due - now, timedelta())) if state.checked else "-",
        state.error,
    )


def hand_out(settings: Settings, file: Path | None) -> str:
    """Write the feeds that are polled to an OPML file, or return it."""
    text = opml_of(polled(settings, known(settings)))
    if file is None:
        return text.rstrip()
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
    return f"Wrote {text.count('<outline')} feeds to {file}."


def bring_in(settings: Settings, file: Path | None) -> str:
    """Add an OPML file's feeds; the bot must not run. Raises UsageError: nothing was added then."""
    if file is None:
        raise UsageError("Say which file: exportwire sources import feeds.opml")
    try:
        given = rows_in(file.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, ShapeError) as error:
        raise UsageError(f"{file} cannot be read as OPML: {error}. Nothing was added.") from error
    return asyncio.run(_kept(settings, given))


async def _kept(settings: Settings, given: Sequence[Row]) -> str:
    store = TinyStore.open(settings.data_dir)
    try:
        there = polled(settings, store)
        names, urls = {row.name for row in there}, {row.url for row in there}
        new = tuple(row for row in given if row.url not in urls and row.name not in names)
        await store.commit(Changes(rows=new))
    finally:
        await store.close()
    left = len(given) - len(new)
    return f"Feeds added: {len(new)}. There already, by name or address: {left}."


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
