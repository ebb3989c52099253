"""Each kind of source reads saved answers of the real shape into exactly the expected entries."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from msgspec import structs

from bot.catalogue import load
from bot.model import Page, Row
from sources import KINDS

ANSWERS = Path(__file__).parent / "data" / "sources"
ROWS = load((ANSWERS / "rows.toml").read_text("utf-8"), "rows.toml")
BLANK = {
    "key": "",
    "url": "",
    "text": "",
    "day_only": False,
    "lang": "",
    "outlet": "",
    "documents": [],
}


def saved(row: Row) -> Path:
    return next(
        path for path in ANSWERS.glob(f"{row.name}.*") if not path.name.endswith(".items.json")
    )


def read(row: Row):
    url = row.url.replace("{year}", "2026")
    return KINDS[row.kind].parse(Page(url=url, body=saved(row).read_bytes()), row)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_reads_the_saved_answer_as_expected(row):
    """Counts, keys, links, titles, UTC times, flaws and the next page: all of them, in order."""
    expected = json.loads((ANSWERS / f"{row.name}.items.json").read_text("utf-8"))
    parsed = read(row)

    got = [
        {**structs.asdict(entry), "documents": list(entry.documents)} for entry in parsed.entries
    ]
    wanted = [
        BLANK
        | entry
        | {"published": datetime.fromisoformat(entry["published"]) if entry["published"] else None}
        for entry in expected["entries"]
    ]
    assert got == wanted
    assert list(parsed.flaws) == expected["flaws"]
    assert (parsed.more.url if parsed.more else None) == expected.get("more")


def test_every_kind_has_a_saved_answer():
    assert {row.kind for row in ROWS} == set(KINDS)


def test_every_saved_answer_has_a_row():
    inputs = {
        path.name for path in ANSWERS.iterdir() if not path.name.endswith((".items.json", ".toml"))
    }

    assert inputs == {saved(row).name for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_reads_the_same_behind_a_byte_order_mark(row):
    body = b"\xef\xbb\xbf" + saved(row).read_bytes()
    page = Page(url=row.url.replace("{year}", "2026"), body=body)

    assert KINDS[row.kind].parse(page, row) == read(row)
