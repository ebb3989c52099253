"""`exportwire doctor`: is everything set up, and what to do where it is not. One line each."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TextIO

from bot import log, survey
from bot.app import reading, utc_now
from bot.chosen import chat_named, rows_of
from bot.errors import BotError, SettingsError
from bot.model import Check, Health, Row, Verdict
from bot.ports import Service
from bot.rooms import Rooms
from bot.services import connected
from bot.settings import Settings
from bot.store import TinyStore
from bot.store.lock import holder

TIMEOUT = 30.0  # seconds for one service
TRIED = 3  # sources, until one answers
SPACE = 200 * 2**20
_COLOURS = {Verdict.OK: "32", Verdict.WARN: "33", Verdict.FAIL: "31", Verdict.UNUSED: "2"}
Checking = Callable[[], Awaitable[Sequence[Check]]]


def run(settings: Settings) -> int:
    """Print what was found; return the exit status: 0 all is well, 1 something is to be done."""
    log.start("critical", settings.log_format, settings.secrets)
    return asyncio.run(_run(settings, sys.stdout))


async def _run(settings: Settings, out: TextIO) -> int:
    store = TinyStore.memory()
    services = connected(settings, Rooms(store, utc_now))
    try:
        found = await _printed(_all(settings, services), Paper(out, settings))
    finally:
        for service in services:
            await service.close()
        await store.close()
    failed = sum(check.verdict is Verdict.FAIL for check in found)
    told = "Something is to be done: see above." if failed else "Ready: `exportwire run` starts it."
    out.write(f"{told}\n")
    return min(1, failed)


def _all(settings: Settings, services: Sequence[Service]) -> list[Checking]:
    """Return the checks, in the order in which they are shown."""
    named = {service.name for service in services}
    unused = [
        Check(name.title(), Verdict.UNUSED, f"not set up: {variable} is empty", docs)
        for name, variable, docs in (
            ("telegram", "TELEGRAM_TOKEN", "docs/TELEGRAM.md tells how, where you want it"),
            ("slack", "SLACK_BOT_TOKEN", "docs/SLACK.md tells how, where you want it"),
        )
        if name not in named
    ]
    return [
        partial(_still, [settings_of(settings), folder_of(settings.data_dir)]),
        *(partial(service.checkup, utc_now) for service in services),
        partial(_still, unused),
        partial(source, settings),
    ]


async def _still(checks: Sequence[Check]) -> Sequence[Check]:
    return checks


async def _printed(checking: Sequence[Checking], paper: "Paper") -> list[Check]:
    """Run all checks at once, and print each as soon as those before it are printed."""
    tasks = [asyncio.ensure_future(_bounded(check)) for check in checking]
    found: list[Check] = []
    for task in tasks:
        for check in await task:
            paper.write(check)
            found.append(check)
    return found


async def _bounded(checking: Checking) -> Sequence[Check]:
    try:
        async with asyncio.timeout(TIMEOUT):
            return await checking()
    except TimeoutError:
        told = f"no answer within {TIMEOUT:.0f} s"
        return [Check("Network", Verdict.FAIL, told, "check the network and a proxy")]


def settings_of(settings: Settings) -> Check:
    """Return whether the settings go together."""
    what = "Settings"
    try:
        if settings.operator_chat:
            chat_named(settings.operator_chat)
        rows_of(settings)
    except SettingsError as error:
        return Check(what, Verdict.FAIL, str(error), "correct it in the environment or in .env")
    if settings.slack_app_token and not settings.slack_bot_token:
        remedy = "set it (xoxb-...), or take SLACK_APP_TOKEN out"
        return Check(what, Verdict.FAIL, "SLACK_APP_TOKEN is set, SLACK_BOT_TOKEN is not", remedy)
    return Check(what, Verdict.OK, "go together")


def folder_of(folder: Path) -> Check:
    """Return whether the data folder can be used; a bot that runs there goes on."""
    what, at = "Data folder", folder.absolute()
    there = next(path for path in (at, *at.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        remedy = "give this user the right to write there, or set DATA_DIR"
        return Check(what, Verdict.FAIL, f"{there} cannot be written to", remedy)
    free = shutil.disk_usage(there).free
    if free < SPACE:
        remedy = "make room: the bot stops taking news when the disk is full"
        return Check(what, Verdict.WARN, f"{free >> 20} MB are left on {there}'s disk", remedy)
    if not (folder / "lock").exists():
        return Check(what, Verdict.OK, f"{folder} will be made at the first start")
    return _store(folder, what)


def _store(folder: Path, what: str) -> Check:
    try:
        store = TinyStore.glimpse(folder)
    except BotError as error:
        return Check(what, Verdict.FAIL, str(error), "see above; --repair brings it back")
    chats, wishes = len(store.chats()), len(store.subscriptions())
    store.database.close()
    held = holder(folder)
    used = f"in use by process {held[0]}" if held else "no bot runs on it"
    return Check(what, Verdict.OK, f"{folder} is whole: {chats} chats, {wishes} wishes; {used}")


async def source(settings: Settings) -> Sequence[Check]:
    """Return how the first source does that answers, or, where none of a few does, the first."""
    try:
        rows = [row for row in rows_of(settings) if row.enabled][:TRIED]
    except SettingsError:
        return ()  # told among the settings
    if not rows:
        remedy = "enable one in SOURCES or SOURCES_EXTRA"
        return (Check("Source", Verdict.FAIL, "the catalogue has none that is enabled", remedy),)
    found = [finding async for finding in _asked(settings, rows)]
    best = next((f for f in found if f.state != "failed"), found[0])
    if best.state == "failed":
        remedy = "is there a network? `exportwire doctor --sources` asks all"
        return (Check("Source", Verdict.FAIL, f"{best.row.name}: {best.said}", remedy),)
    verdict = Verdict.OK if best.state == Health.OK else Verdict.WARN
    remedy = "" if verdict is Verdict.OK else "`exportwire doctor --sources` asks all"
    return (Check("Source", verdict, f"{best.row.name}: {best.said}", remedy),)


async def _asked(settings: Settings, rows: Sequence[Row]) -> AsyncIterator[survey.Finding]:
    async with reading(settings) as reader:
        async for finding in survey.examined(rows, reader, utc_now):
            yield finding


class Paper:
    """Where findings are shown: in colour on a terminal, plain elsewhere, never with a secret."""

    def __init__(self, out: TextIO, settings: Settings) -> None:
        self._out, self._redact = out, log.Redact(settings.secrets)
        self._bright = out.isatty() and "NO_COLOR" not in os.environ  # noqa: TID251  # a terminal's own convention

    def write(self, check: Check) -> None:
        """Show a finding, and below it what to do."""
        word = f"{check.verdict:<4}"
        if self._bright:
            word = f"\x1b[{_COLOURS[check.verdict]}m{word}\x1b[0m"
        lines = [f"{word}  {check.what:<18} {check.told}"]
        lines += [f"      {'':<18} -> {check.remedy}"] if check.remedy else []
        self._out.write(self._redact.text("".join(f"{line}\n" for line in lines)))
        self._out.flush()
