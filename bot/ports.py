"""The edges, as protocols: what the core asks of sources, network, store and chat platforms."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model import (
    Changes,
    Chat,
    ChatId,
    Check,
    Command,
    Cursor,
    Delivery,
    DeliveryId,
    Figures,
    Item,
    ItemId,
    Message,
    Objection,
    Page,
    Parsed,
    Request,
    Row,
    SourceState,
    Story,
    StoryId,
    Subscription,
    Told,
)

Clock = Callable[[], datetime]
"""Now, aware UTC."""
Answer = Callable[[Command], Awaitable[Message]]
"""What a command is answered with; never raises for a person's mistake."""


class Kind(Protocol):
    """A kind of source: how to ask, and what the answer means. Pure; parsing runs in a worker."""

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Return what one poll asks for. Raises ShapeError for a row it cannot serve."""

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return what `page` holds. Raises ShapeError where it is not this kind's shape."""


class Fetch(Protocol):
    """Polite, bounded, guarded HTTP."""

    async def __call__(self, request: Request, row: Row, cursor: Cursor) -> Page | None:
        """Return the page, or None where it is unchanged since `cursor`. Raises SourceError."""


class Listed(Protocol):
    """Stories in order, each read when it is looked at."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Story]: ...

    def __getitem__(self, at: int) -> Story:
        """Return the story at a place. Raises LookupError where it was dropped meanwhile."""

    def edition(self, at: int) -> tuple[int, object]:
        """Return a name of the story at a place, and what is another object once it changes."""


class Archive(Protocol):
    """What was read: items, stories, and where each source stands. Reads are immediate."""

    def known(self, keys: Iterable[str]) -> frozenset[str]:
        """Return those of the identity keys that were met before, dropped items included."""

    def item(self, item: ItemId) -> Item | None:
        """Return an item that is still kept."""

    def story(self, story: StoryId) -> Story | None:
        """Return a story that is still kept."""

    def stories(self, since: datetime) -> Listed:
        """Return the stories updated at or after `since`, newest first."""

    def source(self, name: str) -> SourceState:
        """Return what is remembered of a source; a fresh state where nothing is."""

    def rows(self) -> Sequence[Row]:
        """Return the sources that people added, by their names."""


class Subscriptions(Protocol):
    """Who wants what."""

    def chat(self, chat: ChatId) -> Chat | None:
        """Return a chat that is known."""

    def subscriptions(self, chat: ChatId | None = None) -> Sequence[Subscription]:
        """Return a chat's subscriptions, or all, oldest first."""


class Outbox(Protocol):
    """What is owed."""

    def delivery(self, delivery: DeliveryId) -> Delivery | None:
        """Return a delivery by its id."""

    def owed(
        self, chat: ChatId | None = None, *, besides: Iterable[DeliveryId] = ()
    ) -> Sequence[Delivery]:
        """Return every delivery, or a chat's, that is not yet at an end, oldest first.

        Those named `besides` are left out.
        """

    def delivered(self, chat: ChatId, story: StoryId) -> Sequence[Delivery]:
        """Return what a chat was told, or is owed, about a story, oldest first."""

    def told(self, chat: ChatId, story: StoryId) -> Sequence[Told]:
        """Return the same, as far as it matters to what comes next; it costs a fraction."""


class Objections(Protocol):
    """What people hold for wrong."""

    def objections(self) -> Sequence[Objection]:
        """Return all objections, oldest first."""


class Store(Archive, Subscriptions, Outbox, Objections, Protocol):
    """All of them, kept together so that they commit together."""

    def figures(self, today: datetime, now: datetime) -> Figures:
        """Return counts since `today` began, counts and delays of the last week, and sizes."""

    async def commit(self, changes: Changes) -> None:
        """Make `changes` durable, whole or not at all, and only then visible.

        Raises FullError (nothing changed, may work later) and DiskError (stop).
        """

    async def compact(self) -> None:
        """Return once what was deleted has left the disk too."""


class Platform(Protocol):
    """A chat service."""

    @property
    def name(self) -> str:
        """Return the first part of its chats' ids: "slack", "telegram", "console"."""

    @property
    def pace(self) -> "Pace":
        """Return how fast it may be spoken to."""

    async def send(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str:
        """Deliver a message, below the alert `reply_to` where given; return its receipt.

        Raises SendError; anything that may have been delivered is AmbiguousError.
        """

    async def edit(self, chat: Chat, receipt: str, message: Message) -> None:
        """Replace what was sent under `receipt`. Raises SendError."""

    async def find(self, chat: Chat, delivery: Delivery, *, reply_to: str = "") -> str | None:
        """Look a message up that was sent below `reply_to`; return its receipt, None if not there.

        Called only where `pace.lookup` is set. Raises SendError.
        """

    async def listen(self, answer: Answer) -> None:
        """Answer commands until cancelled, or until no more can come."""

    async def close(self) -> None:
        """Close the connections; nothing is sent after it."""


class Service(Platform, Protocol):
    """A platform that others run, and that can be set up wrongly."""

    async def checkup(self, now: Clock) -> Sequence[Check]:
        """Return what is right and wrong with how it is set up; never raises a SendError."""


class Pace(Protocol):
    """A platform's limits, as it declares them; the outbox keeps them. Rates are per second."""

    @property
    def chat(self) -> float:
        """Return messages a second in one chat (0: unlimited)."""

    @property
    def group(self) -> float:
        """Return messages a second in a group chat, on top of `chat` (0: unlimited)."""

    @property
    def account(self) -> float:
        """Return messages a second over all chats of an account (0: unlimited)."""

    @property
    def edits(self) -> float:
        """Return edits a second over an account, where that is a method of its own (0: shared)."""

    @property
    def lookup(self) -> timedelta | None:
        """Return how long a look-up may lag behind a send, or None where there is no look-up."""
