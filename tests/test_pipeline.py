"""What a poll's items come to: who is owed what, once, and nothing that was told before."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from bot import compose
from bot.cluster import Stories
from bot.match import Wishes
from bot.model import ChatId, Delivery, Kind, State, Tier
from bot.owing import Desk
from bot.pipeline import plan, steps, undo
from tests.builders import CHAT, NOON, item, wish

HEADLINE = "China approves some rare earth export licences, commerce ministry says"
TEXT = "The commerce ministry said it has approved a certain number of rare earth applications."


def news(number, **given):
    usual = {
        "id": f"i{number}",
        "url": f"https://outlet{number}.example/{number}",
        "outlet": f"outlet{number}.example",
        "title": HEADLINE,
        "text": TEXT,
        "keys": (f"u:{number}",),
        "published": NOON + timedelta(minutes=number),
        "seen": NOON + timedelta(minutes=number),
    }
    return item(**(usual | given))


@pytest.fixture
def told():
    return []


@pytest.fixture
def desk(told):
    def already(chat, story):
        return [d for d in told if d.chat == chat and d.story == story]

    return Desk(Stories(), Wishes([wish("rare-earth")]), {CHAT.id: CHAT}.get, already)


def kinds(made):
    return [delivery.kind for delivery in made.deliveries]


def test_a_new_story_is_owed_to_the_chat_that_asked(desk):
    made = plan([news(1)], desk, NOON)

    (owed,) = made.deliveries
    assert (owed.kind, owed.chat) == (Kind.ALERT, CHAT.id)
    assert HEADLINE in owed.message.text
    assert made.items[0].story == made.stories[0].id


def test_deciding_pauses_between_items_and_leaves_nothing_where_it_is_given_up(desk):
    """So a long batch lets others have their turn, and a stop in it leaves no ghosts."""
    deciding = steps([news(1), news(2)], desk, NOON)

    next(deciding)
    deciding.close()

    assert plan([news(1)], desk, NOON).before[0][1] is None


def test_deciding_pauses_after_each_chat_that_asked():
    """Thousands may ask for one story: composing all their alerts at once would stop the loop."""
    names = [ChatId(f"telegram:1:{n}") for n in range(50)]
    chats = {name: replace(CHAT, id=name) for name in names}
    wishes = Wishes(wish("rare-earth", chat=name) for name in chats)
    pauses = steps([news(1)], Desk(Stories(), wishes, chats.get, lambda *_: []), NOON)

    assert len(list(pauses)) == len(chats)


def test_chats_are_told_in_their_own_words_though_composed_together():
    chats = [
        replace(CHAT, id=ChatId(f"telegram:1:{lang}{zone}"), language=lang, zone=zone)
        for lang in ("en", "zh")
        for zone in ("Asia/Tokyo", "Europe/London")
    ]
    wishes = Wishes(wish("rare-earth", chat=chat.id) for chat in chats)
    held = {chat.id: chat for chat in chats}
    made = plan([news(1)], Desk(Stories(), wishes, held.get, lambda *_: []), NOON)

    story = made.stories[0]
    said = {owed.chat: owed.message for owed in made.deliveries}
    assert said == {chat.id: compose.alert(story, chat, ["rare-earth"]) for chat in chats}
    assert len(set(said.values())) == len(chats)


def test_what_is_not_export_control_news_is_kept_and_owed_to_nobody(desk):
    made = plan(
        [news(1, title="Rare earth miner reports record earnings", text="x" * 5000)], desk, NOON
    )

    assert (made.stories, made.deliveries) == ((), ())
    assert len(made.items[0].text) == 400


def test_the_first_poll_of_a_source_fills_the_archive_in_silence(desk):
    made = plan([news(1, baseline=True)], desk, NOON)

    assert made.stories[0].baseline
    assert made.deliveries == ()


def test_a_copy_of_what_was_archived_is_not_news(desk):
    plan([news(1, baseline=True)], desk, NOON)

    assert plan([news(2)], desk, NOON).deliveries == ()


def test_another_measure_in_an_archived_matter_is_news(desk):
    plan([news(1, baseline=True)], desk, NOON)
    halt = news(2, title="China halts rare earth exports to Japan, commerce ministry says", text="")

    assert len(plan([halt], desk, NOON).stories) == 1


def test_another_headline_over_a_page_that_was_told_begins_no_second_story(desk):
    """Even one that reads like another measure; over another page it does."""
    plan([news(1)], desk, NOON)
    halt = news(2, title="Vietnam bans exports of unprocessed antimony ore", text="", again=True)

    assert plan([structs.replace(halt, url=news(1).url)], desk, NOON).stories == ()
    assert len(plan([halt], desk, NOON).stories) == 1


def test_copies_in_one_poll_are_one_alert(desk):
    made = plan([news(1), news(2), news(3)], desk, NOON)

    assert len(made.stories) == 1
    assert made.copies == 2
    assert kinds(made).count(Kind.ALERT) == 1
    assert Kind.UPDATE not in kinds(made)


def test_more_coverage_edits_the_alert_that_was_sent(desk, told):
    told += plan([news(1)], desk, NOON).deliveries

    (edit,) = plan([news(2)], desk, NOON).deliveries

    assert edit.kind is Kind.EDIT
    assert "also reported by outlet2.example" in edit.message.text


@pytest.mark.parametrize("fate", [State.EXPIRED, State.DEAD, State.UNCERTAIN, State.SENT])
def test_more_coverage_owes_nothing_where_no_alert_can_be_edited(desk, told, fate):
    """Such as one that a digest told, or that was sent before its chat moved."""
    told += [replace(d, state=fate) for d in plan([news(1)], desk, NOON).deliveries]

    assert plan([news(2)], desk, NOON).deliveries == ()


def test_a_publisher_that_reports_again_edits_nothing_and_begins_no_row_anew(desk, told):
    """An edit that is settled must not become owed again, nor one in flight lose its claim."""
    told += plan([news(1)], desk, NOON).deliveries
    told += plan([news(2)], desk, NOON).deliveries
    again = news(3, outlet="outlet2.example", title="China grants rare earth export licences")

    assert plan([again], desk, NOON).deliveries == ()

    (edit,) = plan([news(4)], desk, NOON).deliveries
    assert edit.id not in {d.id for d in told}
    assert "outlet4.example" in edit.message.text


def test_official_confirmation_is_an_update(desk, told):
    told += plan([news(1)], desk, NOON).deliveries

    (update,) = plan([news(2, tier=Tier.OFFICIAL)], desk, NOON).deliveries

    assert update.kind is Kind.UPDATE
    assert update.message.text.startswith("NOW OFFICIAL")


def test_the_same_outlet_again_is_owed_to_nobody(desk, told):
    told += plan([news(1)], desk, NOON).deliveries

    again = structs.replace(news(1), id="i1b", keys=("u:1b",))

    assert plan([again], desk, NOON).deliveries == ()


def test_two_subscriptions_of_a_chat_are_one_alert_that_names_both(desk):
    desk.wishes.add(wish("direction:ease"))

    (owed,) = plan([news(1)], desk, NOON).deliveries

    assert "matched direction:ease, rare-earth" in owed.message.text


def test_a_chat_that_rests_is_owed_nothing(desk):
    resting = replace(desk, chat={CHAT.id: replace(CHAT, active=False)}.get)

    assert plan([news(1)], resting, NOON).deliveries == ()


def test_planning_twice_owes_nothing_new(desk):
    def ids(deliveries: tuple[Delivery, ...]):
        return {delivery.id for delivery in deliveries}

    made = plan([news(1)], desk, NOON)
    undo(made, desk.stories)

    assert ids(plan([news(1)], desk, NOON).deliveries) == ids(made.deliveries)


def test_undo_takes_the_stories_back(desk):
    first = plan([news(1)], desk, NOON)
    second = plan([news(2)], desk, NOON)

    undo(second, desk.stories)
    assert desk.stories.get(first.stories[0].id) == first.stories[0]

    undo(first, desk.stories)
    assert desk.stories.get(first.stories[0].id) is None


BAN = "Malaysia bans exports of raw rare earths, trade ministry says"
LIFT = "Malaysia lifts its ban on exports of raw rare earths, trade ministry says"


def test_a_reversal_is_told_below_the_alert_that_it_undoes(desk, told):
    told += plan([news(1, title=BAN, text="")], desk, NOON).deliveries
    (owed,) = plan([news(2, title=LIFT, text="")], desk, NOON).deliveries

    assert (owed.kind, owed.below) == (Kind.ALERT, told[0].story)
    assert owed.message.text.startswith("REVERSED  ")


def test_a_reversal_of_what_the_chat_was_not_told_is_an_alert_like_others(desk):
    plan([news(1, title=BAN, text="")], desk, NOON)
    (owed,) = plan([news(2, title=LIFT, text="")], desk, NOON).deliveries

    assert (owed.kind, owed.below) == (Kind.ALERT, None)
    assert owed.message.text.startswith("EASES  ")
