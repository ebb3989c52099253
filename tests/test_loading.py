"""A start reaches its first request without what only judging needs, and judging waits for it."""

import subprocess
import sys

from bot.classify.topics import matcher
from bot.loading import loading, once_loaded
from bot.model import Page, Parsed
from sources import KINDS
from tests.builders import row

SLOW = {"bs4", "soupsieve", "telegram", "slack_sdk", "aiohttp", "feedparser", "numpy"}


def test_a_start_imports_no_parser_of_pages_and_no_service():
    """Each of them costs a tenth of a second and more before the first request."""
    code = f"import bot.serve, sys; print(*{SLOW} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)  # noqa: S603  # ours

    assert done.stdout.split() == []
    assert done.returncode == 0


def test_the_first_decision_finds_all_loaded():
    """A matcher that is built in the event loop takes a tenth of a second from everybody."""
    done = subprocess.run(  # a process that has decided nothing yet
        [sys.executable, "-m", "tests.firstdecision"], check=False, capture_output=True, text=True
    )  # fmt: skip

    assert done.stdout.split() == []
    assert done.returncode == 0, done.stderr


async def test_what_was_read_is_given_once_all_is_loaded():
    """Else the event loop itself would load it, and stand still for as long."""
    order = []

    async def parse(*_given):
        order.append("read")
        return Parsed(entries=())

    async with loading([row()]) as late:
        late.add_done_callback(lambda _: order.append("loaded"))
        await once_loaded(parse, late)(KINDS["feed"], Page(url="", body=b""), row())
        order.append("given")

    assert order == ["read", "loaded", "given"]
    assert matcher.cache_info().currsize
