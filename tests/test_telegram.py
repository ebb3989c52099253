"""The Telegram platform against a Bot API server: sending, editing, commands, buttons, chats."""

import asyncio
import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import AmbiguousError, RejectedError, TryLaterError
from bot.language import LANGUAGES
from bot.model import Attachment, Button, Command, Line, LineStyle, Message, Span
from bot.model.verbs import Changing
from bot.platforms.telegram import Options, Telegram
from bot.platforms.telegram import outlet as outlet_module
from bot.platforms.telegram.desk import ADMINS_ONLY, TOO_MANY
from handlers import HANDLERS
from tests.servers.telegram import TOKEN, TelegramServer
from tests.servers.windows import BUSY
from tests.telegrams import chat, delivery, said, talking

# -- sending ---------------------------------------------------------------------------------------


async def test_an_alert_with_buttons_and_without_a_preview() -> None:
    """What is sent is HTML, its links show no preview, its buttons hold their commands."""
    alert = Message(
        lines=(
            Line((Span("EASED  China"),), LineStyle.HEAD),
            Line((Span("A <headline>", "https://n.example/1"),), LineStyle.TITLE),
        ),
        buttons=(Button("More", "story", "A7F3"),),
    )
    async with talking(listen=False) as talk:
        talk.server.room(5)
        receipt = await talk.bot.send(chat(5), delivery(message=alert))
        post = talk.server.posts[0]
    assert receipt == str(post.id)
    assert post.text == "EASED China\nA <headline>"
    assert post.buttons == [{"text": "More", "callback_data": "story A7F3"}]
    assert json.loads(post.asked["link_preview_options"]) == {"is_disabled": True}


async def test_an_update_replies_within_the_topic() -> None:
    """A topic keeps its thread; an update is a reply, and is sent even if the alert is gone."""
    async with talking(listen=False) as talk:
        talk.server.room(-100, "supergroup", topics={7})
        first = await talk.bot.send(chat(-100, "7"), delivery())
        await talk.bot.send(chat(-100, "7"), delivery("an update"), reply_to=first)
        update = talk.server.posts[1]
    assert (update.thread, update.reply_to) == ("7", int(first))
    assert json.loads(update.asked["reply_parameters"])["allow_sending_without_reply"] is True


async def test_an_edit_may_be_repeated() -> None:
    """The second edit changes nothing, which is what was wanted."""
    async with talking(listen=False) as talk:
        talk.server.room(5)
        receipt = await talk.bot.send(chat(5), delivery())
        for _ in range(2):
            await talk.bot.edit(chat(5), receipt, said("also 2"))
        assert (talk.server.posts[0].text, talk.server.posts[0].edits) == ("also 2", 1)
        with pytest.raises(RejectedError):
            await talk.bot.edit(chat(5), "999", said("nothing there"))
        with pytest.raises(RejectedError):
            await talk.bot.edit(chat(5), "", said("moved"))


async def test_refused_markup_goes_once_more_as_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renderer that errs costs the looks, not the alert."""
    monkeypatch.setattr(outlet_module, "render", lambda _message: "<oops>")
    async with talking(listen=False) as talk:
        talk.server.room(5)
        await talk.bot.send(chat(5), delivery("a < b"))
        assert talk.server.posts[0].text == "a < b"
        assert "parse_mode" not in talk.server.posts[0].asked


async def test_a_file_follows_the_answer_that_brings_it() -> None:
    async with talking(listen=False) as talk:
        talk.server.room(5)
        days = Attachment("days.ics", "text/calendar", "BEGIN:VCALENDAR\r\n")
        await talk.bot.send(chat(5), delivery(message=replace(said("2 days"), file=days)))
    assert talk.server.files == [(5, "days.ics", "BEGIN:VCALENDAR\r\n")]
    assert [post.text for post in talk.server.posts] == ["2 days"]


async def test_a_file_that_is_not_taken_leaves_the_answer_as_it_is_and_is_told() -> None:
    """It is not said twice because its file failed."""
    server = TelegramServer(fate=lambda method: "502" if method == "sendDocument" else "ok")
    async with talking(server, listen=False) as talk:
        talk.server.room(5)
        days = Attachment("days.ics", "text/calendar", "BEGIN:VCALENDAR\r\n")
        await talk.bot.send(chat(5), delivery(message=replace(said("2 days"), file=days)))
    first, told = talk.server.posts
    assert first.text == "2 days"
    assert "days.ics could not be sent here" in told.text
    assert told.reply_to == first.id


async def test_answers_and_alerts_share_the_pace_of_a_chat() -> None:
    """Against a server that counts, an answer right after an alert waits for its second."""
    async with talking(TelegramServer(strict=True), spacing=1.05) as talk:
        talk.server.room(5)
        await talk.bot.send(chat(5), delivery())
        await talk.server.says(5, "/help")
        await talk.server.sent(2)
        assert talk.server.violations == 0


async def test_many_chats_that_ask_at_once_share_the_pace_of_the_bot() -> None:
    """Thirty messages a second is the limit of all chats together, answers included."""
    async with talking(TelegramServer(strict=True, jitter=BUSY), spacing=1.05) as talk:
        for room in range(1, 46):
            talk.server.room(room)
            await talk.server.says(room, "/help")
        await talk.server.sent(45)
        assert talk.server.violations == 0


async def test_an_alert_behind_many_answers_waits_in_the_outbox() -> None:
    async with talking(spacing=0.0) as talk:
        for room in range(1, 61):
            talk.server.room(room)
        answers = [talk.bot._outlet.send(chat(n), said("x"), patience=60) for n in range(1, 60)]  # noqa: SLF001  # answers without people
        waiting = [asyncio.ensure_future(answer) for answer in answers]
        await talk.server.sent(2)
        with pytest.raises(TryLaterError) as caught:
            await talk.bot.send(chat(60), delivery())
        await asyncio.gather(*waiting)
    assert (caught.value.scope, caught.value.told) == ("account", True)


async def test_a_broken_pace_is_told_to_wait() -> None:
    """Without our spacing the server refuses: the test above can fail."""
    async with talking(TelegramServer(strict=True), listen=False) as talk:
        talk.server.room(5)
        await talk.bot.send(chat(5), delivery())
        with pytest.raises(TryLaterError):
            await talk.bot.send(chat(5), delivery())
        assert talk.server.violations


# -- commands --------------------------------------------------------------------------------------


async def test_a_private_chat() -> None:
    """A command reaches the answering side with who asked; the answer comes back."""
    async with talking() as talk:
        talk.server.room(5)
        await talk.server.says(5, "/Subscribe  rare-earth from:cn", user=5)
        post = await talk.server.sent(1)
    (command,) = talk.commands
    assert (command.verb, command.argument, command.person) == (
        "subscribe",
        "rare-earth from:cn",
        "5",
    )
    assert (command.chat.id, command.chat.title) == ("telegram:7700001:5", "Ann")
    assert (post.text, post.reply_to) == ("subscribe: rare-earth from:cn", 0)


async def test_the_language_that_a_person_has_set_comes_with_the_command() -> None:
    """Typed or pressed; somebody who has set none leaves the usual one."""
    async with talking() as talk:
        talk.server.room(5)
        talk.server.speaks[5] = "zh-hans"
        await talk.server.says(5, "/help", user=5)
        await talk.server.says(5, "/help", user=6)
        post = await talk.server.sent(2)
        await talk.server.presses(post, "help", user=5)
        await talk.server.until(lambda: len(talk.server.pressed) == 1)
    assert [command.chat.language for command in talk.commands] == ["zh-hans", "en", "zh-hans"]


async def test_a_private_chat_needs_no_slash() -> None:
    async with talking() as talk:
        talk.server.room(5)
        await talk.server.says(5, "latest gallium")
        assert (await talk.server.sent(1)).text == "latest: gallium"


async def test_a_topic_is_a_chat_of_its_own() -> None:
    """The answer stays in the topic, as a reply to the command."""
    async with talking() as talk:
        talk.server.room(-100, "supergroup", topics={7})
        asked = await talk.server.says(-100, "/latest@wire_test_bot", message_thread_id=7)
        post = await talk.server.sent(1)
    assert talk.commands[0].chat.id == "telegram:7700001:-100:7"
    assert (post.thread, post.reply_to) == ("7", asked)


async def test_a_channel() -> None:
    """A channel's post is a command of its admins, who alone can post."""
    async with talking() as talk:
        talk.server.room(-200, "channel", title="Desk")
        await talk.server.says(-200, "/subscribe gallium", kind="channel_post")
        assert (await talk.server.sent(1)).text == "subscribe: gallium"
    assert talk.commands[0].person == ""


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("/latest", {"kind": "edited_message"}),
        ("/latest", {"kind": "edited_channel_post"}),
        ("/latest@other_bot", {}),
        ("/roll", {}),
        ("latest", {}),
        ("/usr/bin/env", {}),
        (
            "/latest",
            {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}},
        ),
    ],
)
async def test_stays_silent_in_a_group(text: str, given: dict[str, Any]) -> None:
    """Edits, other bots' commands, talk and quotations are not for us."""
    async with talking() as talk:
        talk.server.room(-100, "supergroup")
        await talk.server.says(-100, text, **given)
        await talk.server.says(-100, "/help")
        await talk.server.sent(1)
    assert [command.verb for command in talk.commands] == ["help"]


async def test_commands_of_a_chat_are_answered_in_order() -> None:
    """The second waits for the first, although that takes longer; another chat does not wait."""
    gate = asyncio.Event()
    async with talking(listen=False) as talk:

        async def answer(command: Command) -> Message:
            if command.argument == "1":
                await gate.wait()
            return said(command.argument)

        talk.task = asyncio.ensure_future(talk.bot.listen(answer))
        talk.server.room(5)
        talk.server.room(6)
        for room, text in [(5, "/latest 1"), (5, "/latest 2"), (6, "/latest 3")]:
            await talk.server.says(room, text)
        await talk.server.sent(1)
        gate.set()
        await talk.server.sent(3)
        assert [post.text for post in talk.server.posts] == ["3", "1", "2"]


async def test_a_failed_answer_leaves_the_rest_alone(caplog: pytest.LogCaptureFixture) -> None:
    """A chat that is closed to us when we answer is logged; the next one is answered."""
    async with talking() as talk:
        talk.server.room(5, closed="bot was blocked by the user")
        talk.server.room(6)
        await talk.server.says(5, "/help")
        await talk.server.says(6, "/help")
        await talk.server.sent(1)
    assert talk.server.posts[0].chat == 6
    assert "update not answered" in caplog.text


# -- who may ---------------------------------------------------------------------------------------


async def test_only_admins_change_what_a_group_gets() -> None:
    """A member reads but does not subscribe; who is admin is asked once a minute."""
    async with talking() as talk:
        talk.server.room(-100, "supergroup", admins={9})
        for user, text in [
            (1, "/subscribe a"),
            (1, "/latest"),
            (9, "/subscribe b"),
            (9, "/subscribe c"),
        ]:
            await talk.server.says(-100, text, user=user)
        await talk.server.sent(4)
        asked = [m for m, _ in talk.server.calls if m == "getChatMember"]
    texts = [post.text for post in talk.server.posts]
    assert texts == [ADMINS_ONLY, "latest:", "subscribe: b", "subscribe: c"]
    assert len(asked) == 2


async def test_a_member_may_see_what_is_set() -> None:
    """Without words a command shows, but for one that changes something alone."""
    changes = Changing(verbs=frozenset({"subscribe", "story"}), alone=frozenset({"story"}))
    async with talking(changes=changes) as talk:
        talk.server.room(-100, "supergroup", admins={9})
        for text in ("/subscribe", "/story"):
            await talk.server.says(-100, text, user=1)
        await talk.server.sent(2)
    assert [post.text for post in talk.server.posts] == ["subscribe:", ADMINS_ONLY]


@pytest.mark.parametrize(
    "text", ["/exportwire@wire_test_bot", "/exportwire@wire_test_bot exportwire"]
)
async def test_a_command_within_a_command_needs_the_same_rights(text: str) -> None:
    async with talking() as talk:
        talk.server.room(-5, "supergroup", admins={1})
        await talk.server.says(-5, f"{text} subscribe tin", user=2)
        assert (await talk.server.sent(1)).text == ADMINS_ONLY
        await talk.server.says(-5, f"{text} subscribe tin", user=1)
        await talk.server.sent(2)
    assert [(c.verb, c.argument) for c in talk.commands] == [("subscribe", "tin")]


async def test_an_anonymous_admin_is_one_and_a_linked_channel_is_not() -> None:
    """Who posts as the group itself is an admin; who posts as another chat is nobody we know."""
    async with talking() as talk:
        room = talk.server.room(-100, "supergroup")
        other = {"id": -300, "type": "channel", "title": "Elsewhere"}
        await talk.server.says(-100, "/subscribe a", sender_chat=room.shown())
        await talk.server.says(-100, "/subscribe b", sender_chat=other)
        await talk.server.sent(2)
    assert [post.text for post in talk.server.posts] == ["subscribe: a", ADMINS_ONLY]


async def test_operators_may_change_everywhere() -> None:
    async with talking(operators=frozenset({"1"})) as talk:
        talk.server.room(-100, "supergroup")
        await talk.server.says(-100, "/subscribe a", user=1)
        await talk.server.sent(1)
    assert talk.commands[0].operator


async def test_strangers_are_told_how_to_be_admitted() -> None:
    async with talking(allowed=frozenset({"telegram:6"})) as talk:
        talk.server.room(5)
        talk.server.room(6)
        await talk.server.says(5, "/latest")
        await talk.server.says(6, "/latest")
        await talk.server.sent(2)
    refused = next(post for post in talk.server.posts if post.chat == 5)
    assert "adds 5 to ALLOWED_CHATS" in refused.text
    assert [command.chat.room for command in talk.commands] == ["6"]


async def test_twenty_commands_a_minute_then_one_line() -> None:
    """The twenty-first is told so, the twenty-second is not even that; another chat goes on."""
    async with talking() as talk:
        talk.server.room(5)
        talk.server.room(6)
        for at in range(23):
            await talk.server.says(5, f"/latest {at}")
        await talk.server.says(6, "/help")
        await talk.server.sent(22)
        await talk.stop()
    texts = [post.text for post in talk.server.posts if post.chat == 5]
    assert len(talk.commands) == 21
    assert texts[20:] == [TOO_MANY]


# -- buttons ---------------------------------------------------------------------------------------


async def test_a_button_does_what_its_command_does() -> None:
    """The press is acknowledged, and answered as a reply in the same topic."""
    async with talking() as talk:
        talk.server.room(-100, "supergroup", topics={7})
        await talk.bot.send(chat(-100, "7"), delivery())
        alert = talk.server.posts[0]
        await talk.server.presses(alert, "story A7F3", user=4)
        post = await talk.server.sent(2)
    assert (post.text, post.thread, post.reply_to) == ("story: A7F3\nand more", "7", alert.id)
    assert talk.commands[0].person == "4"
    assert len(talk.server.pressed) == 1


async def test_a_line_that_concerns_only_the_presser_is_shown_to_them_alone() -> None:
    """As "Wrong?" is answered; what changes the chat's subscriptions is told to the chat."""
    async with talking() as talk:
        talk.server.room(-100, "supergroup", admins={4})
        await talk.bot.send(chat(-100), delivery())
        await talk.server.presses(talk.server.posts[0], "latest tin", user=4)
        await talk.server.until(lambda: len(talk.server.pressed) == 1)
        await talk.server.presses(talk.server.posts[0], "subscribe tin", user=4)
        post = await talk.server.sent(2)
    assert [asked.get("text") for asked in talk.server.pressed] == ["latest: tin", None]
    assert post.text == "subscribe: tin"


async def test_a_press_whose_answer_brings_a_file_gets_it() -> None:
    """A line shown to the presser alone could carry none."""
    days = Attachment("days.ics", "text/calendar", "BEGIN:VCALENDAR\r\n")

    async with talking(listen=False) as talk:

        async def answer(_command: Command) -> Message:
            return replace(said("2 days"), file=days)

        talk.server.room(5)
        await talk.bot.send(chat(5), delivery())
        listening = asyncio.ensure_future(talk.bot.listen(answer))
        await talk.server.presses(talk.server.posts[0], "upcoming ics")
        await talk.server.until(lambda: bool(talk.server.files))
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    assert talk.server.files == [(5, "days.ics", "BEGIN:VCALENDAR\r\n")]


async def test_what_is_typed_without_a_slash_is_answered_in_a_private_chat() -> None:
    """Whatever it begins with: silence would look like a bot that is broken."""
    async with talking() as talk:
        talk.server.room(5)
        for text in ("rare-earth news", "订阅 稀土", "https://news.example/a@b"):
            await talk.server.says(5, text)
        await talk.server.sent(3)
    assert [(c.verb, c.argument) for c in talk.commands] == [
        ("rare-earth", "news"),
        ("subscribe", "稀土"),
        ("https://news.example/a@b", ""),
    ]


async def test_a_forged_press_is_checked_like_a_command() -> None:
    """Data that no button of ours holds: the presser's rights count, the message's do not."""
    async with talking() as talk:
        talk.server.room(-200, "channel", admins={9})
        await talk.bot.send(chat(-200), delivery())
        await talk.server.presses(talk.server.posts[0], "subscribe everything", user=4)
        await talk.server.until(lambda: bool(talk.server.pressed))
        await talk.server.presses(talk.server.posts[0], "<nonsense>", user=4)
        await talk.server.until(lambda: len(talk.server.pressed) == 2)
    assert talk.server.pressed[0]["text"] == ADMINS_ONLY
    assert talk.commands == []


async def test_a_reader_of_a_channel_who_presses_posts_nothing_to_all_others() -> None:
    """What is longer than a line is shown in the presser's own chat, behind a link to the bot."""
    async with talking() as talk:
        talk.server.room(-200, "channel", admins={9})
        talk.server.room(4)
        await talk.bot.send(chat(-200), delivery())
        for data in ("latest tin", "story A7F3", "story two words"):
            await talk.server.presses(talk.server.posts[0], data, user=4)
        await talk.server.until(lambda: len(talk.server.pressed) == 3)
        line, link, cut = talk.server.pressed
        payload = link["url"].partition("?start=")[2]
        await talk.server.says(4, f"/start {payload}", user=4)
        post = await talk.server.sent(2)
    assert link["url"].startswith("https://t.me/wire_test_bot?start=")
    assert (line.get("text"), link.get("text")) == ("latest: tin", None)
    assert cut["text"].startswith("story: two words")
    assert (post.chat, post.text) == (4, "story: A7F3\nand more")


# -- coming and going ------------------------------------------------------------------------------


async def test_an_invitation_is_greeted_and_a_removal_noted() -> None:
    async with talking() as talk:
        talk.server.room(-100, "supergroup")
        talk.server.room(5)
        await talk.server.changes(-100, "left", "member")
        await talk.server.sent(1)
        await talk.server.changes(-100, "member", "kicked")
        await talk.server.changes(5, "member", "kicked")
        await talk.server.changes(5, "kicked", "member")
        await talk.server.says(5, "/help")
        await talk.server.sent(2)
    group, private = "telegram:7700001:-100", "telegram:7700001:5"
    in_group = [open_ for room, open_ in talk.standing if room == group]
    in_private = [open_ for room, open_ in talk.standing if room == private]
    assert (in_group, in_private) == ([True, False], [False, True])
    assert [post.text for post in talk.server.posts] == ["start:", "help:"]


async def test_a_group_that_became_a_supergroup_is_noted_from_either_side() -> None:
    async with talking() as talk:
        talk.server.room(-5, "group")
        talk.server.room(-1009, "supergroup")
        await talk.server.says(-5, "", migrate_to_chat_id=-1009)
        await talk.server.says(-1009, "", migrate_from_chat_id=-5)
        await talk.server.says(-1009, "/help")
        await talk.server.sent(1)
    assert talk.moves == [("telegram:7700001:-5", "-1009")] * 2
    assert [c.verb for c in talk.commands] == ["help"]


async def test_the_menu_of_each_scope() -> None:
    """Members of a group are offered what they may do; admins and private chats everything."""
    async with talking() as talk:
        await talk.server.until(lambda: len(talk.server.menus) == 4 * len(LANGUAGES))
    reading = ["start", "latest", "story", "help"]
    everything = ["start", "subscribe", "latest", "story", "help"]
    wanted = {
        "default": reading,
        "all_private_chats": everything,
        "all_group_chats": reading,
        "all_chat_administrators": everything,
    }
    offered = {place: [*menu] for place, menu in talk.server.menus.items()}
    codes = ("", "zh", "ja")
    assert offered == {(scope, code): menu for scope, menu in wanted.items() for code in codes}


async def test_the_menu_speaks_each_language() -> None:
    """English is for those whose language the bot does not speak."""
    menu = (("quiet", HANDLERS["quiet"].does),)
    async with talking(menu=menu) as talk:
        await talk.server.until(lambda: len(talk.server.menus) == 4 * len(LANGUAGES))
    told = {code: talk.server.menus["default", code]["quiet"] for code in ("", "zh", "ja")}
    assert told[""] == HANDLERS["quiet"].does
    assert told["zh"] == "只发送高严重度消息的时段"
    assert len(set(told.values())) == 3


# -- listening -------------------------------------------------------------------------------------


async def test_asks_for_no_edits_and_drops_nothing() -> None:
    """Commands that were typed while the bot was down are answered."""
    server = TelegramServer()
    server.room(5)
    await server.says(5, "/latest")
    async with talking(server) as talk:
        await server.sent(1)
        polls = [asked for method, asked in server.calls if method == "getUpdates"]
    wanted = json.loads(polls[0]["allowed_updates"])
    assert wanted == ["message", "channel_post", "callback_query", "my_chat_member"]
    assert "offset" not in polls[0]
    assert len(talk.commands) == 1


async def test_what_was_answered_is_confirmed_at_the_stop() -> None:
    """A second run answers nothing twice."""
    async with talking() as talk:
        talk.server.room(5)
        await talk.server.says(5, "/latest")
        await talk.server.sent(1)
        await talk.stop()
        assert talk.server.confirmed == 1001
        talk.task = asyncio.ensure_future(talk.bot.listen(talk.answer))
        await talk.server.says(5, "/help")
        await talk.server.sent(2)
    assert [command.verb for command in talk.commands] == ["latest", "help"]


async def test_outages_end_by_themselves(caplog: pytest.LogCaptureFixture) -> None:
    """Failing at the start and while polling, the bot answers once the service is back."""
    fates = {
        "getMe": iter(["502", "cut", "404", "403"]),
        "deleteWebhook": iter(["500"]),
        "getUpdates": iter(["404", "401", "cut", "drop", "429"]),
    }
    server = TelegramServer(fate=lambda method: next(fates.get(method, iter(())), "ok"))
    server.room(5)
    await server.says(5, "/help")
    async with talking(server, first_wait=0.001) as talk:
        await server.sent(1)
    assert [command.verb for command in talk.commands] == ["help"]
    assert caplog.text.count("Telegram does not answer") == 3


async def test_stops_while_telegram_is_away() -> None:
    """Being cancelled in the middle of an outage, the bot is gone at once."""
    async with talking(TelegramServer(fate=lambda _m: "502"), first_wait=30.0) as talk:
        await talk.server.until(lambda: bool(talk.server.calls))
        await asyncio.wait_for(talk.stop(), 2)


@pytest.mark.parametrize("token", ["", "nonsense", "7700001:AAHwrong"])
async def test_a_wrong_token_is_one_line(token: str, caplog: pytest.LogCaptureFixture) -> None:
    """The line names the variable, not its value, and listening ends without an error."""
    caplog.set_level(logging.INFO, "exportwire")
    async with talking(listen=False, token=token) as talk:
        await asyncio.wait_for(talk.bot.listen(talk.answer), 5)
    errors = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert [("TELEGRAM_TOKEN" in r.getMessage(), r.exc_info) for r in errors] == [(True, None)]


async def test_a_token_revoked_while_polling_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    async with talking() as talk:
        await talk.server.until(lambda: any(m == "getUpdates" for m, _ in talk.server.calls))
        talk.server.token = "7700001:AAHnew"  # noqa: S105  # opens nothing
        talk.server.room(5)
        await talk.server.says(5, "/help")
        assert talk.task is not None
        await asyncio.wait_for(talk.task, 5)
    assert "TELEGRAM_TOKEN" in caplog.text


async def test_sending_outlasts_listening() -> None:
    """What is owed can still be sent after listening was stopped."""
    async with talking() as talk:
        talk.server.room(5)
        await talk.stop()
        assert await talk.bot.send(chat(5), delivery())


async def test_an_api_url_may_end_in_bot() -> None:
    server = TelegramServer()
    bot = Telegram(TOKEN, f"{await server.start()}/bot", Options(spacing=0))
    server.room(5)
    assert await bot.send(chat(5), delivery())
    await bot.close()
    await server.close()


async def test_nothing_can_be_looked_up() -> None:
    """The pace says that there is no look-up, and whoever asks all the same gets no answer."""
    bot = Telegram(TOKEN)
    assert bot.pace.lookup is None
    assert await bot.find(chat(5), delivery()) is None
    assert TOKEN not in repr(bot)
    await bot.close()


async def test_a_slow_answer_is_ambiguous_not_repeated() -> None:
    """Telegram cannot be asked whether a message arrived: the outbox decides, we do not repeat."""
    server = TelegramServer(fate=lambda m: "drop" if m == "sendMessage" else "ok")
    async with talking(server, listen=False) as talk:
        server.room(5)
        with pytest.raises(AmbiguousError):
            await talk.bot.send(chat(5), delivery())
        assert len(server.posts) == 1
