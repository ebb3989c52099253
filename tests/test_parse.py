"""Documents are read in workers: within time and memory, whatever a document does to a worker."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from bot.errors import RefusedError, ShapeError
from bot.model import Page, Parsed, Request
from bot.parse.parser import IN_HAND, Parser, here, parsed_of
from bot.parse.process import CrashError, Worker
from bot.parse.read import MOST_ENTRIES, capped
from bot.parse.worker import PARSED
from tests import misbehaving
from tests.builders import NOON, entry, row

PAGE = Page(url="https://news.example/feed", body="稀土 news".encode())


@pytest.fixture
async def parser():
    async with Parser(workers=1, seconds=20) as made:  # a busy machine is no overrun
        yield made


@pytest.fixture
async def hasty():
    async with Parser(workers=1, seconds=0.4) as made:
        yield made


async def test_a_worker_returns_what_the_kind_reads(parser):
    parsed = await parser(misbehaving.Honest(), PAGE, row())

    (found,) = parsed.entries
    assert found.title == "稀土 news"
    assert found.key != str(os.getpid())
    assert parsed.flaws == ("harbour",)
    assert parsed.more == Request(url=PAGE.url, form={"page": "2"}, headers={"X": "y"})


def test_all_that_an_entry_holds_survives_the_way():
    full = entry(published=NOON, day_only=True, lang="zh", outlet="x.example", documents=("a", "b"))

    sent = msgspec.msgpack.encode(Parsed(entries=(full,)))

    assert parsed_of(PARSED, sent).entries == (full,)


async def test_reading_here_is_the_same_reading():
    parsed = await here(misbehaving.Honest(), PAGE, row())

    assert parsed.entries[0].key == str(os.getpid())


async def test_one_worker_serves_many_documents(parser):
    pids = {(await parser(misbehaving.Honest(), PAGE, row())).entries[0].key for _ in range(5)}

    assert len(pids) == 1


async def test_a_large_document_goes_through(parser):
    large = replace(PAGE, body=b"a" * 3_000_000)

    parsed = await parser(misbehaving.Honest(), large, row())

    assert len(parsed.entries[0].title) == 3_000_000


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (misbehaving.Greedy, "more memory than one may have"),
        (misbehaving.Dying, "broke the reader"),
        (misbehaving.Crashing, "broke the reader"),
        (misbehaving.Refusing, "refused to read it"),
    ],
)
async def test_what_breaks_a_worker_is_refused_and_the_next_document_is_read(parser, kind, words):
    with pytest.raises(RefusedError, match=words):
        await parser(kind(), PAGE, row())

    assert (await parser(misbehaving.Honest(), PAGE, row())).entries


@pytest.mark.parametrize("kind", [misbehaving.Endless, misbehaving.Sleeping])
async def test_an_overrun_is_ended_and_its_worker_replaced(hasty, kind):
    with pytest.raises(RefusedError, match=r"longer than 0\.4 s"):
        await hasty(kind(), PAGE, row())

    assert (await hasty(misbehaving.Honest(), PAGE, row())).entries


@pytest.mark.parametrize(
    ("kind", "words"),
    [(misbehaving.Deep, "nested too deeply"), (misbehaving.Shapeless, "but nothing came")],
)
async def test_a_shape_that_cannot_be_read_is_named(parser, kind, words):
    with pytest.raises(ShapeError, match=words):
        await parser(kind(), PAGE, row())


async def test_a_worker_cannot_grow_beyond_its_share(parser):
    parsed = await parser(misbehaving.Hoarding(), PAGE, row())

    assert 100_000_000 < int(parsed.flaws[0]) <= 200_000_000


async def test_the_cpu_limit_ends_a_worker_that_nobody_watches():
    """The kernel's own limit: our process may be gone, or too busy to look at the time."""
    worker = await Worker.start(memory=200_000_000, seconds=30, cpu=0.1)

    with pytest.raises(CrashError):
        await worker.ask((misbehaving.Endless(), PAGE, row()))

    await worker.stop()


async def test_a_fault_of_ours_shows_its_traceback(parser):
    with pytest.raises(RuntimeError, match="KeyError"):
        await parser(misbehaving.Faulty(), PAGE, row())

    assert (await parser(misbehaving.Honest(), PAGE, row())).entries


async def test_printing_does_not_break_the_conversation(parser):
    assert (await parser(misbehaving.Chatty(), PAGE, row())).entries
    assert (await parser(misbehaving.Honest(), PAGE, row())).entries


async def test_a_worker_writes_no_files(parser, tmp_path):
    target = tmp_path / "left-behind"

    with pytest.raises((RuntimeError, RefusedError)):
        await parser(misbehaving.Writing(), replace(PAGE, url=str(target)), row())

    assert not target.exists() or not target.stat().st_size


async def test_a_worker_knows_no_secrets(parser, monkeypatch):
    monkeypatch.setenv("TELEGRAM_TOKEN", "123456:abc")

    parsed = await parser(misbehaving.Environment(), PAGE, row())

    assert "TELEGRAM_TOKEN" not in parsed.flaws


async def test_one_worker_is_enough_while_it_is_fast():
    async with Parser(workers=2, patience=20) as parser:
        read = [parser(misbehaving.Honest(), PAGE, row()) for _ in range(5 * IN_HAND)]
        pids = {parsed.entries[0].key for parsed in await asyncio.gather(*read)}

    assert len(pids) == 1


@pytest.mark.parametrize("kind", [misbehaving.Dying, misbehaving.Sleeping])
async def test_what_waits_behind_a_job_that_breaks_the_worker_is_read_by_the_next(hasty, kind):
    jobs = (kind(), misbehaving.Honest(), misbehaving.Honest())
    broken, *honest = await asyncio.gather(
        *(hasty(job, PAGE, row()) for job in jobs), return_exceptions=True
    )

    assert isinstance(broken, RefusedError)
    assert all(isinstance(parsed, Parsed) for parsed in honest)


async def test_a_cancelled_job_does_not_answer_the_next(parser):
    """The worker is in the middle of it: a second job must not get the first one's answer."""
    job = asyncio.ensure_future(parser(misbehaving.Sleeping(), PAGE, row()))
    await asyncio.sleep(0.2)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)

    assert (await parser(misbehaving.Honest(), PAGE, row())).entries


async def test_a_cancelled_job_takes_the_worker_from_the_others_and_not_their_answers(tmp_path):
    """Nothing is wrong with the documents that were in hand beside it."""
    page = replace(PAGE, body=str(tmp_path).encode())
    async with Parser(workers=1, seconds=20) as parser:
        kept = asyncio.ensure_future(parser(misbehaving.Waiting(), page, row()))
        cancelled = asyncio.ensure_future(parser(misbehaving.Waiting(), page, row()))
        while not (tmp_path / "begun").exists():  # noqa: ASYNC110  # another process makes it
            await asyncio.sleep(0.005)
        cancelled.cancel()
        await asyncio.wait([cancelled])
        (tmp_path / "go").touch()

        assert (await kept).entries


async def test_the_loop_goes_on_while_a_document_is_read(hasty):
    job = asyncio.ensure_future(hasty(misbehaving.Endless(), PAGE, row()))
    ticks = 0
    while not job.done():
        await asyncio.sleep(0.01)
        ticks += 1
    await asyncio.gather(job, return_exceptions=True)

    assert ticks > 15


async def test_help_is_called_for_where_nobody_is_free_and_none_is_left_behind():
    async with Parser(workers=2, patience=0) as parser:
        read = [parser(misbehaving.Honest(), PAGE, row()) for _ in range(IN_HAND + 1)]
        pids = {int(parsed.entries[0].key) for parsed in await asyncio.gather(*read)}

    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


# -- the cap --------------------------------------------------------------------------------------


def test_the_newest_thousand_are_kept_and_the_rest_is_remarked_on():
    """Oldest first, as an archive lists them: the cap must not keep the oldest."""
    entries = tuple(entry(key=str(n), published=NOON + timedelta(minutes=n)) for n in range(1_500))

    kept = capped(Parsed(entries=entries, flaws=("before",)))

    assert {each.key for each in kept.entries} == {str(n) for n in range(500, 1_500)}
    assert kept.flaws[0] == "before"
    assert "1,500 entries" in kept.flaws[1]


async def test_what_a_kind_returns_is_cut():
    assert len((await here(misbehaving.Many(), PAGE, row())).entries) == MOST_ENTRIES


def test_the_first_thousand_are_kept_where_few_are_dated():
    entries = tuple(entry(key=str(n)) for n in range(1_500))

    assert capped(Parsed(entries=entries)).entries == entries[:MOST_ENTRIES]


def test_a_thousand_are_left_alone():
    parsed = Parsed(entries=tuple(entry(key=str(n)) for n in range(MOST_ENTRIES)))

    assert capped(parsed) is parsed


def test_a_worker_for_feeds_loads_no_html_parser_and_no_event_loop():
    """A start costs a tenth of a second instead of a third."""
    asked = "import sys, bot.parse.worker, sources.feed; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], check=True, stdout=subprocess.PIPE)  # noqa: S603  # ours
    assert {b"bs4", b"soupsieve", b"asyncio"}.isdisjoint(done.stdout.split())
