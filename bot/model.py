"""The vocabulary: what the parts of the bot hand to one another, as immutable values.

Times are aware UTC datetimes, spans are timedeltas, collections are tuples and frozensets.
A type stands for a moment in a value's life: an `Entry` is what a source published, an `Item`
is an entry that we have met, a `Report` is an item's place in a `Story`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType

Topic = NewType("Topic", str)
"""A slug that people subscribe to, such as "rare-earth"."""
ItemId = NewType("ItemId", str)
StoryId = NewType("StoryId", str)
"""Short enough to type: the capitals and digits that an alert shows, such as "A7F3"."""
ChatId = NewType("ChatId", str)
"""`platform:account:room[:thread]`, such as "console::local" or "telegram:77:-1001:5"."""
DeliveryId = NewType("DeliveryId", str)

Cursor = Mapping[str, str]
"""Where a poll left off (validators, hashes); opaque to all but the fetcher and its source."""


class Tier(StrEnum):
    """How near to the event a source stands."""

    OFFICIAL = "official"
    WIRE = "wire"
    PRESS = "press"
    TRADE = "trade"
    AGGREGATOR = "aggregator"
    LAW = "law"


class Direction(StrEnum):
    """What a measure does to exports."""

    RESTRICT = "restrict"
    EASE = "ease"
    NEUTRAL = "neutral"


class Stage(StrEnum):
    """How far a measure has got."""

    RUMOUR = "rumour"
    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    IN_FORCE = "in force"
    EXPIRED = "expired"


# -- sources ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source of the catalogue: what a `[[source]]` table says.

    `zone` is the IANA zone of dates that carry none. `hosts` are the hosts that its links may
    have (empty: any). `options` holds the keys of its kind alone, such as CSS selectors.
    """

    name: str
    kind: str
    url: str
    tier: Tier = Tier.PRESS
    country: str = ""
    lang: str = ""
    zone: str = "UTC"
    every: timedelta = timedelta(minutes=15)
    hours: str = ""
    cadence: timedelta | None = None
    enabled: bool = True
    why_off: str = ""
    quote: bool = True
    full_text: bool = False
    hosts: tuple[str, ...] = ()
    charsets: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""
    ca: str = ""
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def official(self) -> bool:
        """Whether its word settles that an event happened."""
        return self.tier is Tier.OFFICIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a server. `form` is sent as a POST body, url-encoded.

    `fresh` asks for the whole answer even where it is unchanged: it leads on to another.
    """

    url: str
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a server answered: decoded bytes, and the validators to send next time.

    `moved` is where its address is said to have moved for good, once that has lasted a day.
    """

    url: str
    body: bytes
    content_type: str = ""
    validators: Cursor = field(default_factory=dict)
    moved: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, as one source published it.

    `key` is the source's own name for it ("" if none). `published` is None where the source
    gives no date, never "now"; `day_only` says that only the day of it is known. `outlet` is
    the publisher's host, where the source carries others' work. `documents` are official
    numbers that the source states apart from the text.
    """

    key: str
    url: str
    title: str
    text: str = ""
    published: datetime | None = None
    day_only: bool = False
    lang: str = ""
    outlet: str = ""
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a page held. `flaws` are remarks for the operator; `more` continues the list."""

    entries: tuple[Entry, ...]
    flaws: tuple[str, ...] = ()
    more: Request | None = None


class Health(StrEnum):
    """How a source does."""

    NEW = "new"
    OK = "ok"
    DEGRADED = "degraded"
    BLOCKED = "blocked"
    SUSPENDED = "suspended"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What we remember of a source between polls. `baselined` is set by the first good poll.

    `failures` counts since the last good poll, `alike` those of the same `trouble` in a row,
    which began at `since`. `held` is how many entries its last answer with any had.
    """

    name: str
    health: Health = Health.NEW
    cursor: Cursor = field(default_factory=dict)
    baselined: bool = False
    checked: datetime | None = None
    succeeded: datetime | None = None
    newest: datetime | None = None
    failures: int = 0
    not_before: datetime | None = None
    error: str = ""
    trouble: str = ""
    alike: int = 0
    since: datetime | None = None
    held: int = 0
    day: date | None = None
    checks_today: int = 0
    items_today: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry that we have met. `keys` are all the names under which it is known again."""

    id: ItemId
    source: str
    url: str
    title: str
    text: str = ""
    lang: str = ""
    published: datetime | None = None
    day_only: bool = False
    seen: datetime
    outlet: str = ""
    tier: Tier = Tier.PRESS
    country: str = ""
    quote: bool = True
    documents: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    story: StoryId | None = None
    baseline: bool = False

    @property
    def when(self) -> datetime:
        """The best instant to sort by: published where that is believable, else first seen."""
        return min(self.published, self.seen) if self.published else self.seen


# -- understanding ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words that decided one fact: `fact` ("direction"), its `value`, the `words` found."""

    fact: str
    value: str
    words: str
    in_title: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What an item says, as far as its own words show it.

    `score` is 0..1. `issuers` and `targets` are ISO 3166 alpha-2 codes (or "EU"), targets also
    company names. `documents` are canonical numbers ("cn-mofcom-2025-61"). `tokens` are the
    language-free canonical words that stories are compared by.
    """

    relevant: bool
    score: float
    topics: tuple[Topic, ...] = ()
    issuers: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    action: str = ""
    direction: Direction = Direction.NEUTRAL
    stage: Stage = Stage.ANNOUNCED
    hedged: bool = False
    effective: tuple[date, ...] = ()
    expires: tuple[date, ...] = ()
    documents: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    tokens: frozenset[str] = frozenset()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One item's place in a story: enough to credit it, link it, show it, and know it again.

    `marks` are the canonical facts and `words` the telling word stems that later items are
    compared with; see `bot/cluster/marks.py`.
    """

    item: ItemId
    source: str
    publisher: str
    url: str
    title: str
    lang: str
    published: datetime | None
    seen: datetime
    official: bool
    day_only: bool = False
    summary: str = ""
    marks: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One event, told by one report or more, oldest first.

    `revision` rises only on a material change, whose `reason` it carries. `reverses` is the
    story that this one undoes.
    """

    id: StoryId
    reports: tuple[Report, ...]
    label: Label
    first_seen: datetime
    updated: datetime
    revision: int = 1
    reason: str = "new"
    reverses: StoryId | None = None
    baseline: bool = False

    @property
    def lead(self) -> Report:
        """The report that an alert shows: the first official one, else the first."""
        return next((r for r in self.reports if r.official), self.reports[0])

    @property
    def official(self) -> bool:
        """Whether an official source has told it."""
        return any(report.official for report in self.reports)

    @property
    def publishers(self) -> tuple[str, ...]:
        """Who told it, each once, the first first."""
        return tuple(dict.fromkeys(report.publisher for report in self.reports))


class Change(StrEnum):
    """What an item did to the story it was placed in."""

    NEW = "new"
    COVERAGE = "coverage"
    MATERIAL = "material"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an item belongs, what that changed, and why, in words that a trader understands."""

    story: Story
    change: Change
    reason: str


# -- chats --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A place where people read: a Slack channel, a Telegram chat or topic, the console.

    `repeat` says that an alert which may or may not have arrived is sent once more; without it
    the alert is listed as uncertain.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A chat's standing wish. `query` is canonical; a chat holds each query once."""

    chat: ChatId
    query: str
    created: datetime
    by: str = ""
    delivery: str = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a person typed, whatever the platform: `/verb argument`."""

    chat: Chat
    verb: str
    argument: str = ""
    person: str = ""
    operator: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Anything the bot says; every platform renders it within its own limits.

    `direction` lets a platform colour the first line; the word always stands beside it.
    """

    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()
    direction: Direction = Direction.NEUTRAL

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
    `receipt` is the platform's own name for what was sent (a ts, a message id). `token` fences
    a claim; `not_before` is the earliest instant of the next step. A `late` one is not told by
    itself: at `not_before` it joins its chat's digest.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One commit: everything in it becomes durable together, or nothing does."""

    items: tuple[Item, ...] = ()
    stories: tuple[Story, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    sources: tuple[SourceState, ...] = ()
    chats: tuple[Chat, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    unsubscribed: tuple[Subscription, ...] = ()
    forgotten: tuple[ChatId, ...] = ()
