"""The whole bot between a news host, Telegram and Slack: one event, told right in every chat."""

import asyncio
import os
import sys
from datetime import timedelta

import pytest

from tests.newshost import News, NewsHost
from tests.servers import slack, telegram

GROUP, CHANNEL, TOPIC = -1001, -1002, 5
OLD = News("rss", 1, "Football: the weekend's results")
FIRST = News("rss", 11, "Malaysia bans exports of raw rare earths, trade ministry says")
COPY = News("atom", 12, "Malaysia bans raw rare earth exports, trade ministry says")
OTHER = News("rss", 14, "India suspends export licences for rare earth magnets, minister says")
OFFICIAL = News("json", 13, "Malaysia bans exports of raw rare earths: trade ministry announcement")


@pytest.fixture
async def world(tmp_path):
    """A running bot, and what stands round it."""
    async with NewsHost() as news:
        talk, work = telegram.TelegramServer(), slack.SlackServer()
        talk.room(GROUP, "supergroup", admins={1}, topics={TOPIC})
        talk.room(CHANNEL, "channel", admins={1})
        process = await _bot(news, await talk.start(), await work.start(), tmp_path)
        try:
            yield news, talk, work, process
        finally:
            if process.returncode is None:
                process.kill()
            _, errors = await process.communicate()
            (tmp_path / "log").write_bytes(errors)
            await talk.close()
            await work.close()


async def _bot(news, telegram_url, slack_url, folder, **changed):
    news.news = [OLD]
    elsewhere = news.base.replace("127.0.0.1", "localhost")  # another publisher is another host
    rows = (
        ("rss", news.base, "press"),
        ("atom", elsewhere, "press"),
        ("json", news.base, "official"),
    )
    (folder / "sources.toml").write_text(
        "".join(
            f'[[source]]\nname = "{name}"\nkind = "feed"\nurl = "{base}/{name}"\nlang = "en"\n'
            f'every = "1s"\ntier = "{tier}"\n'
            for name, base, tier in rows
        )
    )
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--data", str(folder / "d"),
        "--sources", str(folder / "sources.toml"),
        stdout=pipe, stderr=pipe,
        env={
            "PATH": os.environ["PATH"],  # noqa: TID251  # the child needs a PATH
            "FETCH_ALLOW": "127.0.0.0/8,localhost,::1",
            "FETCH_SPACING": "0",
            "TELEGRAM_TOKEN": telegram.TOKEN,
            "TELEGRAM_API_URL": telegram_url,
            "SLACK_BOT_TOKEN": slack.BOT_TOKEN,
            "SLACK_APP_TOKEN": slack.APP_TOKEN,
            "SLACK_API_URL": slack_url,
            **changed,
        },
    )  # fmt: skip


async def _publish(news, item):
    """Publish an item, once its feed was read before: what stands in a new feed is no news."""
    await until(lambda: news.asked[item.to] > 1, "the first polls")
    news.news.append(item)


async def until(condition, what):
    """Wait until something holds; say what did not come."""
    try:
        async with asyncio.timeout(40):
            while not condition():  # noqa: ASYNC110  # the other side is a process
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"{what} did not come")


async def test_one_event_everywhere_and_another_while_a_service_is_away(world):  # noqa: PLR0915  # one story, told to its end
    news, talk, work, process = world
    await asyncio.wait_for(work.joined(), 30)
    await work.type("/subscribe", "rare-earth")
    await talk.says(GROUP, "/subscribe rare-earth", message_thread_id=TOPIC)
    await talk.says(CHANNEL, "/subscribe rare-earth", kind="channel_post")
    await until(lambda: len(talk.posts) >= 2, "the answers in Telegram")
    answers, told = len(talk.posts), len(work.posts)

    await _publish(news, FIRST)
    await until(lambda: len(talk.posts) >= answers + 2, "the alerts in Telegram")
    await until(lambda: len(work.posts) >= told + 1, "the alert in Slack")
    alerts = talk.posts[answers:]
    assert {(p.chat, p.thread) for p in alerts} == {(GROUP, str(TOPIC)), (CHANNEL, "")}
    assert all("RESTRICTS" in p.text and FIRST.title in p.text for p in alerts)
    alert = work.posts[told]
    assert (alert.room, "RESTRICTS" in alert.body["text"]) == ("C1", True)

    await _publish(news, COPY)
    await until(lambda: all(p.edits for p in alerts) and alert.updates, "the edits")
    assert all("also reported by localhost" in p.text for p in alerts)
    assert len(talk.posts) == answers + 2

    await _publish(news, OFFICIAL)
    await until(lambda: len(talk.posts) >= answers + 4, "the updates in Telegram")
    await until(lambda: len(work.posts) >= told + 2, "the update in Slack")
    updates = talk.posts[answers + 2 :]
    assert all("NOW OFFICIAL" in p.text for p in updates)
    assert {p.reply_to for p in updates} == {p.id for p in alerts}
    update = work.posts[told + 1].body
    assert (update["thread_ts"], update["reply_broadcast"]) == (alert.ts, True)

    await _told_when_it_is_back(news, talk, work)

    process.terminate()
    assert await asyncio.wait_for(process.wait(), timedelta(seconds=25).total_seconds()) == 0


async def _told_when_it_is_back(news, talk, work):
    """One service that is away holds up nothing, and hears all once it is back."""
    posts, told = len(talk.posts), len(work.posts)
    port = int(work.base.rpartition(":")[2])
    await work.close()

    await _publish(news, OTHER)
    await until(lambda: len(talk.posts) == posts + 2, "the alerts in Telegram")
    assert len(work.posts) == told
    await work.start(port)
    await until(lambda: len(work.posts) > told, "the alert in Slack")
    await work.joined()
    await work.type("/exportwire", "topics")

    assert OTHER.title in work.posts[told].body["text"]
    assert (len(work.posts), len(talk.posts)) == (told + 1, posts + 2)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"TELEGRAM_TOKEN": "1234567:AAwrongwrongwrongwrongwrongwrong00"}, "TELEGRAM_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-wrong-0123456789"}, "SLACK_APP_TOKEN"),
    ],
)
async def test_a_wrong_token_is_one_clear_line_and_the_rest_goes_on(tmp_path, changed, named):
    async with NewsHost() as news:
        talk, work = telegram.TelegramServer(), slack.SlackServer()
        talk.room(CHANNEL, "channel")
        process = await _bot(news, await talk.start(), await work.start(), tmp_path, **changed)
        try:
            if named == "TELEGRAM_TOKEN":
                await work.joined()
                assert "Topics" in (await work.type("/exportwire", "topics"))["text"]
            else:
                await talk.says(CHANNEL, "/topics", kind="channel_post")
                await until(lambda: talk.posts, "the answer in Telegram")
            await until(lambda: news.asked["rss"] > 1, "polls")
        finally:
            process.terminate()
            _, errors = await process.communicate()
            await talk.close()
            await work.close()
    log = errors.decode()
    (line,) = [each for each in log.splitlines() if named in each]
    assert " error " in line
    assert changed[named] not in log
    assert "Traceback" not in log
