"""The console as a chat platform: alerts on standard output, commands from standard input.

In a pipe it prints plain lines, never wrapped or cut, and the end of input ends it. On a terminal
it has colours, a history and a status line. What is printed cannot be changed, so an edit
("also reported by") prints nothing; /story shows it.
"""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TextIO

from bot.clean import clean
from bot.language import tr
from bot.model import (
    Attachment,
    Chat,
    ChatId,
    Command,
    Delivery,
    Direction,
    Line,
    LineStyle,
    Message,
)
from bot.ports import Answer
from bot.promptly import promptly

LONGEST = 20_000
CHAT = Chat(id=ChatId("console::local"), platform="console", room="local", title="console")
_COLOURS = {
    Direction.RESTRICT: "\x1b[1;31m",
    Direction.EASE: "\x1b[1;32m",
    Direction.NEUTRAL: "\x1b[1m",
}
_DIM, _RESET = "\x1b[2m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Unlimited:
    """A console takes whatever comes."""

    chat: float = 0
    group: float = 0
    account: float = 0
    edits: float = 0
    lookup: timedelta | None = None


def render(message: Message, *, colour: bool = False) -> str:
    """Return a message as lines of text; a headline's link stands on a line of its own, below."""
    lines: list[str] = []
    for line in message.lines:
        lines.append(_dress(line, message.direction) if colour else _text(line))
        if line.style is LineStyle.TITLE:
            lines += [clean(span.link, LONGEST) for span in line.spans if span.link]
    return "\n".join(lines)


def _text(line: Line) -> str:
    text = "".join(_inert(span.text) for span in line.spans).rstrip()
    return f'"{text}"' if line.style is LineStyle.QUOTE else text


def _inert(text: str) -> str:
    """Clean a span, keeping the blanks that align lists."""
    lead, tail = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
    if not text.strip(" "):
        return text
    inner = text.strip(" ")
    kept = "  ".join(clean(part, LONGEST) for part in inner.split("  "))
    return f"{' ' * lead}{kept}{' ' * tail}"


def _dress(line: Line, direction: Direction) -> str:
    match line.style:
        case LineStyle.HEAD:
            return f"{_COLOURS[direction]}{_text(line)}{_RESET}"
        case LineStyle.SMALL:
            return f"{_DIM}{_text(line)}{_RESET}"
        case _:
            return _text(line)


class Console:
    """The console platform. `status` gives the terminal's bottom line."""

    name = "console"
    pace = Unlimited()

    def __init__(
        self,
        out: TextIO,
        source: TextIO,
        *,
        history: Path | None = None,
        status: Callable[[], str] = lambda: "",
    ) -> None:
        self._out, self._source = out, source
        self._history, self._status = history, status
        self._count = 0
        self.terminal = source.isatty() and out.isatty()

    def show(self, message: Message) -> None:
        """Print a message, and a blank line below it."""
        self._out.write(render(message, colour=self.terminal) + "\n\n")
        if message.file:
            self._out.write(_save(message.file) + "\n\n")
        self._out.flush()

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:  # noqa: ARG002  # one console, no threads
        self.show(delivery.message)
        self._count += 1
        return str(self._count)

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:
        """Leave what was printed as it is."""

    async def find(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:  # noqa: ARG002  # never asked: there is no look-up
        return None

    async def close(self) -> None:
        """Leave the terminal as it is."""

    async def listen(self, answer: Answer) -> None:
        """Answer each line that is typed or piped, until the input ends."""
        read = self._prompt() if self.terminal else self._piped()
        async for line in read:
            if words := line.strip():
                self.show(await promptly(answer(command_of(words)), CHAT, self._announce))

    async def _announce(self, message: Message) -> None:
        if self.terminal:  # nobody waits at the end of a pipe
            self.show(message)

    async def _piped(self) -> AsyncIterator[str]:
        lines: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        threading.Thread(target=_pump, args=(self._source, loop, lines), daemon=True).start()
        while (line := await lines.get()) is not None:
            yield line

    async def _prompt(self) -> AsyncIterator[str]:
        from prompt_toolkit import PromptSession  # noqa: PLC0415  # only a terminal needs it
        from prompt_toolkit.history import FileHistory, InMemoryHistory  # noqa: PLC0415  # as above
        from prompt_toolkit.patch_stdout import patch_stdout  # noqa: PLC0415  # as above

        history = FileHistory(str(self._history)) if self._history else InMemoryHistory()
        session: PromptSession[str] = PromptSession(
            "> ", history=history, bottom_toolbar=self._status, refresh_interval=0.5
        )
        with patch_stdout(raw=True):
            self._out = sys.stdout  # now the one that keeps the prompt below what is printed
            while True:
                try:
                    yield await session.prompt_async()
                except (EOFError, KeyboardInterrupt):
                    return


def _save(file: Attachment) -> str:
    """Put a file where the program was started, and say so; nothing that is there is replaced."""
    path = Path(file.name).name
    try:
        with Path(path).open("x", encoding="utf-8", newline="") as out:
            out.write(file.text)
    except FileExistsError:
        return tr("{path} is there already; move it away and ask again.", path=path)
    except OSError as error:
        return tr("{path} cannot be written: {error}", path=path, error=error.strerror)
    return tr("Saved as {path}.", path=path)


def _pump(
    source: TextIO, loop: asyncio.AbstractEventLoop, lines: "asyncio.Queue[str | None]"
) -> None:
    """Read lines in a thread of its own: a regular file cannot be waited for otherwise."""
    try:
        for line in source:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, None)
    except (RuntimeError, ValueError):
        return  # the loop or the input was closed first


def command_of(line: str) -> Command:
    """Return the command that a typed line asks for; a line without a slash is one too."""
    sound = line.encode("utf-8", "replace").decode()  # bytes of no text come as lone surrogates
    verb, argument = (*sound.removeprefix("/").split(maxsplit=1), "", "")[:2]
    return Command(
        chat=CHAT, verb=verb.casefold(), argument=argument.strip(), person="console", operator=True
    )
