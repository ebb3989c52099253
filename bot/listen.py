"""Answer commands: find the handler, bound the rest, and never leave a person without a word."""

import asyncio
import difflib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Protocol
from weakref import WeakValueDictionary

from bot.clean import clean
from bot.compose import said
from bot.errors import StoreError, UsageError
from bot.language import known, speaking, tr
from bot.model import Changes, ChatId, Command, Message
from bot.office import Office

log = logging.getLogger("exportwire.listen")


class Handles(Protocol):
    """What the listener needs of a handler."""

    @property
    def run(self) -> Callable[[Command, Office], Awaitable[Message]]:
        """Return what answers; it raises UsageError."""

    @property
    def changes(self) -> bool:
        """Return whether it changes what the chat gets, which everybody there may see."""

    @property
    def longest(self) -> int:
        """Return how many characters its argument may have."""


class Listener:
    """Turns commands into answers."""

    def __init__(self, handlers: Mapping[str, Handles], office: Office) -> None:
        self._handlers, self._office = handlers, office
        self._turns: WeakValueDictionary[ChatId, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, command: Command) -> Message:
        """Return the answer to a command; a mistake or a failure is an answer too."""
        command = self._settled(command)
        with speaking(command.chat.language):
            return await self._answer(command)

    def _settled(self, command: Command) -> Command:
        """Return the command with what its chat has chosen: zone, language and the rest.

        A chat that has chosen nothing yet is spoken to in the language of the one who asks.
        """
        kept = self._office.store.chat(command.chat.id)
        if kept is None:
            language = known(command.chat.language) or "en"
            return replace(command, chat=replace(command.chat, language=language))
        return replace(command, chat=replace(kept, title=command.chat.title or kept.title))

    async def _answer(self, command: Command) -> Message:
        try:
            return await self._run(command)
        except UsageError as error:
            return said(str(error))
        except StoreError as error:
            log.warning("command not stored", extra={"verb": command.verb, "error": str(error)})
            return said(
                tr("That could not be saved just now; nothing was changed. Try again later.")
            )
        except Exception:
            log.exception("command failed", extra={"verb": command.verb})
            return said(tr("Something went wrong on our side; it is in the log. Try again later."))

    async def _run(self, command: Command) -> Message:
        command = command.inner()
        handler = self._handlers.get(command.verb)
        if handler is None:
            raise UsageError(unknown(command.verb, tuple(self._handlers)))
        if len(command.argument) > handler.longest:
            raise UsageError(
                tr("That is too long; a command may have {most} characters.", most=handler.longest)
            )
        await self._wake(command)
        message = await self._handled(handler, command)
        return replace(message, public=handler.changes)

    async def _handled(self, handler: Handles, command: Command) -> Message:
        if not handler.changes:
            return await handler.run(command, self._office)
        turn = self._turns.setdefault(command.chat.id, asyncio.Lock())
        async with turn:  # two at once would undo each other's settings
            return await handler.run(self._settled(command), self._office)

    async def _wake(self, command: Command) -> None:
        """Take a chat that rests, and can be heard, for open again."""
        if not command.chat.active:
            await self._office.store.commit(Changes(chats=(replace(command.chat, active=True),)))


def unknown(verb: str, verbs: tuple[str, ...]) -> str:
    """Return the answer to a command that does not exist."""
    near = difflib.get_close_matches(verb[:32], verbs, 1)
    name = clean(verb, 32)
    if near:
        return tr("There is no command /{name}. Did you mean /{near}?", name=name, near=near[0])
    return tr("There is no command /{name}. /help lists what there is.", name=name)
