"""The demo, as a newcomer runs it: without network, in half a minute, fit for a trader."""

import asyncio
import os
import re
import sys
import time

import pytest


@pytest.fixture(scope="module")
def told():
    """Return what the demo printed, and how long it took (s)."""
    return asyncio.run(_run())


async def _run():
    pipe, began = asyncio.subprocess.PIPE, time.monotonic()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        stdout=pipe,
        stderr=pipe,
        env={"PATH": os.environ["PATH"]},  # noqa: TID251  # the child needs a PATH
    )
    out, errors = await asyncio.wait_for(process.communicate(), 100)
    assert process.returncode == 0, errors.decode()
    return out.decode(), errors.decode(), time.monotonic() - began


def test_tells_the_story_that_started_it(told):
    out, _, _ = told
    blocks = out.split("\n\n")

    (alert,) = [
        b for b in blocks if "China approves some rare earth export licences, commerce" in b
    ]
    assert alert.startswith("EASES  China · approves export licences · rare earths")


def test_no_boilerplate_reaches_a_chat(told):
    out, _, _ = told

    assert not re.search(
        "monitoring desk|leave a reply|appeared first|email address|cookie", out, re.IGNORECASE
    )


def test_ends_with_a_summary_that_adds_up(told):
    out, errors, _ = told
    found = re.search(
        r"(\d+) of (\d+) items new, (\d+) not relevant, (\d+) copies folded, (\d+) stories", out
    )
    assert found
    new, total, irrelevant, copies, stories = map(int, found.groups())
    alerts = re.search(r"(\d+) alerts for", out)
    assert alerts

    assert new == total >= 60
    assert new == irrelevant + copies + stories
    assert out.count("matched rare-earth") == int(alerts[1]) >= 8
    assert "0 failed" in out
    assert errors == ""


def test_takes_half_a_minute_at_most(told):
    _, _, seconds = told

    assert seconds < 60  # half a minute on a machine that does nothing else beside it
