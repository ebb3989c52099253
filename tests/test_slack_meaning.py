"""What each of Slack's errors means for a delivery, row by row, by the real client."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import (
    AccountError,
    AmbiguousError,
    ChatGoneError,
    RejectedError,
    SendError,
    TryLaterError,
)
from bot.platforms.slack import Slack, meaning
from tests.servers.slack import SlackServer
from tests.slackplay import METALS, access, alert, at, door, owed

ROWS: list[tuple[str, type[SendError]]] = [
    *((word, AccountError) for word in meaning.ACCOUNT),
    *((word, ChatGoneError) for word in sorted(meaning.GONE)),
    *((word, TryLaterError) for word in sorted(meaning.BUSY | meaning.UNREADY)),
    *((word, AmbiguousError) for word in sorted(meaning.DOUBT)),
    ("429", TryLaterError),
    ("500", AmbiguousError),
    ("500-done", AmbiguousError),
    ("drop", AmbiguousError),
    ("html", AmbiguousError),
    ("text", AmbiguousError),
    ("invalid_blocks", RejectedError),
    ("invalid_blocks_format", RejectedError),
    ("msg_blocks_too_long", RejectedError),
    ("msg_too_long", RejectedError),
    ("no_text", RejectedError),
    ("invalid_arguments", RejectedError),
    ("too_many_attachments", RejectedError),
    ("metadata_too_large", RejectedError),
    ("a_word_that_slack_has_not_used_yet", RejectedError),
]


async def test_each_error_has_its_meaning_and_is_sent_once():
    """One connection serves the table; each row is one request, never two."""
    word = ""
    server = SlackServer(lambda method, _body: word if method == "chat.postMessage" else "")
    async with at(server) as slack:
        for at_row, (word, kind) in enumerate(ROWS, 1):  # the server reads `word`
            with pytest.raises(SendError) as caught:
                await _post(slack)
            assert type(caught.value) is kind, word
            assert server.calls.count("chat.postMessage") == at_row, word


async def _post(slack: Slack) -> None:
    """Post without the distance that two posts keep."""
    await slack._web.call("chat.postMessage", channel="C1", text="x")  # noqa: SLF001  # saves a minute


async def test_a_429_pauses_that_method_for_as_long_as_slack_says():
    async with at(SlackServer(lambda *_: "429")) as slack:
        with pytest.raises(TryLaterError) as caught:
            await slack.send(METALS, owed())
    error = caught.value
    assert (error.wait, error.scope, error.told) == (timedelta(seconds=7), "method", True)


async def test_a_server_that_is_not_there_took_nothing():
    server = SlackServer()
    slack = Slack(access(await server.start()), door())
    await server.close()
    with pytest.raises(TryLaterError) as caught:
        await slack.send(METALS, owed())
    await slack.close()
    assert caught.value.scope == "account"


async def test_a_drop_after_accepting_is_posted_once_and_found():
    """The SDK's default client posts it twice."""
    server = SlackServer(lambda method, _b: "drop" if method == "chat.postMessage" else "")
    async with at(server) as slack:
        with pytest.raises(AmbiguousError):
            await slack.send(METALS, owed())
        found = await slack.find(METALS, owed())
    assert [post.ts for post in server.posts] == [found]


async def test_an_alert_that_takes_no_reply_is_told_beside_it_at_the_next_try():
    server = SlackServer(lambda _m, body: "thread_not_found" if body.get("thread_ts") else "")
    async with at(server) as slack:
        with pytest.raises(TryLaterError):
            await slack.send(METALS, owed(), reply_to="1.1")
        await slack.send(METALS, owed(), reply_to="1.1")
    assert "thread_ts" not in server.posts[0].body


async def test_an_edit_of_what_is_gone_is_refused_for_good():
    async with at(SlackServer()) as slack:
        with pytest.raises(RejectedError):
            await slack.edit(METALS, "1.1", alert())


def test_no_text_of_an_error_is_without_what_to_do():
    """An operator reads these in /status."""
    for word in meaning.ACCOUNT:
        assert ";" in str(meaning.refusal(word)), word


async def test_a_call_can_be_cancelled_while_it_waits_its_turn():
    server = SlackServer()
    async with at(server) as slack:
        await slack.send(METALS, owed())
        second = asyncio.create_task(slack.send(METALS, owed("d2")))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
    assert len(server.posts) == 1
