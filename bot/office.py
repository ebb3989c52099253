"""What a command handler may use: store, live wishes, catalogue, counts and the time."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import query as ql
from bot.match import Wishes, subject_of
from bot.model import Item, Label, Placement, Row, Story
from bot.ports import Clock, Store
from bot.tally import Tally

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Trial:
    """What it takes to try a page: `page` reads one (SourceError), `place` keeps nothing."""

    page: Callable[[str], Awaitable[Item]]
    place: Callable[[Item, Label], Placement]
    threshold: float


@dataclass(frozen=True, slots=True)
class Office:
    """The handlers' whole world. `resting` tells whether an account ("slack:T1") is left alone."""

    store: Store
    wishes: Wishes
    rows: Sequence[Row]
    clock: Clock
    tally: Tally
    started: datetime
    resting: Callable[[str], bool] = lambda _account: False
    trial: Trial | None = None

    def found(self, query: ql.Query | None, since: datetime) -> Iterator[Story]:
        """Yield the stories since `since` that a query holds for (None: all), newest first."""
        now = self.clock()
        for story in self.store.stories(since):
            if query is None or ql.matches(query, self._subject(story, query, now)):
                yield story

    def _subject(self, story: Story, query: ql.Query, now: datetime) -> ql.Subject:
        literal = ql.literal(query)  # facts alone need no texts
        kept = (self.store.item(r.item) for r in story.reports) if literal else ()
        return subject_of(story, filter(None, kept), now)
