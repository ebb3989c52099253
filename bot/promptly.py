"""Never leave a person in silence: what takes long is announced, a file that fails is told."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.language import speaking, tr
from bot.model import Attachment, Chat, Line, Message, Span

SILENCE = 0.8  # seconds without a word that a person takes for nothing happening


async def promptly(
    answering: Awaitable[Message], chat: Chat, say: Callable[[Message], Awaitable[object]]
) -> Message:
    """Return an answer; where it takes longer than a moment, say meanwhile that it is coming."""
    task = asyncio.ensure_future(answering)
    try:
        await asyncio.wait({task}, timeout=SILENCE)
        if not task.done():
            await say(_working(chat))
        return await task
    finally:
        task.cancel()  # where the one who waits is cancelled


def _working(chat: Chat) -> Message:
    with speaking(chat.language):
        return Message(lines=(Line((Span(tr("Working on it ...")),)),))


def not_sent(file: Attachment, chat: Chat, why: str) -> Message:
    """Return what is said where the file of an answer cannot be brought."""
    with speaking(chat.language):
        told = tr("The file {name} could not be sent here: {why}.", name=file.name, why=why)
        return Message(lines=(Line((Span(told),)),))
