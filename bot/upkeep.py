"""What an operator does to a store from the command line: back up, restore, move, repair."""

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.errors import UsageError
from bot.model import Changes
from bot.store import TinyStore
from bot.store.backup import backup as back_up
from bot.store.backup import restore as bring_back
from bot.store.portable import export_jsonl, import_jsonl
from bot.store.repair import repair


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
    """Print chats, subscriptions and stories as JSON lines; the bot must not run."""

    async def lines() -> None:
        store = TinyStore.open(folder)
        for line in export_jsonl(store):
            sys.stdout.write(line + "\n")
        await store.close()

    asyncio.run(lines())
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
    return len(changes.chats) + len(changes.subscriptions) + len(changes.stories)


def doctor(folder: Path, *, mend: bool) -> str:
    """Check the store and, where asked, bring back the last state that can be proved."""
    if mend:
        return repair(folder).text
    if not folder.is_dir():
        raise UsageError(f"There is no store in {folder} yet; `exportwire run` makes one.")

    async def opened() -> int:
        store = TinyStore.open(folder)
        await store.close()
        return store.bytes_on_disk

    return f"The store in {folder} is whole: {asyncio.run(opened())} bytes."
