"""Canary tokens go through every failure, and none is seen in a log or an error."""

import logging
import traceback
from collections.abc import Iterator

import pytest

from bot import log as logs
from bot.errors import SendError
from bot.platforms.telegram import Telegram, Webhook
from tests.servers.telegram import TOKEN, TelegramServer
from tests.telegrams import Talk, chat, delivery, said, talking

SECRET = TOKEN.partition(":")[2]
FATES = ["cut", "drop", "400", "401", "403", "404", "409", "429", "500", "502", "302", "200"]


class Kept(logging.Handler):
    """Keeps what a handler of the process would write."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(message)s %(why)s", defaults={"why": ""}))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def written() -> Iterator[Kept]:
    """All that is logged at the levels of the running bot, before anything is taken out."""
    kept, root = Kept(), logging.getLogger()
    before = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "telegram")}
    logs.start("debug", "text")
    root.handlers[:] = [kept]
    yield kept
    root.handlers[:], root.level = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger("exportwire").setLevel(logging.NOTSET)


async def everything_fails(talk: Talk) -> list[str]:
    """Send, edit and be asked; return every error with all that led to it."""
    told: list[str] = []
    for call in (
        lambda: talk.bot.send(chat(5), delivery()),
        lambda: talk.bot.edit(chat(5), "1", said("x")),
    ):
        try:
            await call()
        except SendError as error:
            told.append("".join(traceback.format_exception(error)) + repr(error))
    return told


@pytest.mark.parametrize("fate", FATES)
async def test_no_failure_shows_the_token(fate: str, written: Kept) -> None:
    """Even an error page that repeats the address, with the token in it, is not repeated."""
    fates = ["ok"]
    server = TelegramServer(fate=lambda _method: fates[-1])
    async with talking(server) as talk:
        server.room(5)
        await server.until(lambda: any(m == "getUpdates" for m, _ in server.calls))
        fates.append(fate)
        before = len(server.calls)
        await server.says(5, "/help")
        await server.until(lambda: len(server.calls) > before)
        told = await everything_fails(talk)
    assert told
    assert written.lines
    assert not [line for line in (*told, *written.lines) if SECRET in line]


async def test_no_start_shows_the_token(written: Kept) -> None:
    """Refused at the start, unreachable, of a wrong shape: the log names the variable alone."""
    for token in (f"99:{SECRET}", f"{TOKEN} {TOKEN}", TOKEN):
        server = TelegramServer()
        server.token = "1:other"  # noqa: S105  # opens nothing
        async with talking(server, listen=False, token=token) as talk:
            await talk.bot.listen(talk.answer)
            await everything_fails(talk)
    assert len([line for line in written.lines if "TELEGRAM_TOKEN" in line]) == 3
    assert not [line for line in written.lines if SECRET in line]


async def test_no_repr_shows_a_secret() -> None:
    bot = Telegram(TOKEN)
    await bot.close()
    hook = Webhook(url="https://bot.example/", secret="canary")  # noqa: S106  # opens nothing
    assert SECRET not in repr(bot)
    assert "canary" not in repr(hook)
