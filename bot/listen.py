"""Answer commands: find the handler, bound the rest, and never leave a person without a word."""

import asyncio
import difflib
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Protocol
from weakref import WeakValueDictionary

from bot.classify.topics import topic_for
from bot.clean import clean
from bot.compose import said
from bot.errors import StoreError, UsageError
from bot.language import known, speaking, tr
from bot.model import Button, Changes, ChatId, Command, Message
from bot.model.verbs import Alters, Changing
from bot.office import Office

log = logging.getLogger("exportwire.listen")
LONGEST_WORDS = 500  # characters of what is no command that are looked at


class Handles(Alters, Protocol):
    """What the listener needs of a handler."""

    @property
    def run(self) -> Callable[[Command, Office], Awaitable[Message]]:
        """Return what answers; it raises UsageError."""

    @property
    def longest(self) -> int:
        """Return how many characters its argument may have."""


class Listener:
    """Turns commands into answers."""

    def __init__(self, handlers: Mapping[str, Handles], office: Office) -> None:
        self._handlers, self._office = handlers, office
        self._changing = Changing.of(handlers)
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
            return said(str(error), buttons=offers(error, command.inner()))
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
            raise strange(command, tuple(self._handlers))
        if len(command.argument) > handler.longest:
            raise UsageError(
                tr("That is too long; a command may have {most} characters.", most=handler.longest)
            )
        await self._wake(command)
        message = await self._handled(handler, command)
        return replace(message, public=self._changes(command))

    async def _handled(self, handler: Handles, command: Command) -> Message:
        if not self._changes(command):
            return await handler.run(command, self._office)
        turn = self._turns.setdefault(command.chat.id, asyncio.Lock())
        async with turn:  # two at once would undo each other's settings
            return await handler.run(self._settled(command), self._office)

    def _changes(self, command: Command) -> bool:
        return self._changing.by(command.verb, command.argument)

    async def _wake(self, command: Command) -> None:
        """Take a chat that rests, and can be heard, for open again."""
        if not command.chat.active:
            await self._office.store.commit(Changes(chats=(replace(command.chat, active=True),)))


def offers(error: UsageError, command: Command) -> tuple[Button, ...]:
    """Return a button for each thing that a mistaken person may have meant."""
    meant = [text.partition(" ") for text in error.meant]
    made = [Button(f"/{verb} {words}".strip(), verb, words) for verb, _, words in meant]
    if error.slip:
        wrong, right = error.slip
        pattern = re.escape(wrong).replace(r"\-", r"[-\s]+")
        mended = re.sub(pattern, lambda _: right, command.argument, count=1, flags=re.IGNORECASE)
        made.append(Button(f"/{command.verb} {mended}", command.verb, mended))
    return tuple(made)


def strange(command: Command, verbs: tuple[str, ...]) -> UsageError:
    """Return the answer to what is no command: what it may have been meant for."""
    words = clean(f"{command.verb} {command.argument}", LONGEST_WORDS)
    if words.startswith(("http://", "https://")) and " " not in words:
        text = tr("/test {url} shows what would become of that page.", url=words)
        return UsageError(text, f"test {words}")
    if topic_for(words):
        text = tr(
            "For alerts on {words}: /subscribe {words}. The newest: /latest {words}", words=words
        )
        return UsageError(text, f"subscribe {words}", f"latest {words}")
    return unknown(command.verb, verbs, command.argument)


def unknown(verb: str, verbs: tuple[str, ...], words: str = "", under: str = "") -> UsageError:
    """Return the answer to a command that does not exist, `under` another such as "help"."""
    near = difflib.get_close_matches(verb[:32], verbs, 1)
    name = clean(verb, 32)
    if near:
        text = tr("There is no command /{name}. Did you mean /{near}?", name=name, near=near[0])
        return UsageError(text, " ".join(filter(None, (under, near[0], words))))
    return UsageError(
        tr("There is no command /{name}. /help lists what there is.", name=name), "help"
    )
