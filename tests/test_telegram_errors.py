"""The contract: what each answer of Telegram's means for a delivery, row by row, over real HTTP."""

import json
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.errors import (
    AccountError,
    AmbiguousError,
    ChatGoneError,
    ChatMovedError,
    RejectedError,
    SendError,
    TryLaterError,
)
from bot.platforms.telegram import Telegram
from tests.servers.telegram import TOKEN, TelegramServer
from tests.telegrams import chat, delivery, talking


def bad(text: str) -> tuple[int, dict[str, Any]]:
    return 400, {"description": f"Bad Request: {text}"}


def forbidden(text: str) -> tuple[int, dict[str, Any]]:
    return 403, {"description": f"Forbidden: {text}"}


TABLE: list[tuple[tuple[int, Any], type[SendError]]] = [
    ((429, {"description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7}}), TryLaterError),
    ((429, {"description": "Too Many Requests"}), TryLaterError),
    ((429, "slow down"), TryLaterError),
    ((409, {"description": "Conflict: terminated by other getUpdates request"}), TryLaterError),
    ((401, {"description": "Unauthorized"}), AccountError),
    ((404, {"description": "Not Found"}), AccountError),
    ((401, "<html>log in to the network</html>"), AmbiguousError),
    ((403, "<html>blocked by the firewall</html>"), AmbiguousError),
    ((404, f"<html>/bot{TOKEN}/sendMessage</html>"), AmbiguousError),
    ((400, "<html>bad request</html>"), AmbiguousError),
    (bad(f"cannot forward /bot{TOKEN}/sendMessage"), RejectedError),
    (forbidden("bot was blocked by the user"), ChatGoneError),
    (forbidden("user is deactivated"), ChatGoneError),
    (forbidden("bot was kicked from the supergroup chat"), ChatGoneError),
    (forbidden("bot is not a member of the channel chat"), ChatGoneError),
    (bad("chat not found"), ChatGoneError),
    (bad("message thread not found"), ChatGoneError),
    (bad("TOPIC_CLOSED"), ChatGoneError),
    (bad("not enough rights to send text messages to the chat"), ChatGoneError),
    (bad("need administrator rights in the channel chat"), ChatGoneError),
    (bad("CHAT_WRITE_FORBIDDEN"), ChatGoneError),
    ((400, {"description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": -1009}}), ChatMovedError),
    (bad("message is too long"), RejectedError),
    (bad("message text is empty"), RejectedError),
    (bad("BUTTON_DATA_INVALID"), RejectedError),
    (bad("can't parse entities: Unsupported start tag"), RejectedError),
    (bad("something that is new to us"), RejectedError),
    ((500, {"description": "Internal Server Error"}), AmbiguousError),
    ((502, "<html>bad gateway</html>"), AmbiguousError),
    ((503, ""), AmbiguousError),
    ((504, ""), AmbiguousError),
    ((302, ""), AmbiguousError),
    ((200, "not json"), AmbiguousError),
    ((200, {"result": None}), AmbiguousError),
    ((200, {}), AmbiguousError),
    ((200, "[]"), AmbiguousError),
]  # fmt: skip


class Fixed:
    """A server that has one answer to everything."""

    def __init__(self, status: int, body: Any) -> None:
        self.status = status
        self.body = body if isinstance(body, str) else json.dumps({"ok": status == 200, **body})
        self.calls = 0

    async def __aenter__(self) -> str:
        app = web.Application()
        app.router.add_post("/{path:.*}", self._called)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *_raised: object) -> None:
        await self._runner.cleanup()

    async def _called(self, _request: web.Request) -> web.Response:
        self.calls += 1
        return web.Response(status=self.status, text=self.body)


async def failure(address: str, token: str = TOKEN) -> SendError:
    bot = Telegram(token, address)
    try:
        with pytest.raises(SendError) as raised:
            await bot.send(chat(5), delivery())
        return raised.value
    finally:
        await bot.close()


@pytest.mark.parametrize(("answer", "kind"), TABLE, ids=lambda value: str(value)[:60])
async def test_means(answer: tuple[int, Any], kind: type[SendError]) -> None:
    """Each row: the class, and no token in the text or in what it was raised from."""
    async with Fixed(*answer) as address:
        error = await failure(address)
    assert isinstance(error, kind), error
    assert TOKEN not in f"{error!r} {error.__cause__!r}"


async def test_a_named_wait_is_obeyed_to_the_second() -> None:
    """429 with `retry_after`: told, so it costs no attempt, and pauses the chat alone at first."""
    body = {"description": "Too Many Requests: retry after 7", "parameters": {"retry_after": 7}}
    async with Fixed(429, body) as address:
        error = await failure(address)
    assert isinstance(error, TryLaterError)
    assert (error.wait, error.scope, error.told) == (timedelta(seconds=7), "chat", True)


async def test_a_second_chat_that_is_refused_means_the_account() -> None:
    """Two chats that are told to wait at once: it is the bot that is too fast."""
    body = {"description": "Too Many Requests: retry after 7", "parameters": {"retry_after": 7}}
    async with Fixed(429, body) as address:
        bot = Telegram(TOKEN, address)
        scopes = []
        for room in (5, 6, 7):
            with pytest.raises(TryLaterError) as raised:
                await bot.send(chat(room), delivery())
            scopes.append(raised.value.scope)
        await bot.close()
    assert scopes == ["chat", "account", "account"]


async def test_a_moved_group_names_its_new_id() -> None:
    async with talking(listen=False) as talk:
        talk.server.room(-5, "group", moved=-1009)
        with pytest.raises(ChatMovedError) as raised:
            await talk.bot.send(chat(-5), delivery())
    assert raised.value.room == "-1009"


async def test_nothing_listens_there() -> None:
    """A refused connection is certainly not a delivery, and concerns the whole account."""
    server = TelegramServer()
    address = await server.start()
    await server.close()
    error = await failure(address)
    assert isinstance(error, TryLaterError)
    assert error.scope == "account"


@pytest.mark.parametrize(("fate", "arrived"), [("drop", 1), ("cut", 0)])
async def test_a_cut_connection_is_ambiguous(fate: str, arrived: int) -> None:
    """Nobody can tell a request that was taken from one that was not; it is sent only once."""
    server = TelegramServer(fate=lambda _method: fate)
    async with talking(server, listen=False) as talk:
        server.room(5)
        with pytest.raises(AmbiguousError):
            await talk.bot.send(chat(5), delivery())
        assert len(server.posts) == arrived
        assert len(server.calls) == 1


async def test_a_closed_client_did_not_send() -> None:
    """After `close` a delivery is kept, not doubted."""
    async with talking(listen=False) as talk:
        await talk.bot.close()
        with pytest.raises(TryLaterError):
            await talk.bot.send(chat(5), delivery())
        assert not talk.server.calls


@pytest.mark.parametrize("token", ["", "nonsense", "77:with blank", "77:line\nbreak", "７:x"])
async def test_a_token_of_the_wrong_shape_is_never_sent(token: str) -> None:
    async with talking(listen=False, token=token) as talk:
        with pytest.raises(AccountError, match="TELEGRAM_TOKEN"):
            await talk.bot.send(chat(5), delivery())
        assert not talk.server.calls
