"""What Slack is sent, and how it is found again, by the real client against a strict server."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.errors import RejectedError, TryLaterError
from bot.model import Chat, Command, Kind, Message
from bot.platforms.slack.payloads import chat_of
from bot.platforms.turnstile import Turnstile
from tests.servers.slack import TEAM, Post, SlackServer
from tests.servers.windows import BUSY
from tests.slackplay import METALS, Bot, alert, at, listening, owed

STARTED = datetime.now(UTC)  # noqa: TID251  # the server stamps with the real clock


async def test_an_alert_carries_a_text_blocks_its_id_and_no_previews():
    server = SlackServer()
    async with at(server) as slack:
        receipt = await slack.send(METALS, owed())
    (post,) = server.posts
    assert post.ts == receipt
    assert post.body["metadata"]["event_payload"] == {"id": "d1"}
    assert (post.body["unfurl_links"], post.body["unfurl_media"]) == (False, False)
    assert post.body["text"].startswith("🔴 RESTRICTS")
    kinds = [block["type"] for block in post.body["blocks"]]
    assert kinds == ["rich_text", "rich_text", "context", "actions"]


async def test_an_update_is_a_reply_and_an_edit_replaces_the_alert():
    server = SlackServer()
    async with at(server) as slack:
        receipt = await slack.send(METALS, owed())
        await slack.send(METALS, owed("d2", Kind.UPDATE), reply_to=receipt)
        await slack.edit(METALS, receipt, alert("RESTRICTS  also 2"))
    first, second = server.posts
    assert second.body["thread_ts"] == receipt
    assert "reply_broadcast" not in second.body
    assert "also 2" in first.updates[0]["text"]


@pytest.mark.parametrize("loud", [True, False])
async def test_a_reply_that_all_must_see_is_broadcast_to_the_channel(loud):
    server = SlackServer()
    async with at(server) as slack:
        receipt = await slack.send(METALS, owed(message=alert(loud=loud)))
        await slack.send(METALS, owed("d2", message=alert(loud=loud)), reply_to=receipt)
    first, second = server.posts
    assert "reply_broadcast" not in first.body
    assert second.body.get("reply_broadcast", False) is loud


async def test_a_reply_to_a_reply_goes_into_the_same_thread():
    """Slack takes the first post of a thread only; edits still find the reply itself."""
    server = SlackServer()
    async with at(server) as slack:
        top = await slack.send(METALS, owed(created=STARTED))
        reversal = owed("d2", created=STARTED, message=alert(loud=True))
        below = await slack.send(METALS, reversal, reply_to=top)
        await slack.send(METALS, owed("d3", Kind.UPDATE), reply_to=below)
        await slack.edit(METALS, below, alert("EASES  also 2"))
        assert await slack.find(METALS, reversal, reply_to=top) == below
    assert [post.body.get("thread_ts") for post in server.posts] == [None, top, top]
    assert len(server.posts[1].updates) == 1


async def test_posts_into_one_channel_keep_a_second_apart_whoever_sends_them():
    """An alert and an answer share the channel's bucket; another channel is free."""
    server = SlackServer(strict=True, jitter=BUSY)
    other: Chat = chat_of(TEAM, "C2")
    async with at(server) as slack:
        sends = (slack.send(METALS, owed()), slack.send(METALS, owed("d2")))
        await asyncio.gather(*sends, slack.send(other, owed("d3")))
    assert server.violations == 0
    gap = server.posts[2].at - server.posts[0].at
    assert gap < 1.6


async def test_what_was_not_posted_is_not_found():
    async with at(SlackServer()) as slack:
        assert await slack.find(METALS, owed()) is None


async def test_a_post_is_found_among_many_pages():
    server = SlackServer()
    async with at(server) as slack:
        receipt = await slack.send(METALS, owed(created=STARTED))
        server.posts += [
            server.posts[0].__class__("C1", f"9{n}.0", {"text": "x"}, 0) for n in range(250)
        ]
        server.posts.append(server.posts.pop(0))
        assert await slack.find(METALS, owed(created=STARTED)) == receipt
    assert server.calls.count("conversations.history") == 3


async def test_a_reply_is_found_in_its_thread_after_a_restart_however_many_others_were_busy():
    server = SlackServer()
    sought = owed("d2", Kind.UPDATE, created=STARTED)
    async with at(server) as slack:
        old = await slack.send(METALS, owed())
        reply = await slack.send(METALS, sought, reply_to=old)
        for n in range(6):
            server.posts.append(Post("C1", f"{10**10}.{n}", {"text": "x"}, 0))
            below = {"text": "y", "thread_ts": f"{10**10}.{n}"}
            server.posts.append(Post("C1", f"{10**10}.{n}1", below, 0))
    async with at(server) as slack:
        assert await slack.find(METALS, sought, reply_to=old) == reply


async def test_without_the_scope_a_look_up_is_refused_and_the_account_stays():
    server = SlackServer(lambda method, _b: "missing_scope" if "history" in method else "")
    async with at(server) as slack:
        with pytest.raises(RejectedError):
            await slack.find(METALS, owed())


@pytest.mark.parametrize(("scopes", "known"), [(None, True), ("chat:write,commands", False)])
async def test_a_look_up_is_offered_where_the_scopes_are_granted(scopes, known):
    server, bot = SlackServer(), Bot()
    server.scopes = scopes or server.scopes
    async with listening(server, bot) as slack:
        assert (slack.pace.lookup is not None) is known
    assert isinstance(await bot.answer(Command(chat=METALS, verb="x")), Message)


async def test_a_delivery_behind_many_answers_waits_in_the_outbox():
    """Whatever the deadline, a post that has not left is never taken for one that may have."""
    server = SlackServer()
    async with at(server) as slack:
        slack._web._whole = Turnstile(1 / 60)  # noqa: SLF001  # our ceiling, made small
        await slack._web.reply("C2", text="an answer")  # noqa: SLF001  # answers without people
        with pytest.raises(TryLaterError) as caught:
            await slack.send(METALS, owed())
    assert (caught.value.scope, caught.value.told) == ("method", True)
    assert [post.room for post in server.posts] == ["C2"]
