"""What an operator sees of the sources from a shell, and lists of feeds in and out."""

from datetime import timedelta

import pytest

from bot import survey
from bot.errors import UsageError
from bot.model import Changes, Health, SourceState
from bot.settings import load
from bot.store import TinyStore
from tests.builders import NOON

OPML = """<opml version="2.0"><body><outline text="News"><outline type="rss" text="Harbour"
 xmlUrl="https://harbour.example/feed"/><outline text="Wire" xmlUrl="https://wire.example/rss"/>
</outline></body></opml>"""


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        '[[source]]\nname = "wire"\nkind = "feed"\nurl = "https://wire.example/rss"\n'
        'cadence = "4d"\n[[source]]\nname = "quay"\nkind = "feed"\nurl = "https://quay.example/"\n'
        '[[source]]\nname = "off"\nkind = "feed"\nurl = "https://off.example/"\nenabled = false\n'
    )
    return load(data_dir=tmp_path / "data", sources=path)


async def kept(settings, *states):
    store = TinyStore.open(settings.data_dir)
    await store.commit(Changes(sources=states))
    await store.close()


async def test_the_table_says_how_each_source_does(settings):
    well = SourceState(
        name="wire",
        health=Health.OK,
        checked=NOON,
        succeeded=NOON,
        newest=NOON - timedelta(days=2),
        day=NOON.date(),
        checks_today=288,
        items_today=3,
    )
    ill = SourceState(
        name="quay",
        health=Health.BLOCKED,
        checked=NOON,
        not_before=NOON + timedelta(hours=6),
        failures=3,
        error="quay.example refuses us (403)",
        day=NOON.date(),
        checks_today=3,
    )
    await kept(settings, well, ill)

    lines = survey.table(settings, NOON + timedelta(minutes=5)).splitlines()

    assert [" ".join(line.split()) for line in lines] == [
        "source state last good newest usual checks items next in",
        "wire ok 5 min ago 2 d old 4 d 288 3 10 min",
        "quay blocked never - - 3 0 5 h 55 min quay.example refuses us (403)",
    ]


def test_before_the_first_run_every_source_is_new(settings):
    assert [line.split()[1] for line in survey.table(settings).splitlines()[1:]] == ["new", "new"]


def test_feeds_come_in_once_and_go_out_again(settings, tmp_path):
    file = tmp_path / "feeds.opml"
    file.write_text(OPML)

    assert survey.bring_in(settings, file) == (
        "Feeds added: 1. There already, by name or address: 1."
    )
    assert survey.bring_in(settings, file).startswith("Feeds added: 0.")
    assert survey.hand_out(settings, tmp_path / "out.opml").startswith("Wrote 3 feeds to")
    out = (tmp_path / "out.opml").read_text()
    assert out == survey.hand_out(settings, None) + "\n"
    assert 'text="Harbour" xmlUrl="https://harbour.example/feed"' in out
    assert "off.example" not in out


def test_a_feed_that_came_in_has_its_teasers_read_whole(settings, tmp_path):
    file = tmp_path / "feeds.opml"
    file.write_text(OPML)

    survey.bring_in(settings, file)

    assert [row.full_text for row in survey.known(settings).rows()] == [True]


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"\xff\xfe\x00", b"<opml/>"])
def test_what_is_no_list_of_feeds_adds_nothing(settings, tmp_path, content):
    file = tmp_path / "x.opml"
    file.write_bytes(content)
    for given in (file, tmp_path / "missing", None):
        with pytest.raises(UsageError):
            survey.bring_in(settings, given)

    assert not settings.data_dir.exists()
