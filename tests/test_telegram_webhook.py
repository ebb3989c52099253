"""Telegram's webhook: only who knows the secret is heard, once, and odd bodies do no harm."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.platforms.telegram import Webhook
from bot.platforms.telegram.inbox import HEADER, LARGEST
from tests.servers.telegram import TelegramServer
from tests.telegrams import Talk, talking

SECRET = "s3cret_CANARY_of_the_webhook"  # noqa: S105  # opens nothing
HOOK = Webhook(url="https://bot.example/telegram", secret=SECRET, port=0)


@contextlib.asynccontextmanager
async def called(caplog: pytest.LogCaptureFixture) -> AsyncIterator[tuple[Talk, str]]:
    caplog.set_level(logging.INFO, "exportwire")
    async with talking(webhook=HOOK) as talk:
        await talk.server.until(lambda: bool(talk.server.webhook))
        (port,) = [record.port for record in caplog.records if hasattr(record, "port")]
        yield talk, f"http://127.0.0.1:{port}/telegram"


async def post(url: str, body: str, secret: str | None) -> int:
    headers = {} if secret is None else {HEADER.encode(): secret.encode()}
    async with httpx.AsyncClient() as client:
        return (await client.post(url, content=body, headers=headers)).status_code


async def update(server: TelegramServer) -> str:
    server.room(5)
    await server.says(5, "/latest")
    return json.dumps(server.updates[-1])


async def test_registers_the_secret_and_answers(caplog: pytest.LogCaptureFixture) -> None:
    """The address, the secret and the wanted updates are told; a repeated call does nothing."""
    async with called(caplog) as (talk, url):
        body = await update(talk.server)
        assert [await post(url, body, SECRET) for _ in range(2)] == [200, 200]
        await talk.server.sent(1)
        await talk.stop()
    assert len(talk.commands) == 1
    assert talk.server.webhook["secret_token"] == SECRET
    assert "edited_message" not in talk.server.webhook["allowed_updates"]
    assert talk.server.webhook["drop_pending_updates"] == "false"


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "é"])
async def test_a_wrong_secret_is_refused(
    secret: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    """401, nothing happens, and there is no traceback."""
    async with called(caplog) as (talk, url):
        assert await post(url, await update(talk.server), secret) == 401
        await talk.stop()
    assert talk.commands == []
    assert not [r for r in caplog.records if r.exc_info]


@pytest.mark.parametrize(
    "body",
    ["", "nonsense", "[]", "null", "7", "{}", '{"update_id": "x"}',
     '{"update_id": 1, "message": 5}', '{"update_id": 1, "message": {"chat": {}}}',
     "[" * 5_000, "\ufeff{}"],
)  # fmt: skip
async def test_an_odd_body_is_refused(body: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever comes with the right secret, the answer says so and the next update is answered."""
    async with called(caplog) as (talk, url):
        assert await post(url, body, SECRET) in {200, 400}
        assert await post(url, await update(talk.server), SECRET) == 200
        await talk.server.sent(1)
    assert not [r for r in caplog.records if r.exc_info]


async def test_a_port_that_is_taken_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    server = TelegramServer()
    taken = int((await server.start()).rpartition(":")[2])
    hook = Webhook("https://bot.example/telegram", SECRET, "127.0.0.1", taken)
    async with talking(webhook=hook) as talk:
        assert talk.task is not None
        await asyncio.wait_for(talk.task, 5)
    await server.close()
    (record,) = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert f"127.0.0.1:{taken}" in record.getMessage()
    assert record.exc_info is None


async def test_a_body_of_any_size_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    async with called(caplog) as (_talk, url):
        assert await post(url, " " * (LARGEST + 1), SECRET) == 413
