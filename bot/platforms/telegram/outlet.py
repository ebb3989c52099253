"""Sends to Telegram: one request at a time to a room, each failure by its meaning."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram import Bot, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode

from bot.errors import RejectedError, SendError, TryLaterError
from bot.model import Attachment, Chat, Message
from bot.platforms.telegram.limits import Floods, Gate
from bot.platforms.telegram.meaning import MarkupError, UnchangedError, asked
from bot.platforms.telegram.render import keyboard, plain, render
from bot.platforms.turnstile import Turnstile
from bot.promptly import not_sent

log = logging.getLogger("exportwire.telegram")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
LONGEST_WAIT = 5.0  # seconds for which a delivery waits at the gate; the rest waits in the outbox
WHOLE = 28.5  # messages a second to all chats: Telegram allows 30, and the network jumbles them
_BACKLOG = 0.5  # seconds that deliveries may be behind: answers come after them
T = TypeVar("T")
Post = Callable[[str, str | None], Awaitable[T]]


class Outlet:
    """Where all messages of a bot leave: alerts, answers and edits share the limits of a room."""

    def __init__(self, bot: Bot, now: Callable[[], float], gate: Gate) -> None:
        self._bot, self._now, self._gate = bot, now, gate
        self._whole, self._floods = Turnstile(WHOLE), Floods()

    async def send(
        self, chat: Chat, message: Message, reply_to: str = "", *, patience: float = LONGEST_WAIT
    ) -> str:
        """Post a message; return its id. Raises SendError.

        `patience` is how many seconds it may wait for its turn; beyond it, TryLaterError.
        """
        await self._turn(chat, patience)

        async def post(text: str, mode: str | None) -> str:
            sent = await self._bot.send_message(
                chat_id=int(chat.room),
                text=text,
                parse_mode=mode,
                message_thread_id=int(chat.thread) if chat.thread else None,
                reply_parameters=_reply(reply_to),
                reply_markup=keyboard(message.buttons),
                link_preview_options=NO_PREVIEW,
            )
            return str(sent.message_id)

        sent = await self._marked(chat, message, post)
        if message.file:
            await self._file(chat, message.file, sent, patience)
        return sent

    async def _file(self, chat: Chat, file: Attachment, below: str, patience: float) -> None:
        """Post a file below its message, which stands even where the file is not taken."""
        posting = self._bot.send_document(
            chat_id=int(chat.room),
            document=InputFile(file.text.encode(), filename=file.name),
            message_thread_id=int(chat.thread) if chat.thread else None,
            reply_parameters=_reply(below),
        )
        try:
            await self._turn(chat, patience)
            await self._tried(chat, posting)
        except SendError as error:
            posting.close()
            log.warning("file not sent", extra={"chat": chat.id, "why": str(error)})
            with contextlib.suppress(SendError):  # raised, it would say the answer once more
                await self.send(chat, not_sent(file, chat, str(error)), below, patience=patience)

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:
        """Replace what was posted as `receipt`; it may have been so before. Raises SendError."""
        if not receipt.isdecimal():
            raise RejectedError("this message was never given an id by Telegram")
        await self._turn(chat, LONGEST_WAIT)

        async def post(text: str, mode: str | None) -> None:
            buttons: InlineKeyboardMarkup | None = keyboard(message.buttons)
            await self._bot.edit_message_text(
                text,
                chat_id=int(chat.room),
                message_id=int(receipt),
                parse_mode=mode,
                reply_markup=buttons,
                link_preview_options=NO_PREVIEW,
            )

        try:
            await self._marked(chat, message, post)
        except UnchangedError:
            return

    async def _turn(self, chat: Chat, patience: float) -> None:
        wait = self._gate.wait(chat.room, self._now())
        if wait > patience:
            raise _full("the chat has had its messages for this minute", wait)
        self._gate.take(chat.room, self._now() + wait)
        await asyncio.sleep(wait)
        await self._account(_BACKLOG if patience <= LONGEST_WAIT else patience)
        self._gate.left(chat.room, self._now())

    async def _account(self, patience: float) -> None:
        wait = self._whole.wait(self._now())
        if wait > patience:
            raise _full("answers have used this second's messages", wait, "account")
        await self._whole.passed()

    async def _marked(self, chat: Chat, message: Message, post: Post[T]) -> T:
        """Post with markup; where that is refused, once more without."""
        try:
            return await self._tried(chat, post(render(message), ParseMode.HTML))
        except MarkupError:
            return await self._tried(chat, post(plain(message), None))

    async def _tried(self, chat: Chat, request: Awaitable[T]) -> T:
        try:
            return await asked(request)
        except TryLaterError as error:
            self._scope(chat, error)
            raise

    def _scope(self, chat: Chat, error: TryLaterError) -> None:
        if error.told and error.wait is not None:
            wait = error.wait.total_seconds()
            error.scope = self._floods.scope(chat.room, self._now(), wait)


def _full(text: str, wait: float, scope: str = "chat") -> TryLaterError:
    return TryLaterError(text, timedelta(seconds=wait), scope, told=True)


def _reply(to: str) -> ReplyParameters | None:
    if not to.isdecimal():  # sent before the chat moved: it names nothing here
        return None
    return ReplyParameters(int(to), allow_sending_without_reply=True)
