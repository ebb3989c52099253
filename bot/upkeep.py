"""What an operator does to a store from the command line: back up, restore, move, repair."""

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.compose import span
from bot.model import Changes, ChatId
from bot.store import TinyStore
from bot.store.backup import backup as back_up
from bot.store.backup import restore as bring_back
from bot.store.lock import holder
from bot.store.portable import export_jsonl, import_jsonl
from bot.store.recover import sizes
from bot.store.repair import repair
from bot.vitals import Vitals, midnight, told

CONSOLE = ChatId("console::local")
READ_LATELY = timedelta(days=8)  # a source that is suspended is asked once a week


def backup(folder: Path, file: Path) -> str:
    """Copy the store to a file, running or not; return what was done."""
    size = back_up(folder, file)
    return (
        f"Backed up {folder} to {file}: {size} bytes. `exportwire restore {file}` brings it back."
    )


def restore(folder: Path, file: Path) -> str:
    """Make a store from a backup, where none is; return what was done."""
    return f"Restored {bring_back(file, folder)} documents into {folder}."


def export(folder: Path) -> str:
    """Print chats, subscriptions, stories and added sources as JSON lines, running or not."""
    store = TinyStore.glimpse(folder)
    for line in export_jsonl(store):
        sys.stdout.write(line + "\n")
    store.database.close()
    return ""


def bring_in(folder: Path, lines: Iterable[str]) -> str:
    """Add what an export holds; the bot must not run. Raises UsageError, nothing imported then."""
    commits = import_jsonl(lines)

    async def kept() -> None:
        store = TinyStore.open(folder)
        for changes in commits:
            await store.commit(changes)
        await store.close()

    asyncio.run(kept())
    return f"Imported {sum(map(_count, commits))} values into {folder}."


def _count(changes: Changes) -> int:
    kinds = (changes.chats, changes.subscriptions, changes.stories, changes.rows)
    return sum(map(len, kinds))


def status(folder: Path, now: datetime | None = None) -> str:
    """Return how the bot does, from what the folder holds; a running one is not disturbed."""
    now = now or datetime.now(UTC)  # noqa: TID251  # a shell's command has no other clock
    store, held = TinyStore.glimpse(folder), holder(folder)
    console = store.chat(CONSOLE)
    zone = console.zone if console else "UTC"
    known = [s.health for s in store.sources() if s.checked and now - s.checked < READ_LATELY]
    size, snapshot = sizes(folder)
    figures = store.figures(midnight(now, zone), now)
    figures = replace(figures, bytes_on_disk=size, last_snapshot=snapshot)
    vitals = Vitals(figures, known, store.chat, lambda _account: False, now)
    store.database.close()
    return "\n".join((_running(folder, held, now), *told(vitals, zone)))


def _running(folder: Path, held: tuple[int, datetime] | None, now: datetime) -> str:
    if held is None:
        return f"No bot runs on {folder}. This is what its store holds:"
    pid, since = held
    return f"Running as process {pid} on {folder}, up {span(now - since)}."


def mended(folder: Path) -> str:
    """Bring back the last state that can be proved; return what was done."""
    return repair(folder).text
