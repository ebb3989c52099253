"""What sources publish, and what we remember of them.

What a poll makes by the dozen is a Struct: it is made and written in a tenth of a dataclass's time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec import field as filled

from bot.model.names import Cursor, ItemId, StoryId, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One source of the catalogue: what a `[[source]]` table says.

    `label` is what people read ("": the `name`, which they type). `zone` is the IANA zone of
    dates that carry none. `hosts` are the hosts that its links may have (empty: any). `spacing`
    is the least time between two requests to its host, where that is more than usual. `options`
    holds the keys of its kind alone, such as CSS selectors.
    """

    name: str
    kind: str
    url: str
    label: str = ""
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
    spacing: timedelta = timedelta()
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """What people read."""
        return self.label or self.name

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


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
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
    """What a page held. `flaws` are remarks for the operator; `more` continues the list.

    `damaged` says that the list is not what it should be: broken XML, a feed without entries.
    """

    entries: tuple[Entry, ...]
    flaws: tuple[str, ...] = ()
    more: Request | None = None
    damaged: bool = False


class Health(StrEnum):
    """How a source does."""

    NEW = "new"
    OK = "ok"
    DEGRADED = "degraded"
    BLOCKED = "blocked"
    SUSPENDED = "suspended"
    SILENT = "silent"


class SourceState(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What we remember of a source between polls. `baselined` is set by the first good poll.

    `failures` counts since the last good poll, `alike` those of the same `trouble` in a row,
    which began at `since`. `held` is how many entries its last answer with any had;
    `flooded` when it last showed much of its past at once.
    """

    name: str
    health: Health = Health.NEW
    cursor: Cursor = filled(default_factory=dict)
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
    flooded: datetime | None = None
    day: date | None = None
    checks_today: int = 0
    items_today: int = 0


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An entry that we have met. `keys` are all the names under which it is known again.

    `name` is what people call its publisher ("": by its host). `again` says that it was met before
    under another title.
    """

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
    name: str = ""
    tier: Tier = Tier.PRESS
    country: str = ""
    quote: bool = True
    documents: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    story: StoryId | None = None
    baseline: bool = False
    again: bool = False

    @property
    def when(self) -> datetime:
        """The best instant to sort by: published where that is believable, else first seen."""
        return min(self.published, self.seen) if self.published else self.seen
