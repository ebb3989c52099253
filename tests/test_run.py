"""The whole program, as a person runs it: real processes against a loopback news host."""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from json import loads
from pathlib import Path

import pytest

from tests.faultserver import FaultServer
from tests.newshost import DIALECTS, News, NewsHost

OLD = [
    News("rss", 1, "China approves some rare earth export licences, commerce ministry says"),
    News("atom", 2, "Football: the weekend's results"),
    News("rdf", 3, "China bans gallium exports to the United States"),
    News("json", 4, "Malaysia bans exports of raw rare earths"),
    News("page", 5, "US adds 12 firms to its Entity List over AI chip exports"),
]
NEW = [
    News("rss", 11, "China suspends export controls on five rare earth elements until November"),
    News("rdf", 12, "Vietnam bans exports of unprocessed rare earth ore from January"),
    News("atom", 13, "Rare earth miner reports record quarterly earnings"),
    News("json", 14, "Weather: rain in the north"),
]
ALERTS = {NEW[0].title, NEW[1].title}


@pytest.fixture
async def host():
    async with NewsHost() as host:
        host.news = list(OLD)
        yield host


async def exportwire(*args, typed=b"", data=None, cwd=None):
    """Run the program to its end; return its exit status, standard output and standard error."""
    process = await start(*args, data=data, cwd=cwd)
    out, errors = await asyncio.wait_for(process.communicate(typed), 60)
    return process.returncode, out.decode(), errors.decode()


async def start(*args, data=None, cwd=None):
    known = {"PATH": os.environ["PATH"], "FETCH_ALLOW": "127.0.0.1", "FETCH_SPACING": "0"}  # noqa: TID251  # the child needs a PATH
    given = (*args, *(("--data", str(data)) if data else ()))
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *given,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        env=known,
        cwd=cwd or Path.cwd(),
    )


def alerts(out):
    """Return the headlines of the alerts in a chat's output."""
    lines = out.splitlines()
    return [lines[at - 1] for at, line in enumerate(lines) if line.startswith("http")]


async def test_baseline_then_one_alert_a_story_then_nothing(host, tmp_path):
    catalogue = host.catalogue(tmp_path)
    once = ("run", "--once", "--sources", str(catalogue))
    typed = b"/subscribe rare-earth\n/latest\n"

    status, out, _ = await exportwire(*once, typed=typed, data=tmp_path / "d")
    assert status == 0
    assert out.startswith("Subscribed this chat to rare-earth")
    assert "It would have sent 2 alerts" in out
    assert "Latest on rare-earth: 1-2 of 2" in out
    assert not alerts(out)

    host.news += NEW
    status, out, _ = await exportwire(*once, data=tmp_path / "d")
    assert status == 0
    assert set(alerts(out)) == ALERTS
    assert len(alerts(out)) == 2

    status, out, _ = await exportwire(*once, data=tmp_path / "d")
    assert (status, out) == (0, "")


async def test_every_dialect_is_read(host, tmp_path):
    status, out, _ = await exportwire(
        "run",
        "--once",
        "--sources",
        str(host.catalogue(tmp_path)),
        typed=b"/sources\n",
        data=tmp_path / "d",
    )

    assert status == 0
    assert out.startswith(f"{len(DIALECTS)} sources: {len(DIALECTS)} ok")


async def test_killed_at_any_moment_no_alert_is_lost_or_sent_twice(host, tmp_path):
    """A run is killed after ever more time; what the runs printed together is each alert once.

    The one alert that was in flight may be shown again.
    """
    catalogue = host.catalogue(tmp_path)
    once = ("run", "--once", "--sources", str(catalogue))
    await exportwire(*once, typed=b"/subscribe rare-earth\n", data=tmp_path / "d")
    host.news += NEW
    shown: list[str] = []
    for step in range(12):
        process = await start(*once, data=tmp_path / "d")
        reading = asyncio.ensure_future(process.stdout.read())
        await asyncio.wait({reading}, timeout=0.35 + 0.06 * step)
        if process.returncode is None and not reading.done():
            process.send_signal(signal.SIGKILL)
        shown += alerts((await reading).decode())
        await process.wait()
    _, out, _ = await exportwire(*once, data=tmp_path / "d")
    shown += alerts(out)

    assert set(shown) == ALERTS
    assert len(shown) <= len(ALERTS) + 1


async def test_faulty_sources_are_one_line_each_and_the_others_go_on(host, tmp_path):
    async with FaultServer() as faults:
        rows = [(name, faults.url(name)) for name in ("captcha", "truncgzip", "endless", "reset")]
        status, out, errors = await exportwire(
            "run",
            "--once",
            "--sources",
            str(host.catalogue(tmp_path, *rows)),
            typed=b"/sources\n/latest rare-earth\n",
            data=tmp_path / "d",
        )

    assert status == 0
    for name, _ in rows:
        assert sum(f"source={name}" in line for line in errors.splitlines()) == 1
        assert "Traceback" not in errors
    assert "5 ok" in out.splitlines()[0]
    assert "Malaysia bans exports of raw rare earths" in out


async def test_no_source_at_all_names_the_demo(tmp_path):
    (tmp_path / "s.toml").write_text(
        '[[source]]\nname = "gone"\nkind = "feed"\nurl = "http://127.0.0.1:9/feed"\n'
    )

    status, out, _ = await exportwire(
        "run", "--once", "--sources", str(tmp_path / "s.toml"), data=tmp_path / "d"
    )

    assert status == 0
    assert "make demo" in out
    assert len(out.strip().splitlines()) == 1


async def test_the_end_of_input_ends_it_and_every_command_is_answered(host, tmp_path):
    typed = b"/start\n/help\n/subscribe gallium\n/subscriptions\n"

    status, out, _ = await exportwire(
        "run", "--sources", str(host.catalogue(tmp_path)), typed=typed, data=tmp_path / "d"
    )

    assert status == 0
    assert out.count("Exportwire tells this chat") == 1
    assert "1  gallium" in out


async def test_a_signal_stops_it_in_order(host, tmp_path):
    process = await start("run", "--sources", str(host.catalogue(tmp_path)), data=tmp_path / "d")
    process.stdin.write(b"/start\n")
    assert b"Exportwire" in await asyncio.wait_for(process.stdout.readline(), 20)

    process.send_signal(signal.SIGTERM)

    assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_status_beside_a_running_bot_and_after_it(host, tmp_path):
    catalogue = str(host.catalogue(tmp_path))
    process = await start("run", "--sources", catalogue, data=tmp_path / "d")
    process.stdin.write(b"/status\n")
    inside = [await asyncio.wait_for(process.stdout.readline(), 20) for _ in range(2)]

    status, beside, _ = await exportwire("status", data=tmp_path / "d")
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 20) == 0
    _, after, _ = await exportwire("status", data=tmp_path / "d")

    assert inside[0].startswith(b"Up ")
    assert status == 0
    assert beside.startswith(f"Running as process {process.pid} on ")
    assert after.startswith(f"No bot runs on {tmp_path / 'd'}.")
    assert "Nothing is owed." in after


async def test_mistakes_in_settings_are_told_and_nothing_starts(tmp_path):
    status, out, errors = await exportwire("run", "--sources", str(tmp_path / "none.toml"))

    assert (status, out) == (2, "")
    assert "cannot be read" in errors
    assert "Traceback" not in errors


async def test_classify_reports_bad_lines_and_goes_on():
    rows = (
        b'{"id": 7, "title": "China bans gallium exports", "extra": 1}\nnot json\n'
        b'{"id": "b", "title": "Rain in the north"}\n{"id": "c"}\n'
    )

    status, out, errors = await exportwire("classify", typed=rows)

    assert status == 1
    first, second = map(loads, out.splitlines())
    assert (first["id"], first["relevant"], first["issuer"]) == (7, True, ["CN"])
    assert (second["id"], second["relevant"], second["story"]) == ("b", False, None)
    assert [line.split(":")[0] for line in errors.splitlines()] == ["line 2", "line 4"]


async def test_news_a_month_old_is_archived(host, tmp_path):
    catalogue = host.catalogue(tmp_path)
    once = ("run", "--once", "--sources", str(catalogue))
    await exportwire(*once, typed=b"/subscribe rare-earth\n", data=tmp_path / "d")
    host.news.append(
        News(
            "rss",
            21,
            "India bans rare earth exports",
            published=News("rss", 0, "").published - timedelta(days=30),
        )
    )

    _, out, _ = await exportwire(*once, data=tmp_path / "d")

    assert not alerts(out)


async def test_a_page_is_tried_and_kept_nowhere(host, tmp_path):
    """A page of a story that is known, a football page, one that is missing, one out of bounds."""
    catalogue = host.catalogue(tmp_path)
    host.news += [News("unlisted", 6, "China approves rare earth export licences for magnets")]
    typed = "".join(
        f"{line}\n"
        for line in (
            "/subscribe rare-earth",
            f"/test {host.base}/rss/story-10006",
            f"/test <{host.base}/atom/story-10002>",
            f"/test {host.base}/rss/story-10999",
            "/test http://169.254.169.254/latest/meta-data",
            "/latest all 20",
        )
    ).encode()

    status, out, _ = await exportwire(
        "run", "--once", "--sources", str(catalogue), typed=typed, data=tmp_path / "d"
    )

    assert status == 0
    assert "EASES  China · approves export licences · rare earths" in out
    assert "It matches this chat's subscription rare-earth." in out
    assert "It would be sent to nobody." in out
    assert f"{host.base}/rss/story-10999 cannot be read: " in out
    assert "http://169.254.169.254/latest/meta-data cannot be read: " in out
    assert "licences for magnets" not in out.partition("Latest on everything")[2]
