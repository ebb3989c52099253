"""The Telegram platform: sends, edits, and listens until it is told to stop.

It drives python-telegram-bot's client itself instead of its `Updater`, which hands updates over
before they are worked on, ends for good when a proxy answers 404, and compares the webhook's
secret in a time that depends on it.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
    Update,
)

from bot.clean import clean
from bot.errors import AccountError, SendError
from bot.language import LANGUAGES, speaking, tr
from bot.model import Chat, Check, Delivery, Message, Verdict
from bot.platforms.telegram.checkup import checkup
from bot.platforms.telegram.client import client
from bot.platforms.telegram.desk import Desk
from bot.platforms.telegram.inbox import Doorway, Patience, Work, poll
from bot.platforms.telegram.limits import PACE, Gate
from bot.platforms.telegram.meaning import REFUSED, asked
from bot.platforms.telegram.options import Options, Webhook
from bot.platforms.telegram.outlet import Outlet
from bot.platforms.telegram.updates import PLATFORM, WANTED
from bot.ports import Answer, Clock

log = logging.getLogger("exportwire.telegram")
API = "https://api.telegram.org"
CONNECTIONS = 64  # more than the outbox has in flight
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,100}", re.ASCII)
_NAME = re.compile(r"[a-z0-9_]{1,32}")
T = TypeVar("T")


class Telegram:
    """The Telegram platform. `token` is BotFather's, `api_url` a Bot API server of one's own."""

    name = PLATFORM
    pace = PACE

    def __init__(self, token: str, api_url: str = "", options: Options = Options()) -> None:  # noqa: B008  # frozen
        self._options, self._sound = options, bool(_TOKEN.fullmatch(token))
        self._base = (api_url or API).rstrip("/").removesuffix("/bot")
        base = f"{self._base}/bot"
        secure = not base.startswith("http://")
        self._requests = (client(CONNECTIONS, secure=secure), client(1, secure=secure))
        self._bot = Bot(
            token if self._sound else "0:refused",
            base_url=base,
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._outlet = Outlet(self._bot, _steady, Gate(options.spacing))
        self._desk = Desk(self._bot, self._outlet, options, _steady)

    def __repr__(self) -> str:
        return f"Telegram({self.account})"

    @property
    def account(self) -> str:
        """Return the bot's id: the public part of its token."""
        return self._bot.token.partition(":")[0]

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        """Post a delivery, as a reply to `reply_to` if given; return its id. Raises SendError."""
        self._checked()
        return await self._outlet.send(chat, delivery.message, reply_to)

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:
        """Replace a message. Raises SendError."""
        self._checked()
        await self._outlet.edit(chat, receipt, message)

    async def find(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:  # noqa: ARG002  # never asked: there is no look-up
        """Return None: Telegram has no way to look a message up."""
        return None

    async def listen(self, answer: Answer) -> None:
        """Answer until cancelled; return where the token is refused, which is logged once.

        What is being answered is finished within seconds; sending goes on until `close`.
        """
        try:
            self._checked()
            await self._listen(answer)
        except AccountError as error:
            log.error("Telegram is off: %s", error)  # noqa: TRY400  # one clear line
        except OSError as error:
            where, why = self._options.webhook, error.strerror or error
            at = f"{where.host}:{where.port}" if where else "its address"
            log.error("Telegram is off: %s cannot be listened on (%s)", at, why)  # noqa: TRY400  # likewise

    async def checkup(self, now: Clock) -> Sequence[Check]:
        """Return what is right and wrong with how the bot is set up."""
        if not self._sound:
            remedy = "copy it again from @BotFather into TELEGRAM_TOKEN"
            return (Check("Telegram token", Verdict.FAIL, "has not the form of a token", remedy),)
        return await checkup(self._bot, self._options, self._base, now)

    async def close(self) -> None:
        """Close the connections; call it once nothing more is sent."""
        for request in self._requests:
            await request.shutdown()

    # -- listening ------------------------------------------------------------------------------

    async def _listen(self, answer: Answer) -> None:
        patience = Patience(self._options.first_wait)
        me = await _until(self._bot.get_me, patience)
        log.info("Telegram answers", extra={"bot": me.username or ""})
        await self._tell_menu()

        async def take(update: Update) -> None:
            await self._desk.take(update, me.username or "", answer)

        work = Work(take)
        if self._options.webhook:
            await self._receive(self._options.webhook, work, patience)
        else:
            await _until(lambda: self._bot.delete_webhook(drop_pending_updates=False), patience)
            await poll(self._bot, work, patience)

    async def _receive(self, webhook: Webhook, work: Work, patience: Patience) -> None:
        doorway = Doorway(self._bot, webhook, work)
        await doorway.open()
        log.info("waiting for Telegram's calls", extra={"port": doorway.port})
        try:
            await _until(
                lambda: self._bot.set_webhook(
                    webhook.url,
                    secret_token=webhook.secret,
                    allowed_updates=WANTED,
                    drop_pending_updates=False,
                ),
                patience,
            )
            await asyncio.Event().wait()
        finally:
            await doorway.close()
            await work.close()

    async def _tell_menu(self) -> None:
        """Tell Telegram which commands to offer; without it they work all the same."""
        try:
            for language in LANGUAGES:
                with speaking(language):
                    every = self._menu()
                code = None if language == "en" else language  # English where there is no other
                await self._tell(every, code)
        except SendError as error:
            log.warning("the menu of commands was not set", extra={"why": str(error)})

    def _menu(self) -> list[BotCommand]:
        named = [(verb, tr(does)) for verb, does in self._options.menu if _NAME.fullmatch(verb)]
        return [BotCommand(verb, clean(does, 256) or verb) for verb, does in named]

    async def _tell(self, every: list[BotCommand], language: str | None) -> None:
        reading = [each for each in every if each.command not in self._options.changes.verbs]
        menus: tuple[tuple[BotCommandScope, list[BotCommand]], ...] = (
            (BotCommandScopeDefault(), reading),
            (BotCommandScopeAllPrivateChats(), every),
            (BotCommandScopeAllGroupChats(), reading),
            (BotCommandScopeAllChatAdministrators(), every),
        )
        for scope, commands in menus:
            await asked(self._bot.set_my_commands(commands, scope=scope, language_code=language))

    def _checked(self) -> None:
        if not self._sound:
            raise AccountError(REFUSED)


def _steady() -> float:
    """Return seconds on the clock by which the event loop sleeps."""
    return asyncio.get_running_loop().time()


async def _until(ask: Callable[[], Awaitable[T]], patience: Patience) -> T:
    """Ask until there is an answer. Raises AccountError."""
    while True:
        try:
            answer = await asked(ask())
        except SendError as error:
            await patience.failed(error)
        else:
            patience.answered()
            return answer
