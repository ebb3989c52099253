"""One poll: asked, decided and committed as one, or nothing of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cluster import Stories
from bot.errors import FetchError, FullError, RefusedError, WaitError
from bot.match import Wishes
from bot.model import Changes, Delivery, Health, Kind, Page, Tier
from bot.owing import Desk
from bot.parse.parser import here
from bot.pipeline import Plan
from bot.poll import Poller
from bot.reading import Reader
from bot.store import TinyStore
from bot.tally import Tally
from sources import KINDS, full_text
from tests.builders import CHAT, NOON, row, wish
from tests.newshost import News, rss

ROW = row(lang="en")


class World:
    """A source that says what it is told to, and everything that reads it."""

    def __init__(self, store):
        self.store, self.now = store, NOON
        self.news: list[News] = []
        self.failure: Exception | None = None
        self.article = ""
        self.read: list[str] = []
        self.plans: list[Plan] = []
        self.woken: list[Delivery] = []
        self.stories = Stories()
        self.desk = Desk(self.stories, Wishes([wish()]), store.chat, store.told)
        self.poller = Poller(
            store,
            self.desk,
            Reader(self.fetch, here, KINDS, full_text, lambda: self.now),
            clock=lambda: self.now,
            jitter=lambda: 0.0,
            committed=self.committed,
            operator=CHAT.id,
            tally=Tally(),
        )

    def committed(self, plan):
        self.woken += plan.deliveries
        if not self.failure:
            self.plans.append(plan)

    async def fetch(self, request, row, cursor):
        if self.failure:
            raise self.failure
        if "story-" in request.url:
            self.read.append(request.url)
            return Page(url=request.url, body=self.article.encode())
        body = rss(self.news, lambda n: f"https://news.example/story-{10_000 + n.number}").encode()
        if cursor.get("body") == str(hash(body)):
            return None
        return Page(url=request.url, body=body, validators={"body": str(hash(body))})

    async def poll(self, source=ROW):
        self.now += timedelta(minutes=15)
        return await self.poller.poll(source)

    def publish(self, number, title, **given):
        self.news.insert(0, News("rss", number, title, **({"published": self.now} | given)))

    @property
    def state(self):
        return self.store.source(ROW.name)


@pytest.fixture
async def world():
    store = TinyStore.memory()
    await store.commit(Changes(chats=(CHAT,)))
    yield World(store)
    await store.close()


async def test_baseline_first_then_news(world):
    world.publish(1, "China bans gallium exports")
    assert await world.poll()
    assert world.state.baselined
    assert world.plans[0].deliveries == ()

    world.publish(2, "Malaysia bans exports of raw rare earths")
    await world.poll()

    assert [i.title for i in world.plans[1].items] == ["Malaysia bans exports of raw rare earths"]
    assert [d.id for d in world.store.owed()] == [d.id for d in world.plans[1].deliveries]
    assert len(world.store.owed()) == 1


async def test_an_unchanged_page_is_a_success_without_items(world):
    await world.poll()
    await world.poll()

    assert world.plans[1].items == ()
    assert world.state.health is Health.OK


async def test_a_failure_keeps_the_cursor_and_says_why(world, caplog):
    await world.poll()
    cursor = world.state.cursor
    world.failure = FetchError("the server did not answer")

    assert not await world.poll()

    assert world.state.cursor == cursor
    assert "the server did not answer" in world.state.error
    assert caplog.text.count("poll failed") == 1


async def test_a_server_that_asks_us_to_wait_is_left_alone(world):
    world.failure = WaitError("asked to wait", timedelta(hours=2))
    await world.poll()
    world.failure = None

    assert not await world.poll()

    world.now += timedelta(hours=3)
    assert await world.poll()


async def test_nothing_is_seen_that_was_not_kept(world):
    """Where the commit fails, the item is news again at the next poll, and owed once."""
    await world.poll()
    world.publish(2, "Malaysia bans exports of raw rare earths")
    commit = world.store.commit

    async def full(changes):
        raise FullError("no space is left")

    world.store.commit = full
    with pytest.raises(FullError):
        await world.poll()
    world.store.commit = commit
    await world.poll()

    assert len(world.store.owed()) == 1


async def test_a_fault_of_our_own_is_the_sources_trouble_alone(world, caplog):
    world.failure = KeyError("ours")

    assert not await world.poll()

    assert "reading failed" in caplog.text
    assert "see the log" in world.state.error


async def test_old_news_on_a_known_source_is_archived(world):
    await world.poll()
    world.publish(
        2, "Malaysia bans exports of raw rare earths", published=NOON - timedelta(days=30)
    )
    await world.poll()

    assert world.plans[1].items[0].baseline
    assert not world.store.owed()


async def test_a_date_in_the_future_is_not_believed(world):
    await world.poll()
    world.publish(2, "Malaysia bans exports of raw rare earths", published=NOON + timedelta(days=9))
    await world.poll()

    assert world.plans[1].items[0].published == world.now


async def test_a_dumped_archive_alerts_nobody_but_for_its_fresh_part(world):
    await world.poll()
    for number in range(40):
        title = f"China tightens gallium export controls again, case {number}"
        world.publish(100 + number, title, published=world.now - timedelta(days=5, hours=number))
    world.publish(2, "Malaysia bans exports of raw rare earths")
    await world.poll()

    assert len(world.plans[1].items) == 41
    (alert,) = [d for d in world.store.owed() if d.kind is Kind.ALERT]
    assert "Malaysia" in alert.message.text


async def test_the_operator_hears_of_a_flood_once_a_day(world):
    await world.poll()
    for poll in range(3):
        for number in range(12):
            number += 100 + 20 * poll  # noqa: PLW2901  # the number that none had before
            world.publish(number, f"Notice {number}", published=NOON - timedelta(days=30))
        await world.poll()

    (told,) = world.store.owed()
    assert "showed much of its past at once" in told.message.text


async def test_the_operator_is_told_at_once_of_a_source_that_fails_for_good(world):
    await world.poll()
    world.failure = RefusedError("it shows a page that only a browser passes")
    for _ in range(6):
        world.now += timedelta(hours=6)
        await world.poll()

    (told,) = [d for d in world.woken if d.kind is Kind.OPERATOR]
    assert ROW.name in told.message.text
    assert world.store.delivery(told.id) == told


async def test_a_title_that_says_little_is_judged_by_its_page_which_is_read_once(world):
    """No page is read for the archive: not at the first poll, not of what is old."""
    source = row(lang="en", full_text=True, tier=Tier.OFFICIAL)
    world.article = "<p>China bans exports of rare earth magnets to the United States.</p>"
    world.publish(1, "Announcement No. 60 of 2025")
    await world.poll(source)
    world.publish(2, "Announcement No. 61 of 2025")
    world.publish(3, "Announcement No. 59 of 2025", published=NOON - timedelta(days=30))
    await world.poll(source)
    await world.poll(source)

    assert world.read == ["https://news.example/story-10002"]
    (owed,) = world.store.owed()
    assert "rare earth magnets" in owed.message.text


async def test_where_the_page_cannot_be_had_the_title_is_told_at_once(world):
    source = row(lang="en", full_text=True, tier=Tier.OFFICIAL)
    await world.poll(source)
    world.publish(2, "Malaysia bans exports of raw rare earths")
    await world.poll(source)

    assert len(world.read) == len(world.store.owed()) == 1


async def test_an_alert_names_its_source_as_people_do(world):
    source = row(lang="en", label="Harbour Wire")
    await world.poll(source)
    world.publish(2, "Malaysia bans exports of raw rare earths")
    await world.poll(source)

    assert "Harbour Wire, 19 Jun 2025" in world.store.owed()[0].message.text


async def test_outside_its_hours_a_source_is_asked_for_the_first_time_and_by_a_person_alone(world):
    night = row(hours="01:00-02:00")

    assert await world.poll(night)
    assert not await world.poll(night)
    assert await world.poller.poll(night, anytime=True)


async def test_a_title_that_is_edited_into_news_is_told_and_a_reworded_one_is_not_told_twice(world):
    await world.poll()
    world.publish(2, "Ministry statement")
    world.publish(3, "Vietnam bans exports of unprocessed rare earth ore")
    await world.poll()
    assert len(world.store.owed()) == 1

    world.news[1] = replace(world.news[1], title="Malaysia bans exports of raw rare earths")
    world.news[0] = replace(world.news[0], title="China approves gallium export licences")
    for _ in range(3):
        await world.poll()

    told = [d.message.lines[1].text for d in world.store.owed() if d.kind is Kind.ALERT]
    assert sorted(told) == [
        "Malaysia bans exports of raw rare earths",
        "Vietnam bans exports of unprocessed rare earth ore",
    ]
