"""What a dispatcher may be told beyond its edges."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.model import Changes, ChatId, Delivery
from bot.outbox import USUAL, Rules


def _ignore(_told: object) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Rules, and who is told: of each settled delivery, and of a chat that has a new id.

    `operator` is the chat that reads notices about the bot itself (None: only the log does).
    """

    rules: Rules = USUAL
    operator: ChatId | None = None
    settled: Callable[[Delivery], None] = _ignore
    moved: Callable[[Changes], None] = _ignore
