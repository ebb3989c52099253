"""Commands, as conversations: what is typed, and what is said back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from icalendar import Calendar

from bot.cluster import Stories
from bot.errors import UsageError
from bot.listen import Listener
from bot.match import Wishes
from bot.model import Changes, ChatId, Command, LineStyle, SourceState, Stage
from bot.model.verbs import MEANT
from bot.office import Office, Trial
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
def answer(office):
    listener = Listener(HANDLERS, office)

    async def answer(line):
        verb, _, argument = line.removeprefix("/").partition(" ")
        return await listener.answer(Command(chat=CHAT, verb=verb, argument=argument))

    return answer


@pytest.fixture
def say(answer):

    async def say(line):
        return (await answer(line)).text

    return say


@pytest.mark.parametrize(
    "line",
    [
        "What is new on gallium",
        "what's new about gallium?",
        "anything new on gallium?",
        "Any news on gallium",
        "news about gallium",
        "show me the latest on gallium",
        "镓有什么新消息？",
        "关于镓的最新消息",
        "ガリウムの最新ニュースは？",
    ],
)
async def test_a_question_for_news_is_answered_with_the_latest(line, say, archived):
    assert await say(line) == await say("/latest gallium")


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


async def test_a_story_is_held_for_wrong_once_a_person_and_the_operator_sees_it(office, archived):
    listener, slack = Listener(HANDLERS, office), replace(CHAT, id=ChatId("slack:T1:C1"))

    async def say(verb, chat=CHAT, **given):
        asked = Command(chat=chat, verb=verb, argument="A7F3", **given)
        return (await listener.answer(asked)).text

    assert "Nobody" in await say("reports", operator=True)
    assert "Thank you" in await say("wrong", person="U1")
    assert "already" in await say("wrong", person="U1")
    assert "Thank you" in await say("wrong", slack, person="U1")
    assert "Thank you" in await say("wrong", slack)
    assert "Only those who run this bot" in await say("reports", person="U1")
    told = await say("reports", operator=True)
    assert "A7F3  3 people, 19 Jun 2025" in told
    assert "slack:T1:C1" in told
    await office.store.commit(Changes(forgotten=(slack.id,)))
    assert [o.chat for o in office.store.objections()] == [CHAT.id]
    await office.store.drop(NOON, NOON + timedelta(days=1))
    assert office.store.objections() == []


async def test_what_a_person_says_is_wrong_is_kept_clean_and_short_and_shown(office, archived):
    listener = Listener(HANDLERS, office)

    async def say(verb, argument="", **given):
        asked = Command(chat=CHAT, verb=verb, argument=argument, **given)
        return await listener.answer(asked)

    assert "Thank you" in (await say("wrong", "a7f3", person="U1")).text
    assert "Thank you" in (await say("wrong", "a7f3: it \u202eeases\n/forget", person="U1")).text
    assert "already" in (await say("wrong", "A7F3", person="U1")).text
    assert "Thank you" in (await say("wrong", f"A7F3 {'x' * 900}", person="U2")).text
    told = await say("reports", operator=True)
    notes = [line.text for line in told.lines if line.style is LineStyle.QUOTE]
    assert notes == ["x" * 199 + "…", "it eases /forget"]
    assert "2 people" in told.text


async def test_each_subscription_has_a_button_that_ends_it_by_its_words(answer, say):
    for words in ("tin", "gallium", f'"{"x" * 60}"'):
        await answer(f"/subscribe {words}")
    buttons = (await answer("/subscriptions")).buttons
    assert {(b.verb, b.argument) for b in buttons} == {
        ("unsubscribe", "tin"),
        ("unsubscribe", "gallium"),
    }
    assert "Unsubscribed this chat from gallium" in await say("/unsubscribe gallium")


async def test_a_chat_that_rests_wakes_at_its_next_command(answer, office):
    await answer("/subscribe gallium")
    await office.store.commit(Changes(chats=(replace(CHAT, active=False),)))
    await answer("/subscriptions")
    assert office.store.chat(CHAT.id) == CHAT


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
    assert await say("/latest rare-earth 1") == await say("/latest 1 rare-earth")
    assert "Did you mean rare-earth?" in await say("/latest rare-erht")

    await say("/subscribe gallium")
    assert (await say("/latest")).startswith("Latest on gallium: 1-1 of 1")
    assert "Nothing on tungsten" in await say("/latest tungsten")


async def test_story_and_why_tell_who_when_and_which_words(say, archived):
    await say("/subscribe rare-earth")

    assert "revision 1: new" in await say("/story a7f3")
    told = await say("/why A7F3")
    assert "subscription rare-earth" in told
    assert "First seen 19 Jun 2025 12:00 UTC" in told


async def test_a_story_is_a_timeline_from_rumour_to_force(say, office):
    """A rumour, its confirmation, the day of effect; and what it undoes."""
    told = (
        report(title="Sources speak", stage=Stage.RUMOUR),
        report(title="The notice", item="i2", official=True, name="MOFCOM"),
    )
    days = label(effective=(NOON.date() + timedelta(30),))
    await office.store.commit(Changes(stories=(story(reports=told, label=days, reverses="B210"),)))
    lines = (await say("/story A7F3")).splitlines()

    assert lines[1:4] == [
        "19 Jun 2025 11:59 UTC  rumour  news.example  Sources speak",
        "19 Jun 2025 11:59 UTC  official  MOFCOM  The notice",
        "19 Jul 2025  takes effect",
    ]
    assert "it reverses /story B210" in lines[-1]


async def test_sources_shows_each_and_filters_by_name(say, office):
    await office.store.commit(
        Changes(sources=(SourceState(name="MOFCOM announcements", error="no route"),))
    )

    assert (await say("/sources")).startswith("2 sources: ")
    assert "METI" not in await say("/sources mofcom")


async def test_help_fits_on_one_phone_screen_and_every_command_has_its_own(say):
    """Thirty lines of forty characters; each command's own help has two examples that it knows."""
    told = await say("/help")
    assert sum(1 + len(line) // 40 for line in told.splitlines()) <= 30

    for verb, handler in HANDLERS.items():
        assert f"/{verb}" in told
        usage, *examples = (await say(f"/help {verb}")).splitlines()
        assert usage == f"{handler.usage}: {handler.does}"
        assert len(examples) >= 2
        assert all(f"{verb}" in example for example in examples)


async def test_pages_turn_by_words_and_by_buttons(say, answer, office):
    """Seven stories, three a page: each is shown once, and the ends have no way further."""
    stories = tuple(
        story(id=f"A{n}", reports=(report(title=f"Story {n}"),), updated=NOON - n * timedelta(1))
        for n in range(7)
    )
    await office.store.commit(Changes(stories=stories))
    line, titles, pages = "/latest rare-earth 3", [], 0
    while line:
        told = await answer(line)
        titles += [span.text for each in told.lines for span in each.spans if span.link]
        older = [b for b in told.buttons if b.label == "Older"]
        line = f"/{older[0].verb} {older[0].argument}" if older else ""
        pages += 1

    assert pages == 3
    assert sorted(titles) == [f"Story {n}" for n in range(7)]
    assert [b.label for b in told.buttons] == ["Newer"]
    assert "There is no page 9" in await say("/latest rare-earth page 9")


async def test_search_puts_headlines_first_and_finds_what_is_old(say, archived):
    assert (await say("/search ban")).startswith("Stories on ban: 1-1 of 1")
    assert "/search" in await say("/search")


async def test_a_trial_counts_by_week_and_names_the_loudest(say, archived, office):
    told = (await say("/test gallium OR rare-earth")).splitlines()

    assert told[0] == "gallium OR rare-earth would have sent 2 alerts in the last 30 days."
    assert told[1] == "By week, this one first: 2, 0, 0, 0, 0"
    assert told[2] == "Most from: news.example 2"
    assert told[-1] == "/subscribe gallium OR rare-earth"
    assert not office.store.subscriptions(CHAT.id)
    assert "Nothing on tungsten in the last 30 days" in await say("/test tungsten")


async def test_a_trial_tells_what_was_archived_unsent_from_what_came(say, office):
    old = story(id="B1", baseline=True)
    await office.store.commit(Changes(stories=(story(), old)))

    assert "1 of them is from before this bot read its source" in await say("/test rare-earth")


async def test_upcoming_lists_days_to_come_once_a_measure(say, office):
    """A past day, one told by two stories of the same number, and an end."""
    today = NOON.date()
    number = {"documents": ("cn-mofcom-2025-61",)}
    days = {"effective": (today - timedelta(1), today + timedelta(1)), "expires": ()}
    ends = {"effective": (), "expires": (today + timedelta(9),), "topics": ("gallium",)}
    await office.store.commit(
        Changes(
            stories=(
                story(id="A1", label=label(**days, **number)),
                story(id="A2", label=label(**days, **number), updated=NOON + timedelta(hours=1)),
                story(id="A3", label=label(**ends)),
            )
        )
    )
    told = (await say("/upcoming")).splitlines()

    assert len(told) == 4
    assert "20 Jun 2025" in told[1]
    assert "tomorrow" in told[1]
    assert told[1].endswith("A2")
    assert "in 9 days" in told[2]
    assert "ends: China" in told[2]
    assert "20 Jun" not in await say("/upcoming gallium")
    assert "still to come" in await say("/upcoming tungsten")


async def test_upcoming_days_as_a_calendar_file(answer, office):
    """Read back by a calendar: two whole days in a trader's words, the same identity twice."""
    day = NOON.date() + timedelta(9)
    ends = label(effective=(NOON.date() + timedelta(1),), expires=(day,))
    await office.store.commit(Changes(stories=(story(label=ends),)))

    first, again = await answer("/upcoming ics"), await answer("/upcoming rare-earth .ICS")
    events = Calendar.from_ical(first.file.text).walk("VEVENT")

    assert first.file.name == "exportwire.ics"
    assert [str(e["summary"]).partition(":")[0] for e in events] == ["takes effect", "ends"]
    assert events[1].decoded("dtstart") == day
    assert events[1].decoded("dtend") == day + timedelta(1)
    assert first.file.text == again.file.text
    assert (await answer("/upcoming")).file is None


async def test_the_name_of_the_bot_before_a_command_changes_nothing(say):
    assert await say("/exportwire help latest") == await say("/help latest")
    assert "/subscribe rare-earth" in await say("/exportwire")


async def test_start_topics_and_status_answer(say):
    assert "/subscribe rare-earth" in await say("/start")
    assert "dysprosium" in await say("/topics")
    assert (await say("/status")).startswith("Up 60 min") or "1 h" in await say("/status")


async def test_a_chat_chooses_its_language_and_keeps_it(say, office):
    assert "English" in await say("/language")
    assert await say("/language 中文") == "从现在起我在这里使用中文。"
    assert office.store.chat(CHAT.id).language == "zh"
    assert (await say("/latest tungsten")).startswith("存档中还没有")
    assert "日本語" in await say("/language ja")
    assert "Klingon" in await say("/language Klingon")
    await say("/language english")
    assert (await say("/start")).startswith("Exportwire tells")


@pytest.mark.parametrize("line", ["/start", "/topics rare-earth", "/language", "/test rare-earth"])
async def test_what_may_come_next_is_a_button_that_is_a_command(answer, archived, line):
    """Each button can be pressed: it does what its command does, and that command is known."""
    for button in (await answer(line)).buttons:
        told = (await answer(f"/{button.verb} {button.argument}")).text
        assert "There is no command" not in told
        assert "Say what" not in told


async def test_only_what_changed_the_chat_concerns_everybody_in_it(answer):
    assert (await answer("/subscribe gallium")).public
    assert not (await answer("/subscribe")).public
    assert not (await answer("/latest")).public


async def test_a_chat_that_has_chosen_nothing_is_answered_in_the_asker_s_language(office):
    listener = Listener(HANDLERS, office)
    new = replace(CHAT, language="zh-Hans-CN")

    async def said_to(verb, argument=""):
        return (await listener.answer(Command(chat=new, verb=verb, argument=argument))).text

    assert (await said_to("latest", "tungsten")).startswith("存档中还没有")
    await said_to("language", "en")
    assert (await said_to("latest", "tungsten")).startswith("Nothing on tungsten")


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("/subscrib gallium", ["subscribe gallium"]),
        ("/help qiet", ["help quiet"]),
        ("gallium", ["subscribe gallium", "latest gallium"]),
        ("稀土", ["subscribe 稀土", "latest 稀土"]),
        ("https://news.example/1", ["test https://news.example/1"]),
        ("/nonsense", ["help"]),
    ],
)
async def test_what_is_no_command_comes_with_buttons_for_what_may_be_meant(answer, line, offered):
    buttons = (await answer(line)).buttons

    assert [f"{b.verb} {b.argument}".strip() for b in buttons] == offered


@pytest.mark.parametrize(
    ("typed", "verb"),
    [("Hello", "start"), ("／help", "help"), ("、订阅", "subscribe"), ("購読解除", "unsubscribe")],
)
def test_commands_are_known_by_other_words_and_signs(typed, verb):
    assert Command(chat=CHAT, verb=typed).inner().verb == verb
    assert Command(chat=CHAT, verb="exportwire", argument=f"{typed} x").inner() == Command(
        chat=CHAT, verb=verb, argument="x"
    )


def test_no_word_stands_for_a_command_that_does_not_exist():
    assert set(MEANT.values()) <= set(HANDLERS)
    assert not set(MEANT) & set(HANDLERS)


ELSEWHERE = {  # what an example needs that this office lacks, in the words of its answer
    "/export 2": "There is no such part",
    "/test https://www.mofcom.gov.cn/": "Pages cannot be read here",
    "/sources add https://example.org": "Only those who run this bot",
    "/reports": "Only those who run this bot",
    "/forget": "This deletes all",
    "/exportwire reports": "Only those who run this bot",
}
EXAMPLES = [example for handler in HANDLERS.values() for example in handler.examples]


@pytest.mark.parametrize("example", EXAMPLES)
async def test_every_example_of_the_help_works_as_it_stands(office, answer, archived, example):
    """Typed in a chat with subscriptions and a muted story, none is answered as a mistake."""
    soon = (NOON + timedelta(days=40)).date()
    await office.store.commit(Changes(stories=(story(label=label(effective=(soon,))),)))
    for line in ("/subscribe rare-earth", "/subscribe tin", "/subscribe cobalt", "/mute A7F3"):
        await answer(line)
    if example.startswith("/unsubscribe"):
        assert "Unsubscribed" in (await answer(example)).text
        return
    verb, _, argument = example.removeprefix("/").partition(" ")
    command = Command(chat=office.store.chat(CHAT.id), verb=verb, argument=argument).inner()
    mistake = await _mistake(command, office)
    assert bool(mistake) == (example in ELSEWHERE), mistake
    assert mistake.startswith(ELSEWHERE.get(example, ""))


async def _mistake(command, office):
    """Return what a handler holds against a command, "" where it answers."""
    try:
        told = await HANDLERS[command.verb].run(command, office)
    except UsageError as error:
        return str(error)
    return "" if told.lines else "nothing is said"


async def test_a_slip_comes_with_the_button_that_does_what_was_meant(answer):
    for line, meant in (
        ("/subscribe galium daily 08:00", "subscribe gallium daily 08:00"),
        ("/latest topic:galium", "latest topic:gallium"),
        ("/search rare erth", "search rare-earth"),
        ("/timezone Shangai", "timezone Asia/Shanghai"),
        ("/topics raer-earth", "topics rare-earth"),
        ("/language klingon", "language English"),
    ):
        buttons = (await answer(line)).buttons
        assert meant in [f"{b.verb} {b.argument}" for b in buttons], line


@pytest.mark.parametrize(
    ("line", "verb", "count"),
    [
        ("/topics", "topics", 21),
        ("/quiet", "quiet", 3),
        ("/timezone", "timezone", 8),
        ("/pause", "pause", 3),
        ("/remind A7F3", "remind", 5),
        ("/unsubscribe", "unsubscribe", 1),
        ("/mute", "unmute", 1),
    ],
)
async def test_without_an_argument_the_usual_choices_are_buttons(
    answer, archived, line, verb, count
):
    """They fit both services: 25 in all, 64 bytes each."""
    await answer("/subscribe rare-earth")
    await answer("/mute A7F3")
    buttons = (await answer(line)).buttons

    assert sum(b.verb == verb for b in buttons) >= count
    assert len(buttons) <= 25
    assert all(len(f"{b.verb} {b.argument}".encode()) <= 64 for b in buttons)


async def test_many_subscriptions_come_in_pages(answer):
    for number in range(45):
        await answer(f"/subscribe zzword{number}")
    first, last = await answer("/subscriptions"), await answer("/subscriptions 3")

    assert [len(first.buttons), len(last.buttons)] == [21, 6]
    assert first.buttons[-1].argument == "2"
    assert "\n45  zzword" in last.text
    assert "no page 9" in (await answer("/subscriptions 9")).text


async def test_a_topic_is_called_by_its_name_in_the_language_spoken(say):
    await say("/language 中文")

    assert "稀土（含" in await say("/subscribe 稀土 每天 9:30")
    assert "09:30" in await say("/subscriptions")


async def test_a_page_is_judged_as_its_item_would_be(office):
    """By the day it is met where it prints none: "1 July" is this year's for both."""
    page = item(
        title="China bans gallium exports",
        text="China bans exports of gallium. The ban takes effect on 1 July.",
        published=None,
    )

    async def read(_url):
        return page

    tried = Office(
        office.store,
        office.wishes,
        (),
        office.clock,
        office.tally,
        NOON,
        trial=Trial(read, Stories().place, 0.5),
    )
    told = await Listener(HANDLERS, tried).answer(
        Command(chat=CHAT, verb="test", argument="https://news.example/1")
    )

    assert "effective 1 Jul 2025" in told.text
