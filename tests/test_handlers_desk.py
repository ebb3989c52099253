"""How a desk lives with its subscriptions: when they come, silence, mutes, reminders. As typed."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.listen import Listener
from bot.match import Wishes
from bot.model import Changes, Command, Kind, State, StoryId
from bot.office import Office
from bot.store import TinyStore
from bot.tally import Tally
from bot.timetable import FOREVER
from handlers import HANDLERS
from tests.builders import CHAT, NOON, label, report, story, wish
from tests.stores import owed

HOUR = timedelta(hours=1)
NOW = NOON + HOUR  # Thursday, 13:00 in UTC, 21:00 in Shanghai


@pytest.fixture
async def office():
    store = TinyStore.memory()
    yield Office(store, Wishes(), [], lambda: NOW, Tally(), NOON)
    await store.close()


@pytest.fixture
def say(office):
    listener = Listener(HANDLERS, office)

    async def say(line):
        verb, _, argument = line.removeprefix("/").partition(" ")
        return (await listener.answer(Command(chat=CHAT, verb=verb, argument=argument))).text

    return say


@pytest.fixture
async def archived(office):
    facts = label(effective=(date(2025, 7, 1),), topics=("gallium",))
    ban = story(id="B210", label=facts, reports=(report(item="i2", title="Gallium ban"),))
    await office.store.commit(Changes(stories=(story(), ban)))


def chat(office):
    return office.store.chat(CHAT.id)


def delivered(office):
    return {w.query: w.delivery for w in office.store.subscriptions(CHAT.id)}


# -- when subscriptions come ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "delivery"),
    [
        ("rare-earth", "now"),
        ("rare-earth now", "now"),
        ("rare-earth hourly", "hourly"),
        ("rare-earth every hour", "hourly"),
        ("rare-earth daily", "daily 08:00"),
        ("rare-earth daily 8", "daily 08:00"),
        ("rare-earth daily at 8:30pm", "daily 20:30"),
        ("rare-earth Daily 08:00 strict", "daily 08:00 strict"),
        ("rare-earth weekdays 07:30", "weekdays 07:30"),
        ("rare-earth every weekday at 7.30", "weekdays 07:30"),
    ],
)
async def test_a_schedule_stands_behind_the_words(say, office, typed, delivery):
    await say(f"/subscribe {typed}")

    assert delivered(office) == {"rare-earth": delivery}
    assert {w.delivery for w in office.store.subscriptions()} == {delivery}


async def test_the_answer_says_when_it_comes_and_what_comes_sooner(say):
    await say("/timezone Shanghai")
    told = await say("/subscribe gallium daily 08:00")

    assert "in a daily digest at 08:00, next on 20 Jun 2025 08:00 Shanghai" in told
    assert "High severity comes at once; add strict" in told
    assert "High severity" not in await say("/subscribe germanium daily 08:00 strict")
    assert "digest" not in await say("/subscribe antimony")


async def test_subscribing_again_changes_when_it_comes_and_says_so(say, office):
    await say("/subscribe rare earth")
    assert "Changed: rare-earth now comes in a daily digest at 08:00" in await say(
        "/subscribe rare-earth daily 08:00"
    )
    assert delivered(office) == {"rare-earth": "daily 08:00"}
    assert len(office.wishes) == 1

    told = await say("/subscribe rare-earth")
    assert told.startswith("This chat is already subscribed to rare-earth; it comes in a daily")
    assert delivered(office) == {"rare-earth": "daily 08:00"}
    assert "now comes at once" in await say("/subscribe rare-earth now")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/subscribe daily 08:00", "Say what to subscribe to"),
        ("/subscribe gallium daily 25:00", '"25:00" is not a time'),
        ("/subscribe gallium hourly 08:00", "no time of its own. Try daily 08:00."),
        ("/subscribe gallium weekly", 'There is no schedule "weekly"'),
        ("/quiet 25:00", "Try /quiet 22:00-07:00, in UTC (change with /timezone)."),
        ("/quiet 25:00-07:00", '"25:00" is not a time.'),
        ("/quiet 07:00-07:00", "cannot end when they begin"),
        ("/timezone CET", "/timezone Berlin"),
        ("/timezone EST", "/timezone New York"),
        ("/timezone UTC+8", "does not follow summer time"),
        ("/timezone Shangai", "Did you mean /timezone Asia/Shanghai?"),
        ("/timezone Nowhere", "Name a city or an IANA zone"),
        ("/pause until yesterday", "not a time that is understood"),
        ("/pause until 2025-06-01", "is past"),
        ("/pause until 2025-02-30", '"2025-02-30" is not a date'),
        ("/mute ZZZZ", 'no story "ZZZZ"'),
        ("/unmute A7F3", "A7F3 is not muted here"),
        ("/unmute", "/unmute A7F3"),
        ("/remind", "/remind A7F3 2d"),
        ("/remind A7F3", "/remind A7F3 2d"),
        ("/remind A7F3 soon", "Try 2h, 3d, tomorrow"),
        ("/remind A7F3 1000w", "more than two years"),
        ("/remind A7F3 before effective date", "names no such day"),
        ("/remind B210 2w before effective date", "too near"),
        ("/remind cancel 1", "/reminders lists them"),
    ],
)  # fmt: skip
async def test_wrong_use_gets_one_line_that_says_what_to_type(say, archived, line, hint):
    told = await say(line)

    assert hint in told
    assert "\n" not in told


async def test_a_word_in_quotes_is_no_schedule(say, office):
    await say('/subscribe gallium "daily"')

    (kept,) = office.store.subscriptions(CHAT.id)
    assert "daily" in kept.query
    assert kept.delivery == "now"


# -- silence --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("22:00-07:00", "22:00-07:00"),
        ("22-7", "22:00-07:00"),
        ("10pm to 7am", "22:00-07:00"),
        ("22.00 – 07.00 strict", "22:00-07:00 strict"),
        ("off", ""),
    ],
)
async def test_quiet_hours_are_understood_as_people_write_them(say, office, typed, kept):
    await say("/quiet 01:00-02:00")
    await say(f"/quiet {typed}")

    assert chat(office).quiet == kept


async def test_quiet_hours_say_what_rings_all_the_same(say):
    assert "strict holds that too" in await say("/quiet 22:00-07:00")
    assert "High severity waits too" in await say("/quiet 22:00-07:00 strict")
    assert "Quiet from 22:00 to 07:00 UTC" in await say("/quiet")
    assert "No more quiet hours" in await say("/quiet off")
    assert "no quiet hours here" in await say("/quiet")


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("", FOREVER),
        ("2h", NOW + 2 * HOUR),
        ("for 3 days", NOW + 72 * HOUR),
        ("until Monday", datetime(2025, 6, 22, 16, tzinfo=UTC)),
        ("until tomorrow", datetime(2025, 6, 19, 16, tzinfo=UTC)),
        ("till 2025-12-01 09:00", datetime(2025, 12, 1, 1, tzinfo=UTC)),
        ("until 9am", datetime(2025, 6, 20, 1, tzinfo=UTC)),
    ],
)
async def test_a_pause_ends_when_people_say_in_the_zone_of_the_chat(say, office, typed, until):
    await say("/timezone Shanghai")
    await say(f"/pause {typed}")

    assert chat(office).paused == until
    assert "aused" in await say("/pause")


async def test_resume_counts_what_one_digest_will_tell(say, office, archived):
    await say("/subscribe rare-earth")
    await say("/pause")
    await office.store.commit(Changes(deliveries=(held_by_pause("A7F3"),)))

    assert "1 story was held" in await say("/resume")
    assert chat(office).paused is None
    assert await say("/resume") == "This chat is not paused."


def held_by_pause(name):
    return owed(name, story=StoryId(name), wishes=("rare-earth",), late=True, held="paused")


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("shanghai", "Asia/Shanghai"),
        ("Beijing", "Asia/Shanghai"),
        ("new york", "America/New_York"),
        ("London", "Europe/London"),
        ("hong kong", "Asia/Hong_Kong"),
        ("Singapore", "Asia/Singapore"),
        ("Istanbul", "Asia/Istanbul"),
        ("utc", "UTC"),
    ],
)
async def test_zones_are_named_by_cities(say, office, typed, zone):
    told = await say(f"/timezone {typed}")

    assert chat(office).zone == zone
    assert f"now {zone}; it is 19 Jun 2025" in told or f"now {zone}; it is 20 Jun" in told
    assert zone in await say("/timezone")


# -- mutes ----------------------------------------------------------------------------------------


async def test_mutes_are_kept_listed_and_undone(say, office, archived):
    assert "Undo: /unmute A7F3" in await say("/mute a7f3")
    await say("/mute B210")
    await say("/mute A7F3")
    assert chat(office).muted == ("B210", "A7F3")
    assert "Gallium ban" in await say("/mute")

    assert "A7F3" in await say("/unmute A7F3")
    assert chat(office).muted == ("B210",)
    await say("/unmute all")
    assert "No story is muted" in await say("/mute")


# -- reminders ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("1d", NOW + 24 * HOUR),
        ("2h", NOW + 2 * HOUR),
        ("in 30 min", NOW + HOUR / 2),
        ("tomorrow", datetime(2025, 6, 20, 1, tzinfo=UTC)),
        ("2025-12-01 09:00", datetime(2025, 12, 1, 1, tzinfo=UTC)),
        ("before effective date", datetime(2025, 6, 30, 1, tzinfo=UTC)),
        ("3d before it takes effect", datetime(2025, 6, 28, 1, tzinfo=UTC)),
        ("12h before effective", datetime(2025, 6, 30, 4, tzinfo=UTC)),
    ],
)
async def test_a_reminder_is_owed_for_the_time_that_was_asked(say, office, archived, typed, when):
    await say("/timezone Shanghai")
    told = await say(f"/remind B210 {typed}")

    (row,) = office.store.owed()
    assert told.startswith("A reminder of B210 comes on ")
    assert (row.kind, row.not_before, row.story) == (Kind.REMINDER, when, "B210")
    assert "Gallium ban" in row.message.text


async def test_reminders_are_listed_and_cancelled(say, office, archived):
    for typed in ("A7F3 2d", "B210 1d", "A7F3 2d"):
        await say(f"/remind {typed}")

    lines = (await say("/reminders")).splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["1", "2"]
    assert "B210  Gallium ban" in lines[1]
    assert "1 reminder is cancelled" in await say("/remind cancel 1")
    assert "1 reminder is cancelled" in await say("/remind cancel a7f3")
    assert "No reminders" in await say("/reminders")
    assert not office.store.owed()

    await say("/remind A7F3 2d")
    assert [row.state for row in office.store.owed()] == [State.PENDING]


# -- what is held, and what ends it ---------------------------------------------------------------


async def test_subscriptions_show_when_each_comes_and_what_holds_all(say):
    await say("/subscribe rare-earth daily 08:00")
    await say("/subscribe gallium")
    await say("/quiet 22:00-07:00")
    await say("/pause 2h")

    told = await say("/subscriptions")
    assert "1  gallium  at once" in told
    assert "2  rare-earth  in a daily digest at 08:00" in told
    assert "Quiet from 22:00" in told
    assert "Paused until 19 Jun 2025 15:00 UTC" in told


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("2", "acd"),
        ("#2", "acd"),
        ("2 3", "ad"),
        ("#2, #3", "ad"),
        ("2 and 3", "ad"),
        ("1,2,2", "cd"),
        ("germanium", "acd"),
        ("germanium daily 08:00", "acd"),
        ("gallium, graphite", "bd"),
        ("all", ""),
        ("9", "abcd"),
        ("2 9", "abcd"),
        ("gallium, nothing", "abcd"),
    ],
)
async def test_unsubscribing_by_number_by_words_by_several(say, office, typed, left):
    names = {"a": "gallium", "b": "germanium", "c": "graphite", "d": "graphite lithium"}
    held = [
        wish(name, delivery="daily 08:00", created=NOON + timedelta(minutes=n))
        for n, name in enumerate(names.values())
    ]
    await office.commit(Changes(chats=(CHAT,), subscriptions=tuple(held)))

    await say(f"/unsubscribe {typed}")

    assert set(delivered(office)) == {names[letter] for letter in left}
    assert len(office.wishes) == len(left)


async def test_two_commands_at_once_undo_nothing_of_each_other(say, office):
    await office.commit(Changes(chats=(replace(CHAT, zone="Asia/Tokyo"),)))
    await asyncio.gather(say("/quiet 22:00-07:00"), say("/pause 2h"), say("/timezone London"))

    found = chat(office)
    assert (found.quiet, found.paused, found.zone) == (
        "22:00-07:00",
        NOW + 2 * HOUR,
        "Europe/London",
    )
