"""What every command module exports."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.model import Command, Message
from bot.office import Office


@dataclass(frozen=True, slots=True)
class Handler:
    """A command: what it is called, how it is used, what it does in one line, two examples.

    `run` answers, or raises UsageError whose text is the answer. `changes` says that it changes
    what the chat gets, `alone` that it does so without words too, `longest` how many characters
    its argument may have.
    """

    verb: str
    usage: str
    does: str
    run: Callable[[Command, Office], Awaitable[Message]]
    examples: tuple[str, ...] = ()
    changes: bool = False
    alone: bool = False
    everyday: bool = False
    longest: int = 1_000
