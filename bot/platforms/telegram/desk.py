"""Answers what people ask on Telegram: checks who may, runs the command, sends the answer."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from telegram import Bot, CallbackQuery, ChatMemberUpdated, InaccessibleMessage, Update

from bot.errors import ChatMovedError, SendError, TryLaterError
from bot.language import mark, speaking, tr
from bot.model import Chat, Command, Line, Message, Span
from bot.platforms.telegram.limits import Bucket, is_shared
from bot.platforms.telegram.meaning import asked as answered
from bot.platforms.telegram.options import Options
from bot.platforms.telegram.outlet import Outlet
from bot.platforms.telegram.rights import Rights
from bot.platforms.telegram.updates import (
    Asked,
    asked_of,
    chat_of,
    is_open,
    link_of,
    move_of,
    pressed,
    was_invited,
)
from bot.ports import Answer
from bot.promptly import promptly

log = logging.getLogger("exportwire.telegram")
TRIES = 3
TOAST = 200  # characters that are shown to who has pressed a button
PATIENCE = 60.0  # seconds for which an answer waits for its turn
ADMINS_ONLY = mark(
    "Only admins of this chat can change what it gets. You can still read: /latest, /help"
)
TOO_MANY = mark("That is more than 20 commands a minute. Please try again in a minute.")
UNSURE = mark("Telegram did not say who the admins are; nothing was changed. Please try again.")
GREETING = "start"  # the command whose answer greets


class Desk:
    """Takes updates of the bot called `me`, and answers them."""

    def __init__(
        self, bot: Bot, outlet: Outlet, options: Options, now: Callable[[], float]
    ) -> None:
        self._bot, self._outlet, self._options, self._now = bot, outlet, options, now
        self._rights, self._bucket = Rights(bot, now), Bucket()
        self._account = bot.token.partition(":")[0]

    async def take(self, update: Update, me: str, answer: Answer) -> None:
        """Do what an update asks for; failures are logged, never raised."""
        try:
            await self._take(update, me, answer)
        except SendError as error:
            log.warning("update not answered", extra={"why": str(error)})
        except Exception:
            log.exception("update failed", extra={"update": update.update_id})

    async def _take(self, update: Update, me: str, answer: Answer) -> None:
        message = update.message or update.channel_post
        if message is not None and (move := move_of(message, self._account)):
            await self._options.moved(*move)
        elif message is not None:
            asked = asked_of(message, self._account, me, self._options.verbs)
            if asked is not None:
                posted = update.channel_post is not None  # only admins can post in a channel
                await self._answer(replace(asked, vouched=asked.vouched or posted), answer)
        elif update.callback_query is not None:
            await self._press(update.callback_query, me, answer)
        elif update.my_chat_member is not None:
            await self._change(update.my_chat_member, answer)

    # -- commands -------------------------------------------------------------------------------

    async def _answer(self, asked: Asked, answer: Answer) -> None:
        refusal = await self._refusal(asked)
        if refusal is None:
            told = await promptly(
                answer(self._signed(asked)), asked.command.chat, partial(self._say, asked)
            )
            await self._say(asked, told)
        elif refusal:
            await self._say(asked, _said(refusal))

    def _signed(self, asked: Asked) -> Command:
        person = asked.command.person
        operator = bool(person) and self._options.operator(person)
        return replace(asked.command, operator=operator)

    async def _refusal(self, asked: Asked) -> str | None:
        """Return why a command is not run ("": say nothing), or None where it is."""
        with speaking(asked.command.chat.language):
            return await self._why_not(asked)

    async def _why_not(self, asked: Asked) -> str | None:
        chat = asked.command.chat
        if not self._bucket.takes(chat.room, self._now()):
            return tr(TOO_MANY) if self._bucket.tells(chat.room, self._now()) else ""
        if not self._options.admits(chat):
            return _stranger(chat)
        if not self._changes(asked) or self._signed(asked).operator:
            return None
        try:
            return None if await self._rights.may_change(asked) else tr(ADMINS_ONLY)
        except SendError:
            return tr(UNSURE)

    def _changes(self, asked: Asked) -> bool:
        return self._options.changes.by(asked.command.verb, asked.command.argument)

    async def _say(self, asked: Asked, message: Message) -> None:
        chat = asked.command.chat
        reply_to = str(asked.message) if is_shared(chat.room) else ""
        await self._send(chat, message, reply_to)

    async def _send(self, chat: Chat, message: Message, reply_to: str) -> None:
        for left in reversed(range(TRIES)):
            try:
                await self._outlet.send(chat, message, reply_to, patience=PATIENCE)
            except TryLaterError as error:
                wait = error.wait.total_seconds() if error.wait else self._options.first_wait
                if not left or wait > PATIENCE:
                    raise
                await asyncio.sleep(wait)
            except ChatMovedError as error:
                chat, reply_to = replace(chat, room=error.room), ""
            else:
                return

    # -- buttons --------------------------------------------------------------------------------

    async def _press(self, query: CallbackQuery, me: str, answer: Answer) -> None:
        with speaking(query.from_user.language_code or "en"):
            await self._press_spoken(query, me, answer)

    async def _press_spoken(self, query: CallbackQuery, me: str, answer: Answer) -> None:
        message = query.message
        if message is None or isinstance(message, InaccessibleMessage) or not query.data:
            await self._acknowledge(query, tr("This message is too old; type the command instead."))
            return
        asked = pressed(query.data, message, self._account, query.from_user)  # type: ignore[arg-type]  # its stub does not narrow MaybeInaccessibleMessage
        if asked is None:
            await self._acknowledge(
                query, tr("This button no longer works; /help lists what there is.")
            )
            return
        refusal = await self._refusal(asked)
        if refusal is None:
            await self._pressed(query, asked, await answer(self._signed(asked)), me)
        else:
            await self._acknowledge(query, refusal or tr(TOO_MANY))

    async def _pressed(self, query: CallbackQuery, asked: Asked, told: Message, me: str) -> None:
        """Show an answer: to the presser alone where it concerns nobody else.

        A line is shown at once. For more, a reader of a channel is led to the bot: posted there,
        it would come to all other readers too.
        """
        alone = not self._changes(asked)
        more = told.buttons or told.file or len(told.lines) > 1 or len(told.text) > TOAST
        if alone and (asked.channel or not more):
            link = link_of(asked.command, me) if more else ""
            await self._acknowledge(query, told.text, link)
        else:
            await self._acknowledge(query, "")
            await self._say(asked, told)

    async def _acknowledge(self, query: CallbackQuery, text: str, link: str = "") -> None:
        """Tell the presser, who alone sees it, or open a link to the bot for them.

        A press that has waited too long has expired.
        """
        told = None if link else text[:TOAST] or None
        reply = partial(self._bot.answer_callback_query, query.id, told, url=link or None)
        try:
            await answered(reply(show_alert=bool(told)))
        except SendError as error:
            log.info("press not acknowledged", extra={"why": str(error)})

    # -- coming and going -----------------------------------------------------------------------

    async def _change(self, change: ChatMemberUpdated, answer: Answer) -> None:
        chat = chat_of(change.chat, self._account, None)
        opened = is_open(change.new_chat_member)
        log.info("standing changed", extra={"chat": chat.id, "open": opened})
        await self._options.standing(chat, opened)
        if was_invited(change):
            admitted = self._options.admits(chat)
            greeting = Command(chat=chat, verb=GREETING)
            said = await answer(greeting) if admitted else _said(_stranger(chat))
            await self._send(chat, said, "")


def _said(text: str) -> Message:
    return Message(lines=(Line((Span(text),)),))


def _stranger(chat: Chat) -> str:
    return tr(
        "This bot serves only chats that its operator admits. To admit this one, the operator "
        "adds {room} to ALLOWED_CHATS.",
        room=chat.room,
    )
