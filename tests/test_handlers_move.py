"""Taking a chat's subscriptions elsewhere, and forgetting a chat, as conversations."""

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import query as ql
from bot.clean import clean
from bot.listen import Listener
from bot.match import Wishes
from bot.model import Changes, Chat, ChatId, Command, DeliveryId, Kind, State, Subscription
from bot.office import Office
from bot.platforms.slack.payloads import typed
from bot.platforms.telegram.render import render
from bot.store import TinyStore
from bot.tally import Tally
from handlers import HANDLERS, _parcel
from tests.builders import NOON, wish
from tests.fakechats import owed

DESK = Chat(id=ChatId("telegram:7:-1001"), platform="telegram", account="7", room="-1001")
WORK = Chat(id=ChatId("slack:T1:C1"), platform="slack", account="T1", room="C1")


@pytest.fixture
async def office(tmp_path):
    store = TinyStore.open(tmp_path / "store")
    yield Office(store, Wishes(), [], lambda: NOON + timedelta(hours=1), Tally(), NOON)
    await store.close()


@pytest.fixture
def say(office):
    listener = Listener(HANDLERS, office)

    async def say(line, chat=DESK):
        verb, _, argument = line.removeprefix("/").partition(" ")
        return await listener.answer(Command(chat=chat, verb=verb, argument=argument, person="U1"))

    return say


def queries(office, chat):
    return [held.query for held in office.store.subscriptions(chat.id)]


async def test_what_telegram_exports_slack_imports_however_it_was_pasted(say, office):
    """The whole answer is pasted, as Telegram shows it and as Slack hands on what is typed."""
    for words in ("rare-earth", 'gallium -price direction:ease "export licence"', "lith* OR 稀土"):
        await say(f"/subscribe {words}")
    await office.store.commit(Changes(chats=(dataclasses.replace(DESK, zone="Asia/Tokyo"),)))
    told = await say("/export")

    answer = await say(f"/import {typed(render(told))}", WORK)

    assert queries(office, WORK) == queries(office, DESK)
    assert (office.store.chat(WORK.id).zone, len(office.wishes)) == ("Asia/Tokyo", 6)
    assert answer.text.startswith("Taken: ")
    assert "gallium -price" in answer.text.partition("\n")[0]
    assert "Settings taken: zone Asia/Tokyo." in answer.text

    again = (await say(f"/import {told.text}", WORK)).text
    assert again.startswith("Nothing new was taken.")
    assert "Already there: " in again
    assert len(queries(office, WORK)) == 3


async def test_the_answer_tells_apart_what_was_taken_was_there_was_strange_or_had_no_room(
    say, office
):
    await say("/subscribe gallium")
    most = "; ".join(f"word{n}" for n in range(52))

    told = (
        await say(
            f"/import exportwire:1 +moon=full; GALLIUM; a OR; direction:up; all; {most}; :end"
        )
    ).text

    assert "Already there: gallium." in told
    assert "Not understood: a OR: Something is missing beside OR" in told
    assert "Not understood: direction:up: " in told
    assert "Not understood: all: That would send nearly everything." in told
    assert "No room, since a chat may hold 50: word49, word50, word51." in told
    assert "Settings that mean nothing here: moon=full." in told
    assert len(queries(office, DESK)) == 50


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("", "paste its whole answer"),
        ("rare-earth; gallium", "not a block of /export"),
        ("exportwire:1; gallium; dyspr", "its :end is missing"),
        ("exportwire:2; gallium; :end", "another version"),
        ("exportwire:1; " + "gallium; " * 1000 + ":end", "too long"),
    ],
)
async def test_a_bad_block_is_refused_with_a_reason(say, office, block, reason):
    told = (await say(f"/import {block}")).text

    assert reason in told
    assert "\n" not in told
    assert (queries(office, DESK), office.store.chat(DESK.id)) == ([], None)


async def test_a_schedule_or_quiet_hours_that_mean_nothing_are_not_taken(say, office):
    told = (await say("/import exportwire:1 +quiet=25-7; gallium +delivery=soon; :end")).text

    assert "Settings that mean nothing here: quiet=25-7, delivery=soon." in told
    assert office.store.subscriptions(DESK.id)[0].delivery == "now"


async def test_a_zone_that_does_not_exist_is_not_taken(say, office):
    told = (await say("/import exportwire:1 +zone=Mars/Phobos; gallium; :end")).text

    assert "Settings that mean nothing here: zone=Mars/Phobos." in told
    assert office.store.chat(DESK.id).zone == "UTC"


async def test_fifty_long_subscriptions_leave_in_parts_that_one_message_holds(say, office):
    held = [wish(f'"{n} {"long words " * 30}"'.replace(' "', '"'), DESK.id) for n in range(50)]
    await office.store.commit(Changes(chats=(DESK,), subscriptions=tuple(held)))
    part, told = 1, await say("/export")
    while f"/export {part + 1}" in told.text:
        assert len(render(told)) < 4000
        assert "…" not in render(told)
        await say(f"/import {told.text}", WORK)
        part, told = part + 1, await say(f"/export {part + 1}")
    await say(f"/import {told.text}", WORK)

    assert sorted(queries(office, WORK)) == sorted(queries(office, DESK))
    assert "no such part" in (await say("/export 99")).text


async def test_nothing_to_export_says_how_to_begin(say):
    assert "no subscriptions" in (await say("/export")).text


SETTING = st.text(st.characters(codec="utf-8"), max_size=20).map(lambda text: clean(text, 20))


SCHEDULE = st.sampled_from(["now", "hourly", "daily 08:00", "weekdays 07:30 strict"])


@given(SCHEDULE, SETTING, st.booleans())
def test_settings_come_through_whatever_they_hold(delivery, language, repeat):
    chat = dataclasses.replace(DESK, language=language, repeat=repeat)
    held = [wish("gallium", delivery=delivery)]
    block = " ".join(_parcel.parts(chat, held)[0])

    parcel = _parcel.read(block)

    settings = {"language": language, "repeat": repeat}
    usual = {"language": "en", "repeat": True}
    assert {**usual, **parcel.settings} == settings
    assert {"delivery": "now", **parcel.entries[0].settings} == {"delivery": delivery}
    assert (parcel.entries[0].words, parcel.strange) == ("gallium", ())


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    """Whatever stands between the marks is entries, and a query of it parses or is refused."""
    inside = text.replace(":end", "")
    for entry in _parcel.read(f"exportwire:1;{inside};:end").entries:
        try:
            ql.parse(entry.words)
        except Exception as error:  # noqa: BLE001  # the type is the point
            assert type(error).__name__ == "UsageError"  # noqa: PT017  # other entries go on


# -- /forget --------------------------------------------------------------------------------------


async def test_forget_asks_first_and_then_leaves_nothing_on_the_disk(say, office, tmp_path):
    row = owed("s-1", DESK)
    await say("/subscribe secretword", DESK)
    await say("/subscribe gallium", WORK)
    rows = (row, dataclasses.replace(row, id=DeliveryId("s-2"), state=State.SENT, receipt="9"))
    kept = dataclasses.replace(owed("s-3", WORK), kind=Kind.DIGEST)
    await office.store.commit(Changes(deliveries=(*rows, kept)))

    asked = (await say("/forget")).text
    assert "subscriptions: 1" in asked
    assert "/forget yes" in asked
    assert "Only yes confirms it" in (await say("/forget now")).text
    assert queries(office, DESK) == ["secretword"]

    assert (await say("/forget yes")).text.startswith("Forgotten: ")

    left = b"".join(path.read_bytes() for path in (tmp_path / "store").rglob("*") if path.is_file())
    assert b"secretword" not in left
    assert DESK.room.encode() not in left
    assert WORK.room.encode() in left
    assert [d.id for d in office.store.owed()] == ["s-3"]
    assert ([w.query for w in office.store.subscriptions()], len(office.wishes)) == (["gallium"], 1)
    assert (await say("/forget yes")).text == "Nothing is kept of this chat."

    assert "Subscribed" in (await say("/subscribe gallium")).text
    assert queries(office, DESK) == ["gallium"]


def test_every_field_of_a_chat_and_a_wish_is_carried_or_belongs_to_its_place():
    """A name that is left out of a block is one that exists."""
    names = {Chat: _parcel._PLACE, Subscription: _parcel._ORIGIN}  # noqa: SLF001  # the table is the point
    for kind, fixed in names.items():
        assert fixed <= {field.name for field in dataclasses.fields(kind)}
