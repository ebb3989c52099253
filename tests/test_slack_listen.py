"""The Slack platform heard by the real client: commands, mentions, presses, and who may do what."""

import asyncio
import logging
from dataclasses import replace

import pytest

from bot.model import Attachment, Button, Chat, Command, Line, LineStyle, Message, Span
from bot.platforms.slack import Slack
from bot.platforms.slack.quota import TOO_MANY, Quota
from bot.platforms.slack.replies import home, spoken
from tests.servers.slack import ME, SlackServer
from tests.slackplay import METALS, Bot, access, door, listening


async def test_a_slash_command_is_acknowledged_and_answered_to_the_person_alone():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        name = await server.envelope("slash_commands", server.slash("/latest", "gallium"))
        assert await asyncio.wait_for(server.acks.get(), 30) == name
        answer = await asyncio.wait_for(server.responses.get(), 30)
    assert (answer["response_type"], answer["text"]) == ("ephemeral", "latest gallium")
    assert bot.asked[0].chat.id == "slack:T1:C1"


async def test_the_language_that_a_person_has_set_is_asked_for_once():
    server, bot = SlackServer(), Bot()
    server.users["U1"]["locale"] = "ja-JP"
    async with listening(server, bot):
        await server.type("/latest", "gallium")
        await server.type("/latest", "tin")
    assert [command.chat.language for command in bot.asked] == ["ja-JP", "ja-JP"]
    assert server.calls.count("users.info") == 1


async def test_a_subscription_made_in_a_channel_is_seen_by_the_channel():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        answer = await server.type("/subscribe", "rare-earth")
        alone = await server.type("/subscribe", "rare-earth", channel_id="D1")
    assert (answer["response_type"], alone["response_type"]) == ("in_channel", "ephemeral")
    assert bot.subscribed == ["rare-earth", "rare-earth"]


async def test_exportwire_takes_any_verb_and_straightens_quotes():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        await server.type("/exportwire", "latest “rare earth” &amp; gallium")
        await server.type("/exportwire")
    asked = [(c.verb, c.argument) for c in bot.asked]
    assert asked == [("latest", '"rare earth" & gallium'), ("help", "")]


@pytest.mark.parametrize("room", ["COUT", "CPRIVATE"])
async def test_where_the_bot_cannot_post_nothing_is_subscribed_and_the_way_in_is_told(room: str):
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        answer = await server.type("/subscribe", "rare-earth", channel_id=room)
    assert "/invite @exportwire" in answer["text"]
    assert not bot.subscribed


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("app_mention", {"text": f"<@{ME}> latest gallium", "channel": "C1"}),
        ("message", {"text": "latest gallium", "channel": "D1", "channel_type": "im"}),
    ],
)
async def test_a_mention_and_a_direct_message_work_as_a_command_does(kind, more):
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        await server.envelope("events_api", server.event(kind, user="U1", **more))
        post = await asyncio.wait_for(server.posted.get(), 30)
    assert (post.room, post.body["text"]) == (more["channel"], "latest gallium")


async def test_a_mention_in_a_thread_is_answered_there():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        event = server.event("app_mention", user="U1", text="help", channel="C1", thread_ts="9.9")
        await server.envelope("events_api", event)
        post = await asyncio.wait_for(server.posted.get(), 30)
    assert post.body["thread_ts"] == "9.9"


async def test_a_repeated_event_an_edit_and_another_bot_run_nothing():
    server, bot = SlackServer(), Bot()
    said = {"channel": "D1", "channel_type": "im", "user": "U1"}
    async with listening(server, bot):
        event = server.event("message", text="latest", **said)
        for one in (
            event,
            event,
            server.event("message", text="a", subtype="message_changed", **said),
            server.event("message", text="b", bot_id="B9", **said),
        ):
            await server.envelope("events_api", one)
        await server.type("/latest", "last")  # the socket keeps its order
    assert [(c.verb, c.argument) for c in bot.asked] == [("latest", ""), ("latest", "last")]


async def test_a_button_runs_the_command_in_its_value_and_answers_the_presser():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        await server.envelope("interactive", server.press("why A7F3"))
        answer = await asyncio.wait_for(server.responses.get(), 30)
    assert (answer["text"], answer["replace_original"]) == ("why A7F3", False)


ROLES = [
    ("everyone", "U1", True),
    ("everyone", "UADMIN", True),
    ("everyone", "UGUEST", False),
    ("everyone", "UOTHER", False),
    ("admins", "U1", False),
    ("admins", "UADMIN", True),
    ("U1,U7", "U1", True),
    ("U1,U7", "UADMIN", False),
    ("UOTHER", "UOTHER", False),
]


@pytest.mark.parametrize(("editors", "person", "may"), ROLES)
async def test_who_may_change_is_checked_for_commands_mentions_and_buttons(editors, person, may):
    """The presser counts, not the message that holds the button."""
    server, bot = SlackServer(), Bot()
    said = {"channel": "C1", "user": person, "text": "subscribe three"}
    async with listening(server, bot, door(editors=editors)):
        await server.type("/subscribe", "one", user_id=person)
        press = server.press("subscribe two", user={"id": person, "team_id": "T1"})
        await server.envelope("interactive", press)
        await asyncio.wait_for(server.responses.get(), 30)
        await server.envelope("events_api", server.event("app_mention", **said))
        await asyncio.wait_for(server.posted.get(), 30)
    assert bot.subscribed == (["one", "two", "three"] if may else [])


async def test_a_command_within_a_command_needs_the_same_rights():
    server, bot = SlackServer(), Bot()
    said = {"channel": "C1", "user": "UGUEST", "text": "exportwire exportwire subscribe tin"}
    async with listening(server, bot):
        await server.envelope("events_api", server.event("app_mention", **said))
        await asyncio.wait_for(server.posted.get(), 30)
        await server.type("/exportwire", "exportwire subscribe tin", user_id="UGUEST")
    assert bot.asked == []


async def test_a_guest_may_see_what_is_set():
    """Without words a command shows, but for one that changes something alone, such as /pause."""
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        await server.type("/unsubscribe", user_id="UGUEST")
        await server.type("/pause", user_id="UGUEST")
    assert [c.verb for c in bot.asked] == ["unsubscribe"]


async def test_a_guest_may_read_and_may_subscribe_in_a_direct_chat():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        await server.type("/latest", user_id="UGUEST")
        await server.type("/subscribe", "one", user_id="UGUEST", channel_id="D1")
    assert [c.verb for c in bot.asked] == ["latest", "subscribe"]


async def test_a_chat_that_is_not_allowed_is_told_so():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot, door(allowed=frozenset({"C2"}))):
        refused = await server.type("/latest")
        await server.type("/latest", channel_id="C2")
    assert "ALLOWED_CHATS" in refused["text"]
    assert [c.chat.room for c in bot.asked] == ["C2"]


async def test_a_command_that_is_being_answered_at_the_stop_is_still_answered():
    server, go, begun = SlackServer(), asyncio.Event(), asyncio.Event()

    class Slow(Bot):
        async def answer(self, command: Command) -> Message:
            begun.set()
            await go.wait()
            return await super().answer(command)

    async with listening(server, Slow()) as slack:
        await server.envelope("slash_commands", server.slash("/latest"))
        await asyncio.wait_for(begun.wait(), 30)
        closing = asyncio.create_task(slack.close())
        await asyncio.sleep(0)
        go.set()
        await closing
        assert server.responses.qsize() == 1


async def test_twenty_commands_a_minute_are_answered_then_one_polite_line():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        for number in range(23):
            await server.envelope("slash_commands", server.slash("/latest", str(number)))
        told = [await asyncio.wait_for(server.responses.get(), 30) for _ in range(21)]
        await server.type("/latest", channel_id="C2")  # another chat is not held back
    assert len(bot.asked) == 21
    assert sum(answer["text"] == TOO_MANY for answer in told) == 1


def test_the_minute_passes():
    quota = Quota()
    said = [quota.verdict("c", float(second)) for second in (*range(22), 59, 60, 60.5, 61)]
    assert said == [""] * 20 + [TOO_MANY, None, None, "", TOO_MANY, ""]


async def test_an_invitation_is_greeted_and_a_removal_rests_the_chat():
    server, bot, told = SlackServer(), Bot(), asyncio.Queue[str]()

    async def standing(chat: Chat, active: bool) -> None:  # noqa: FBT001  # the door's shape
        told.put_nowait(f"{'back' if active else 'out'} {chat.room}")

    async def moved(chat: Chat, room: str) -> None:
        told.put_nowait(f"{chat.room} to {room}")

    async with listening(server, bot, door(standing=standing, moved=moved)):
        for one in (
            server.event("member_joined_channel", user="U1", channel="C1"),
            server.event("member_joined_channel", user=ME, channel="C1"),
            server.event("channel_left", channel="C1"),
            server.event("channel_id_changed", old_channel_id="C1", new_channel_id="C3"),
        ):
            await server.envelope("events_api", one)
        post = await asyncio.wait_for(server.posted.get(), 30)
        heard = [await asyncio.wait_for(told.get(), 30) for _ in range(3)]
    assert "/subscribe rare-earth" in post.body["text"]
    assert "/exportwire help" in post.body["text"]  # /help is Slack's own
    assert sorted(heard) == ["C1 to C3", "back C1", "out C1"]


async def test_app_home_lists_a_persons_subscriptions():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        event = server.event("app_home_opened", user="U1", channel="D1", tab="home")
        await server.envelope("events_api", event)
        shown = await asyncio.wait_for(server.views.get(), 30)
    assert (shown["user_id"], shown["view"]["type"]) == ("U1", "home")
    assert bot.asked[0].chat.room == "D1"


async def test_app_home_is_closed_to_strangers_too():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot, door(allowed=frozenset({"C2"}))):
        event = server.event("app_home_opened", user="U1", channel="D1", tab="home")
        await server.envelope("events_api", event)
        shown = await asyncio.wait_for(server.views.get(), 30)
    assert "ALLOWED_CHATS" in str(shown["view"])
    assert bot.asked == []


async def test_a_button_in_app_home_answers_in_the_direct_chat_and_shows_the_home_anew():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        press = server.press("unsubscribe tin", channel=None, response_url="")
        press["actions"][0]["block_id"] = "home:D1"
        await server.envelope("interactive", press)
        post = await asyncio.wait_for(server.posted.get(), 30)
        shown = await asyncio.wait_for(server.views.get(), 30)
    assert (post.room, post.body["text"]) == ("D1", "unsubscribe tin")
    assert shown["user_id"] == "U1"
    assert [c.verb for c in bot.asked] == ["unsubscribe", "subscriptions"]


def test_our_commands_are_made_to_be_typed_in_slack_and_words_of_others_stay():
    told = Message(
        lines=(Line((Span("See /help"),)), Line((Span("They said /help"),), LineStyle.QUOTE))
    )
    assert spoken(told, {"help"}).text == "See /exportwire help\nThey said /help"


async def test_app_home_offers_to_end_each_subscription():
    held = Message(
        lines=(Line((Span("2 of 50 subscriptions"),)),),
        buttons=tuple(
            Button(f"End {n}", "unsubscribe", word) for n, word in ((1, "tin"), (2, "x"))
        ),
    )
    (row,) = (b for b in home(held, METALS)["blocks"] if b["type"] == "actions")
    assert row["block_id"] == "home:C1"
    values = [button["value"] for button in row["elements"]]
    assert values == ["unsubscribe tin", "unsubscribe x", "latest", "topics", "help"]


async def test_a_file_follows_the_answer_that_brings_it():
    class Calendar(Bot):
        async def answer(self, command: Command) -> Message:
            days = Attachment("days.ics", "text/calendar", "BEGIN:VCALENDAR\r\n日\r\n")
            return replace(await super().answer(command), file=days)

    server = SlackServer()
    async with listening(server, Calendar()):
        answer = await server.type("/exportwire", "latest")
        file = await asyncio.wait_for(server.files.get(), 30)
    assert answer["text"] == "latest"
    assert file == ("C1", "days.ics", "BEGIN:VCALENDAR\r\n日\r\n")


async def test_a_file_that_cannot_be_brought_is_told_to_who_asked():
    """As where the app was installed without files:write."""

    class Calendar(Bot):
        async def answer(self, command: Command) -> Message:
            days = Attachment("days.ics", "text/calendar", "BEGIN:VCALENDAR\r\n")
            return replace(await super().answer(command), file=days)

    server = SlackServer(lambda method, _: "missing_scope" if method.startswith("files") else "")
    async with listening(server, Calendar()):
        assert (await server.type("/exportwire", "latest"))["text"] == "latest"
        told = await asyncio.wait_for(server.responses.get(), 30)
    assert told["response_type"] == "ephemeral"
    assert "days.ics could not be sent here" in told["text"]
    assert "slack-manifest.yaml" in told["text"]


async def test_it_connects_again_by_itself_with_a_new_address():
    server, bot = SlackServer(), Bot()
    async with listening(server, bot):
        await server.refresh()
        await server.joined()
        await server.type("/latest")
        await server.cut()
        await server.joined()
        await server.type("/latest")
    assert len(bot.asked) == 2
    assert logging.getLogger("exportwire").level == logging.NOTSET  # Bolt can change it
    assert server.calls.count("apps.connections.open") == 3


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-no"}, "SLACK_APP_TOKEN"),
        ({"app_token": ""}, "SLACK_APP_TOKEN"),
        ({"signing_secret": "s", "host": "192.0.2.1"}, "192.0.2.1:3000"),  # not our address
    ],
)
async def test_a_wrong_token_is_one_line_that_names_its_variable(given, named, caplog):
    server = SlackServer()
    slack = Slack(access(await server.start(), **given), door())
    with caplog.at_level(logging.WARNING):
        await asyncio.wait_for(slack.listen(Bot().answer), 5)
    await slack.close()
    await server.close()
    (record,) = caplog.records
    assert named in record.getMessage()
    assert record.exc_info is None


class Heard(logging.Handler):
    """Sets `told` when a message is logged."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.told, self._message = asyncio.Event(), message

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage() == self._message:
            self.told.set()


async def test_a_response_that_is_not_taken_is_logged_and_the_socket_goes_on():
    server, bot, heard = SlackServer(), Bot(), Heard("answer lost")
    logging.getLogger("exportwire.slack").addHandler(heard)
    async with listening(server, bot):
        lost = server.slash("/latest", response_url=f"http://{server.base}/nowhere")
        await server.envelope("slash_commands", lost)
        await asyncio.wait_for(heard.told.wait(), 30)
        await server.type("/latest")
    logging.getLogger("exportwire.slack").removeHandler(heard)
    assert len(bot.asked) == 2
