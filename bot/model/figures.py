"""What the store can say of itself in numbers."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.chats import Kind, State
from bot.model.names import ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A delivery that is not at an end, without its message."""

    chat: ChatId
    created: datetime
    not_before: datetime
    kind: Kind = Kind.ALERT
    state: State = State.PENDING
    first_try: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts and delays, all from what is stored, so that a restart changes none.

    `items`, `stories` and `sent` are of today; `uncertain`, `dead`, `expired` and the delays, in
    seconds from a story's publication and in rising order, are of the last week.
    """

    items: int = 0
    stories: int = 0
    sent: int = 0
    owed: tuple[Owed, ...] = ()
    uncertain: int = 0
    dead: int = 0
    expired: int = 0
    seen_after: tuple[float, ...] = ()
    sent_after: tuple[float, ...] = ()
    bytes_on_disk: int = 0
    last_snapshot: datetime | None = None
    trouble: str = ""
