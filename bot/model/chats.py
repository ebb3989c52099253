"""Who is told what: chats, wishes, messages and deliveries."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.model.names import ChatId, DeliveryId, Direction, StoryId
from bot.model.questions import asked_of
from bot.model.verbs import verb_of

NAME = "exportwire"
"""The command that takes any other, on every platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A place where people read: a Slack channel, a Telegram chat or topic, the console.

    `repeat` says that an alert which may or may not have arrived is sent once more; without it
    the alert is listed as uncertain. `zone` is an IANA name; `quiet` and `paused` (until when)
    are read by `bot/timetable.py`. Of the stories in `muted` nothing comes any more.
    """

    id: ChatId
    platform: str
    account: str = ""
    room: str = ""
    thread: str = ""
    title: str = ""
    zone: str = "UTC"
    language: str = "en"
    active: bool = True
    repeat: bool = True
    quiet: str = ""
    paused: datetime | None = None
    muted: tuple[StoryId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A chat's standing wish. `query` is canonical; a chat holds each query once.

    `delivery` is when it comes, such as "now" or "daily 08:00"; see `bot/timetable.py`.
    """

    chat: ChatId
    query: str
    created: datetime
    by: str = ""
    delivery: str = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A person's word that a story is wrong, for the operator to look at. One each and story.

    `person` is the platform's own id, "" where nobody is named; `note` is what they say of it.
    """

    story: StoryId
    chat: ChatId
    person: str
    when: datetime
    note: str = ""

    @property
    def by(self) -> str:
        """Return who says so: the person, wherever on the platform, or the chat."""
        return f"{self.chat.partition(':')[0]}:{self.person}" if self.person else self.chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a person typed, whatever the platform: `/verb argument`."""

    chat: Chat
    verb: str
    argument: str = ""
    person: str = ""
    operator: bool = False

    def inner(self) -> "Command":
        """Return the command inside "/exportwire latest gallium", by its own name.

        Who may give it depends on it, so this comes before any look at rights. A question for news
        is a command too.
        """
        found = self
        while found.verb == NAME:
            verb, _, argument = found.argument.strip().partition(" ")
            found = replace(found, verb=verb_of(verb) or "start", argument=argument.strip())
        if words := asked_of(f"{found.verb} {found.argument}".strip()):
            return replace(found, verb="latest", argument=words)
        return replace(found, verb=verb_of(found.verb))


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text from us or from outside; a platform escapes it. `link` is http(s) or ""."""

    text: str
    link: str = ""
    strong: bool = False


class LineStyle(StrEnum):
    """What a line of a message is for; each platform dresses it its own way."""

    HEAD = "head"
    TITLE = "title"
    BODY = "body"
    QUOTE = "quote"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a message."""

    spans: tuple[Span, ...]
    style: LineStyle = LineStyle.BODY

    @property
    def text(self) -> str:
        """The line without its links."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press that does what the command `/verb argument` does."""

    label: str
    verb: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file beside an answer: its `name` as it is to be saved, its media `type`."""

    name: str
    type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Anything the bot says; every platform renders it within its own limits.

    `direction` lets a platform colour the first line; the word always stands beside it. `file`
    comes with answers alone, never with what is delivered. `public` answers concern everybody in
    the room, not only the one who asked. The whole chat must see a `loud` delivery, where a reply
    would reach its thread's followers alone. `about` is which way news cuts and its topics, for
    platforms that have a place for it.
    """

    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()
    direction: Direction = Direction.NEUTRAL
    file: Attachment | None = None
    public: bool = False
    loud: bool = False
    about: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The message as plain text, a line each, without links."""
        return "\n".join(line.text for line in self.lines)


class Kind(StrEnum):
    """What a delivery is to its chat."""

    ALERT = "alert"
    UPDATE = "update"
    EDIT = "edit"
    DIGEST = "digest"
    REMINDER = "reminder"
    OPERATOR = "operator"


class State(StrEnum):
    """Where a delivery stands; see `bot/outbox.py` for the arrows."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    AMBIGUOUS = "ambiguous"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message owed to one chat.

    `id` is derived from (chat, story, revision, kind), so that planning twice owes nothing new.
    An edit's `revision` is how many reports it tells of. `receipt` is the platform's own name for
    what was sent (a ts, a message id). `token` fences a claim; `not_before` is the earliest instant
    of the next step. A `late` one is not told by itself: at `not_before` it joins its chat's
    digest, which is then named in `within`. `held` is why it waits. `wishes` are the queries that
    it is owed to; an `urgent` one may pass their schedules and quiet hours. An alert is posted
    `below` that of the story which its own undoes.
    """

    id: DeliveryId
    chat: ChatId
    kind: Kind
    message: Message
    created: datetime
    not_before: datetime
    story: StoryId | None = None
    revision: int = 0
    state: State = State.PENDING
    attempts: int = 0
    lookups: int = 0
    first_try: datetime | None = None
    lease_until: datetime | None = None
    token: int = 0
    receipt: str = ""
    reason: str = ""
    sent: datetime | None = None
    late: bool = False
    held: str = ""
    within: DeliveryId | None = None
    urgent: bool = False
    wishes: tuple[str, ...] = ()
    below: StoryId | None = None
