"""People add sources: looked at, kept, polled at once and after a restart, removed again."""

import re

import pytest

from bot.listen import Listener
from bot.match import Wishes
from bot.model import Command
from bot.office import Office
from bot.store import TinyStore
from bot.tally import Tally
from handlers import HANDLERS
from tests.builders import CHAT, NOON
from tests.newshost import News, NewsHost
from tests.test_run import OLD, alerts, exportwire

NEWS = News("json", 40, "Vietnam bans exports of unprocessed rare earth ore from January")


@pytest.fixture
async def host():
    async with NewsHost() as host:
        host.news = list(OLD)
        yield host


@pytest.fixture
def empty(tmp_path, host):
    """A catalogue of one source, so that what is added is all there is besides."""
    path = tmp_path / "one.toml"
    path.write_text(f'[[source]]\nname = "atom"\nkind = "feed"\nurl = "{host.base}/atom"\n')
    return path


@pytest.fixture
def say(empty, tmp_path):
    async def say(*lines):
        once = ("run", "--once", "--sources", str(empty))
        typed = "".join(f"{line}\n" for line in lines).encode()
        status, out, errors = await exportwire(*once, typed=typed, data=tmp_path / "d")
        assert status == 0, errors
        assert "Traceback" not in errors
        return out

    return say


async def test_a_feed_is_shown_kept_polled_and_removed(host, say, tmp_path):
    out = await say(f"/sources add {host.base}/json", "/sources keep", "/subscribe rare-earth")
    (name,) = re.findall(r"^(\S+) is a feed:", out, re.MULTILINE)
    assert "Its last item; 1 would be news here:" in out
    assert re.search(r"news  Malaysia bans exports of raw rare earths", out)
    assert f"{name} is polled every 15 min from now on.\nIts archive was read." in out

    host.news.append(NEWS)
    out = await say("/sources")
    assert alerts(out) == [NEWS.title]
    assert "2 sources: 2 ok" in out

    out = await say(f"/sources remove {name}", "/sources")
    assert f"{name} is polled no more." in out
    assert "1 source: 1 ok" in out
    assert "1 source: 1 ok" in await say("/sources")


async def test_a_page_of_headlines_is_read_by_a_selector_and_needs_no_scheme_of_its_own(host, say):
    host.news += [
        News("page", 50 + n, f"Headline number {n} of this page, long enough") for n in range(4)
    ]
    out = await say(f"/sources add <{host.base}/page|page>", "/sources keep", "/sources")

    assert "a list on the page, read by the selector ul > li.row" in out
    assert "Its last 5 items; 1 of them would be news here:" in out
    assert "2 sources: 2 ok" in out


async def test_mistakes_are_answered(host, say):
    out = await say(
        "/sources keep",
        "/sources add",
        f"/sources add {host.base}/atom",
        f"/sources add {host.base}/nothing-here",
        "/sources add http://169.254.169.254/latest",
        "/sources remove atom",
        "/sources keep nothing",
    )

    assert out.count("There is nothing to keep; /sources add URL looks at an address.") == 2
    assert "Give the address of a feed or of a page" in out
    assert "atom reads that address already" in out
    assert f"Nothing can be read at {host.base}/nothing-here" in out
    assert "not on the public internet" in out
    assert 'No source called "atom" was added here.' in out


async def test_only_operators_add_and_remove():
    store = TinyStore.memory()
    office = Office(store, Wishes(), [], lambda: NOON, Tally(), NOON)
    listener = Listener(HANDLERS, office)
    for line in ("add https://x.example", "keep", "remove x"):
        told = await listener.answer(Command(chat=CHAT, verb="sources", argument=line))
        assert "Only those who run this bot" in told.text
    await store.close()
