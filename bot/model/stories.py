"""What items say, and the stories that they tell."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.model.names import Direction, ItemId, Stage, StoryId, Topic


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

    `name` is what people call its `publisher`, a domain.
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
    name: str = ""
    summary: str = ""
    stage: Stage = Stage.ANNOUNCED
    marks: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Remark:
    """What a report changed in a story, as data: our `text` with {names}, and their values.

    `bot.remarks` says it in any language.
    """

    text: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One event, told by one report or more, oldest first.

    `revision` rises only on a material change, whose `reason` it carries, in English and as
    `remarks`. `reverses` is the
    story that this one undoes.
    """

    id: StoryId
    reports: tuple[Report, ...]
    label: Label
    first_seen: datetime
    updated: datetime
    revision: int = 1
    reason: str = "new"
    remarks: tuple[Remark, ...] = ()
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
