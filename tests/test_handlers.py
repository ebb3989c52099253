"""Commands, as conversations: what is typed, and what is said back."""

from datetime import timedelta

import pytest

from bot.listen import Listener
from bot.match import Wishes
from bot.model import Changes, Command, SourceState
from bot.office import Office
from bot.store import TinyStore
from bot.tally import Tally
from handlers import HANDLERS
from tests.builders import CHAT, NOON, item, label, report, row, story


@pytest.fixture
async def office():
    store = TinyStore.memory()
    yield Office(
        store,
        Wishes(),
        [row(name="MOFCOM announcements"), row(name="METI press releases")],
        lambda: NOON + timedelta(hours=1),
        Tally(),
        NOON,
    )
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
    """Two stories: rare earths an hour ago, gallium two days ago."""
    await office.store.commit(
        Changes(
            items=(item(),),
            stories=(
                story(),
                story(
                    id="B210",
                    label=label(topics=("gallium",)),
                    reports=(report(item="i2", title="Gallium ban in force"),),
                    updated=NOON - timedelta(days=2),
                    first_seen=NOON - timedelta(days=2),
                ),
            ),
        )
    )


async def test_a_newcomer_subscribes_sees_what_it_would_have_sent_and_undoes_it(say, archived):
    told = await say("/subscribe rare earth")
    assert told.startswith("Subscribed this chat to rare-earth: rare earths with ")
    assert "It would have sent 1 alert in the last 30 days." in told
    assert "China approves some rare earth export licences" in told
    assert "Undo: /unsubscribe rare-earth" in told

    assert "already subscribed to rare-earth" in await say("/subscribe rare-earth")
    assert "1  rare-earth" in await say("/subscriptions")
    assert await say("/unsubscribe 1") == ("Unsubscribed this chat from rare-earth. None is left.")
    assert "no subscriptions yet" in await say("/subscriptions")


async def test_a_subscription_is_live_and_kept_and_ends(say, office):
    await say("/subscribe gallium")
    assert [w.query for w in office.store.subscriptions(CHAT.id)] == ["gallium"]
    assert len(office.wishes) == 1

    await say("/unsubscribe gallium")
    assert not office.store.subscriptions(CHAT.id)
    assert len(office.wishes) == 0


async def test_unsubscribe_all(say):
    for topic in ("gallium", "germanium", "graphite"):
        await say(f"/subscribe {topic}")

    assert "gallium, germanium, graphite" in await say("/unsubscribe all")


async def test_near_misses_are_suggested_and_quotes_are_literal(say, office):
    told = await say("/subscribe rare-erth")
    assert told == (
        'No topic "rare-erth". Did you mean rare-earth? '
        '/subscribe "rare-erth" watches that very word.'
    )

    assert "Subscribed" in await say('/subscribe "rare-erth"')


async def test_a_word_nobody_listed_is_a_plain_keyword(say):
    assert 'bentonite: the word "bentonite"' in await say("/subscribe bentonite")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/subscribe", "/subscribe rare-earth"),
        ("/unsubscribe", "/unsubscribe rare-earth"),
        ("/unsubscribe gallium", "no subscriptions"),
        ("/subscrib gallium", "Did you mean /subscribe?"),
        ("/story", "/story A7F3"),
        ("/subscribe all", "nearly everything"),
        ("/subscribe -price", "nearly everything"),
        ("/" + "x" * 5000, "/help lists"),
        ("/story ZZZZ", 'no story "ZZZZ"'),
        ("/latest gallium 99", "1 to 20"),
        ("/help nothing", "/help lists"),
        ("/sources nowhere", "/sources lists all"),
        ("/subscribe direction:up", "restrict, ease, neutral"),
    ],
)
async def test_wrong_use_gets_one_line_that_says_what_to_type(say, line, hint):
    told = await say(line)

    assert hint in told
    assert "\n" not in told


async def test_latest_of_words_of_the_subscriptions_and_of_everything(say, archived):
    everything = await say("/latest")
    assert everything.startswith("Latest on everything: 1-2 of 2")
    assert everything.index("China approves") < everything.index("Gallium ban")

    assert "Gallium" not in await say("/latest rare-earth")
    assert await say("/latest rare-earth 1")

    await say("/subscribe gallium")
    assert (await say("/latest")).startswith("Latest on gallium: 1-1 of 1")
    assert "Nothing on tungsten" in await say("/latest tungsten")


async def test_story_and_why_tell_who_when_and_which_words(say, archived):
    await say("/subscribe rare-earth")

    assert "revision 1: new" in await say("/story a7f3")
    told = await say("/why A7F3")
    assert "subscription rare-earth" in told
    assert "First seen 19 Jun 2025 12:00 UTC" in told


async def test_sources_shows_each_and_filters_by_name(say, office):
    await office.store.commit(
        Changes(sources=(SourceState(name="MOFCOM announcements", error="no route"),))
    )

    assert (await say("/sources")).startswith("2 sources: ")
    assert "METI" not in await say("/sources mofcom")


async def test_help_fits_on_one_phone_screen_and_every_command_has_its_own(say):
    told = await say("/help")
    assert len(told.splitlines()) <= 16

    for verb, handler in HANDLERS.items():
        assert handler.usage in told
        assert handler.does in await say(f"/help {verb}")


async def test_start_topics_and_status_answer(say):
    assert "/subscribe rare-earth" in await say("/start")
    assert "dysprosium" in await say("/topics")
    assert (await say("/status")).startswith("Up 60 min") or "1 h" in await say("/status")
