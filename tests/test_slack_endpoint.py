"""HTTP mode: only what Slack signed, now and for the first time, is heard; odd input is a 401."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.platforms.slack.endpoint import PATH, Endpoint
from bot.platforms.slack.inbound import Desk
from bot.platforms.slack.signature import Guard, sign
from bot.platforms.slack.web import Web
from tests.servers.slack import SECRET, SlackServer, form, signed
from tests.slackplay import Bot, access, door

NOW = int(time.time())
BODY = b"a=b"


@pytest.mark.parametrize(
    ("stamp", "signature", "body"),
    [
        ("", "", BODY),
        ("abc", "v0=" + "0" * 64, BODY),
        ("9" * 5_000, "v0=" + "0" * 64, BODY),
        (str(NOW), "v0=é" + "0" * 63, BODY),
        (str(NOW), "v0=" + "0" * 64, BODY),
        (str(NOW), "v1=" + "0" * 64, BODY),
        ("٣" * 10, "v0=" + "0" * 64, BODY),
        (str(NOW), sign(b"another", str(NOW), BODY), BODY),
        (str(NOW), sign(SECRET.encode(), str(NOW), BODY), b"a=c"),
        (str(NOW - 301), sign(SECRET.encode(), str(NOW - 301), BODY), BODY),
        (str(NOW + 301), sign(SECRET.encode(), str(NOW + 301), BODY), BODY),
    ],
    ids=range(11),  # the values hold the time: two runners would not agree on their names
)
def test_what_slack_did_not_sign_just_now_is_refused(stamp, signature, body):
    assert Guard(SECRET, NOW - 900).refusal(stamp, signature, body, NOW)


def test_a_request_is_taken_once_even_across_a_restart():
    stamp, signature = str(NOW), sign(SECRET.encode(), str(NOW), BODY)
    guard = Guard(SECRET, NOW - 1)
    assert guard.refusal(stamp, signature, BODY, NOW) == ""
    assert guard.refusal(stamp, signature, BODY, NOW + 200) == "replayed"
    assert Guard(SECRET, NOW + 5).refusal(stamp, signature, BODY, NOW + 6).startswith("stale")


def test_signatures_are_forgotten_once_they_are_stale():
    guard = Guard(SECRET, 0)
    for second in range(NOW, NOW + 5_000, 100):
        stamp = str(second)
        assert guard.refusal(stamp, sign(SECRET.encode(), stamp, BODY), BODY, second) == ""
    assert len(guard._seen) < 10  # noqa: SLF001  # its size shows nowhere else


@asynccontextmanager
async def endpoint(
    server: SlackServer, bot: Bot
) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    given = access(await server.start(), signing_secret=SECRET)
    slack = Web(given)
    who = await slack.call("auth.test")
    desk = Desk(slack, given, door(), bot.answer, who)
    app = Endpoint(Guard(SECRET, time.time() - 10), desk).application()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        async with aiohttp.ClientSession() as client:
            yield f"http://{host}:{port}{PATH}", client
    finally:
        await runner.cleanup()
        await slack.close()
        await server.close()


async def test_a_signed_command_is_answered_and_its_replay_is_not():
    server, bot = SlackServer(), Bot()
    async with endpoint(server, bot) as (url, client):
        body = form(server.slash("/latest", "gallium"))
        headers = signed(body, int(time.time()))
        statuses = []
        for _ in range(3):
            async with client.post(url, data=body, headers=headers) as answer:
                statuses.append(answer.status)
        told = await asyncio.wait_for(server.responses.get(), 30)
    assert statuses == [200, 401, 401]
    assert told["text"] == "latest gallium"
    assert len(bot.asked) == 1


async def test_events_presses_and_the_first_challenge_work_over_http():
    server, bot = SlackServer(), Bot()
    async with endpoint(server, bot) as (url, client):
        event = server.event("message", user="U1", text="latest", channel="D1", channel_type="im")
        for payload in (event, {"type": "url_verification", "challenge": "c1", "token": "t"}):
            body = json.dumps(payload).encode()
            headers = signed(body, int(time.time())) | {"Content-Type": "application/json"}
            async with client.post(url, data=body, headers=headers) as answer:
                last = await answer.text()
        press = form({"payload": json.dumps(server.press("why A7F3"))})
        await client.post(url, data=press, headers=signed(press, int(time.time())))
        await asyncio.wait_for(server.responses.get(), 30)
        await asyncio.wait_for(server.posted.get(), 30)
    assert "c1" in last
    assert {c.verb for c in bot.asked} == {"latest", "why"}


@pytest.mark.parametrize(
    ("body", "good", "status"),
    [(b"\xff\xfe", True, 400), (b"x" * 1_030_000, True, 413), (b"{", False, 401)],
)
async def test_what_cannot_be_read_is_refused_without_a_traceback(body, good, status, caplog):
    async with endpoint(SlackServer(), Bot()) as (url, client):
        headers = signed(body, int(time.time()), SECRET if good else "wrong")
        with contextlib.suppress(aiohttp.ClientError):  # a long body may be cut off
            async with client.post(url, data=body, headers=headers) as answer:
                assert answer.status == status
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR]
