"""All sources that are polled as shipped, against a host that serves each in its real shape.

And against one that serves each fault of the matrix instead: every source says what is wrong.
"""

import re
import tomllib
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from json import loads
from zoneinfo import ZoneInfo

import pytest

from bot import survey
from bot.fetch import Fetcher, Limits
from bot.parse.parser import here
from bot.reading import Reader
from bot.store import TinyStore
from sources import KINDS, full_text
from tests.builders import row
from tests.faultserver import FAULTS
from tests.sourcehost import HOSTED, ROWS, SourceHost
from tests.test_run import exportwire

EXPECTED = tomllib.loads((HOSTED / "expected.toml").read_text("utf-8"))
LIMITS = Limits(spacing=0, per_host=60, wire=400_000, decoded=900_000)
HANGING = {"hang", "slowhead", "slowbody", "hangbody"}


@pytest.fixture
async def host():
    async with SourceHost() as running:
        yield running


def test_every_source_that_is_on_is_hosted():
    assert list(EXPECTED) == [row.name for row in ROWS]


def moment(host, said):
    """Return the instant that expected.toml means: so many hours ago, or the start of that day."""
    hours, _, zone = said.partition("h ")
    if not hours:
        return None
    when = host.now - timedelta(hours=int(hours.rstrip("h")))
    if not zone:
        return when
    day = when.astimezone(ZoneInfo(zone))
    return day.replace(hour=0, minute=0, second=0, fold=0).astimezone(UTC)


def wanted(host):
    """Return (key, title, time) of every item that must be stored; what two list is one."""
    place = f"127.0.0.1:{host.port}"
    return {
        (host.filled(key.replace("HOST", place)), title, moment(host, when))
        for told in EXPECTED.values()
        for title, when, key in told["items"]
    }


async def test_one_round_reads_every_source_whole_and_another_brings_nothing_new(host, tmp_path):
    """Counts, titles, UTC times and keys, as the store has them; and every source is well."""
    once = ("run", "--once", "--sources", str(host.catalogue(tmp_path)))
    status, out, errors = await exportwire(*once, typed=b"/sources\n", data=tmp_path / "d")

    assert (status, out.splitlines()[0]) == (0, f"{len(ROWS)} sources: {len(ROWS)} ok")
    counts = dict(re.findall(r"poll ok.* source=(\S+) entries=(\d+)", errors))
    assert counts == {name: str(len(told["items"])) for name, told in EXPECTED.items()}
    store = TinyStore.glimpse(tmp_path / "d")
    stored = store.database.engine.docs("items").values()
    items = [loads(document) for document in stored]
    for key, title, when in wanted(host):
        (found,) = [item for item in items if key in item["keys"]]
        assert found["title"] == title
        assert found.get("published") == (when.isoformat().replace("+00:00", "Z") if when else None)
    listed_twice = {"ip_26_2801"}
    assert len(items) == sum(map(int, counts.values())) - len(listed_twice)

    _, _, errors = await exportwire(*once, data=tmp_path / "d")
    assert errors.count("new=0") == len(ROWS)


async def test_the_doctor_prints_a_line_for_each_source(host, tmp_path):
    status, out, _ = await exportwire("doctor", "--sources", str(host.catalogue(tmp_path)))

    assert status == 0
    assert Counter(line.split()[0] for line in out.splitlines()[:-1]) == {"ok": len(ROWS)}
    assert out.splitlines()[-1] == f"{len(ROWS)} sources asked: {len(ROWS)} ok, 0 not."


WORDS = {
    "hang": "did not finish its answer within",
    "slowhead": "did not finish its answer within",
    "slowbody": "did not finish its answer within",
    "hangbody": "did not finish its answer within",
    "endless": "larger than",
    "endlesschunks": "larger than",
    "endlesshead": "broke off or does not speak HTTP",
    "gzipbomb": "larger than",
    "gzipgzipbomb": "packed as",
    "brotli": "packed as",
    "unknownpacking": "packed as",
    "cutgzip": "cut short",
    "notgzip": "damaged",
    "announcedbig": "larger than",
    "shortlength": "longer than it announced",
    "longlength": "broke off",
    "twolengths": "broke off or does not speak HTTP",
    "negativelength": "broke off or does not speak HTTP",
    "cutchunks": "broke off",
    "nothttp": "does not speak HTTP",
    "nothing": "broke off",
    "reset": "broke",
    "loop": "in a circle",
    "selfloop": "in a circle",
    "nowhere": "leads nowhere",
    "unasked304": "had not asked that",
    "captcha": "only a browser passes",
    "challenge": "refuses us",
    "recaptcha": "only a browser passes",
    "empty": "empty|nothing|not in it|no text",
    "refusal": "expected|came|not in it",
    "webpage": "web page came|not in it|came",
    "wrongroot": "expected|not in it",
    "dtd": "DTD|expected|not in it|came",
    "mojibake": "unreadable charset|question marks|expected|not in it|came",
    "unsuccessful": "no such column|expected|no list|not in it|came|holds",
    "depth": "expected|nested|not in it|came",
    "emptyfeed": "holds no entry|expected|not in it|came",
    "halffeed": "broken|expected|not in it|came",
}


def clock():
    return datetime.now(UTC)  # noqa: TID251  # the host's items have to be fresh


@asynccontextmanager
async def reading(limits=LIMITS):
    fetcher = Fetcher(contact="x", clock=clock, allow=("127.0.0.1",), limits=limits)
    async with fetcher as fetch:
        yield Reader(fetch, here, KINDS, full_text, clock)


async def found(host, rows, fault=""):
    host.fault = fault
    async with reading(replace(LIMITS, deadline=0.5) if fault in HANGING else LIMITS) as reader:
        return [finding async for finding in survey.examined(rows, reader, clock)]


async def test_on_demand_it_prints_the_items_as_json(host, capsys):
    async with reading() as reader:
        assert await survey.shown(host.rows(), reader, clock, items=True) == 0

    told = [loads(line) for line in capsys.readouterr().out.splitlines()]
    count = Counter(item["source"] for item in told)
    assert count == {name: len(items["items"]) for name, items in EXPECTED.items()}
    assert {"title", "published", "day_only", "url", "keys"} < set(told[0])


async def test_the_status_says_how_many_are_not_well(host, capsys):
    host.fault = "captcha"
    async with reading() as reader:
        assert await survey.shown(host.rows()[:3], reader, clock) == 3

    assert capsys.readouterr().out.endswith("3 sources asked: 0 ok, 3 not.\n")


@pytest.mark.parametrize("fault", WORDS)
async def test_under_each_fault_every_source_says_what_is_wrong_and_what_to_do(host, fault):
    for finding in await found(host, host.rows(), fault):
        assert finding.state != "ok", finding.line
        assert re.search(WORDS[fault], finding.said), finding.line
        assert finding.said[0] != " "
        assert len(finding.line) < 600


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("status?is=403", "refuses us (403)"),
        ("status?is=404", "nothing is there any more (404). Correct its `url`."),
        ("status?is=410", "nothing is there any more (410). Correct its `url`."),
        ("status?is=429&retry=3600", "come back later (429). Nothing to do"),
        ("status?is=503", "come back later (503)"),
        ("status?is=500", "answered 500"),
        ("redirect?to=http://169.254.169.254/x", "not on the public internet"),
        ("redirect?to=file:///etc/passwd", 'starts with "file:"'),
        ("redirect?to=http://0x7f000001/", "not a plain address"),
        ("hops?left=9", "redirects more than 5 times"),
    ],
)
async def test_each_refusal_is_named(host, path, words):
    host.serve = lambda asked: FAULTS[asked.fault]
    (finding,) = await found(host, [row(url=host.url(path))])

    assert finding.state == "failed"
    assert words in finding.said


async def test_a_source_whose_newest_item_is_older_than_usual_is_silent(host):
    (finding,) = await found(host, [r for r in host.rows() if r.name == "mining-com"])
    assert finding.state == "ok"

    host.now -= timedelta(days=9)
    (finding,) = await found(host, [r for r in host.rows() if r.name == "mining-com"])

    assert finding.state == "silent"
    assert "9 days old (usual pause: up to 3 days)" in finding.said
    assert "published nothing for longer than is usual" in finding.said
