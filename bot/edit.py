"""Decide what is new in what the sources showed, and commit it with what it owes.

    sheets that have come ─> one after another: items ─> plan ─> what the source is now
                                                                     │
             one commit of all of them, up to the first that owes  <─┘  ─> dispatch

One commit is one write and one sync, which costs as much as deciding on a page without news. While
one is under way, and a moment after it, sheets gather for the next.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import cast

from bot import condition, digest
from bot.intake import after, items_of
from bot.model import Changes, ChatId, Delivery, Entry, Row, SourceState
from bot.outbox import to_operator
from bot.owing import Desk
from bot.pipeline import Plan, steps, undo
from bot.ports import Clock, Store
from bot.reading import Sheet
from bot.tally import Tally

log = logging.getLogger("exportwire.poll")
AT_ONCE = 0.008  # seconds of deciding before others have their turn
TOGETHER = 50  # sheets of one commit
REST = 0.01  # seconds after a commit in which the sheets of the next gather
NOTHING = Plan((), (), (), ())


@dataclass(frozen=True, slots=True)
class _Came:
    """What a source showed (None: nothing new), and who waits until that is kept."""

    row: Row
    sheet: Sheet | None
    articles: Mapping[Entry, Entry]
    kept: "asyncio.Future[None]"


@dataclass(slots=True)
class _Batch:
    """What is decided and not yet committed: later sheets are decided as if it were."""

    came: list[_Came] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    states: dict[str, SourceState] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    @property
    def owes(self) -> bool:
        """Whether it is to be committed now: somebody waits for what it owes."""
        return bool(self.plans and self.plans[-1].deliveries)

    def add(self, made: Plan, state: SourceState) -> None:
        """Take in what was decided on the last sheet that came."""
        self.plans.append(made)
        self.states[state.name] = state
        self.keys.update(key for item in made.items for key in item.keys)

    def changes(self) -> Changes:
        """Return it as one commit; of a story that grew twice, the last state."""
        return Changes(
            items=tuple(item for made in self.plans for item in made.items),
            stories=tuple({s.id: s for made in self.plans for s in made.stories}.values()),
            deliveries=tuple(owed for made in self.plans for owed in made.deliveries),
            sources=tuple(self.states.values()),
        )


class Editor:
    """Decides on one sheet after another, whatever comes at once."""

    def __init__(  # noqa: PLR0913  # the edges of the flow, each of them once
        self,
        store: Store,
        desk: Desk,
        *,
        clock: Clock,
        committed: Callable[[Plan], None],
        tally: Tally,
        catch_up: timedelta | None,
        operator: ChatId | None,
    ) -> None:
        self._store, self._desk, self._clock = store, desk, clock
        self._committed, self._tally = committed, tally
        self._catch_up, self._operator = catch_up, operator
        self.decide = steps
        self._waiting: deque[_Came] = deque()
        self._editing: asyncio.Task[None] | None = None

    async def take(self, row: Row, sheet: Sheet | None, articles: Mapping[Entry, Entry]) -> None:
        """Return once what a source showed is kept. Raises StoreError: nothing of it is then.

        Cancelling the caller undoes nothing.
        """
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append(_Came(row, sheet, articles, kept))
        if self._editing is None or self._editing.done():
            self._editing = asyncio.create_task(self._edit())
        await kept

    def notices(self, before: SourceState, now: SourceState) -> tuple[Delivery, ...]:
        """Return what the operator is told of a source that changed, once."""
        found = (condition.notice(before, now), condition.flood_notice(before, now))
        texts = tuple(filter(None, found))
        for text in texts:
            log.warning("source changed", extra={"source": now.name, "notice": text})
        to, when = self._operator, self._clock()
        return tuple(to_operator(to, text, when) for text in texts) if to else ()

    async def _edit(self) -> None:
        while self._waiting:
            try:
                await self._keep(self._waiting, TOGETHER)
            except Exception:  # it is kept, and others wait
                log.exception("what follows a commit failed")
            await asyncio.sleep(REST)

    async def _keep(self, waiting: deque[_Came], most: int) -> None:
        """Commit at most so many of those that wait; where that fails, each that can be alone."""
        batch = _Batch()
        try:
            while waiting and len(batch.came) < most and not batch.owes:
                batch.came.append(waiting.popleft())
                await self._decide(batch.came[-1], batch)
            await self._store.commit(batch.changes())
        except Exception as error:  # noqa: BLE001  # whoever waits must hear of it
            for made in reversed(batch.plans):
                undo(made, self._desk.stories)
            if len(batch.came) == 1:
                _fail(batch.came[0], error)
                return
            alone = deque(batch.came)
            while alone:
                await self._keep(alone, 1)
        else:
            self._settle(batch)

    async def _decide(self, came: _Came, batch: _Batch) -> None:
        row, sheet, now = came.row, came.sheet, self._clock()
        state = batch.states.get(row.name) or self._store.source(row.name)
        items = (
            items_of(sheet, partial(self._known, batch), row, state, came.articles, now)
            if sheet
            else ()
        )
        made = await _unhurried(self.decide(items, self._desk, now)) if items else NOTHING
        if self._catch_up and digest.is_catching_up(state, row, now, self._catch_up):
            made = replace(made, deliveries=digest.held_back(made.deliveries, now))
        then = after(state, row, sheet, items, now)
        if notices := self.notices(state, then):
            made = replace(made, deliveries=(*made.deliveries, *notices))
        batch.add(made, then)

    def _known(self, batch: _Batch, keys: Iterable[str]) -> frozenset[str]:
        keys = frozenset(keys)
        return self._store.known(keys) | (keys & batch.keys)

    def _settle(self, batch: _Batch) -> None:
        for came in batch.came:
            if not came.kept.done():
                came.kept.set_result(None)
        for came, made in zip(batch.came, batch.plans, strict=True):
            self._count(made, came.row, came.sheet)
            self._committed(made)

    def _count(self, made: Plan, row: Row, sheet: Sheet | None) -> None:
        irrelevant = sum(item.story is None for item in made.items)
        self._tally.new += len(made.items)
        self._tally.irrelevant += irrelevant
        self._tally.copies += made.copies
        self._tally.stories += len(made.items) - irrelevant - made.copies
        extra: dict[str, object] = {
            "source": row.name,
            "entries": len(sheet.entries) if sheet else 0,
            "new": len(made.items),
            "relevant": len(made.items) - irrelevant,
            "owed": len(made.deliveries),
        }
        if sheet is None:
            extra["unchanged"] = True
        log.info("poll ok", extra=extra)


def _fail(came: _Came, error: Exception) -> None:
    if not came.kept.done():
        came.kept.set_exception(error)


async def _unhurried(deciding: Generator[None, None, Plan]) -> Plan:
    """Return what is decided; every few milliseconds others have their turn."""
    time = asyncio.get_running_loop().time
    until = time() + AT_ONCE
    with contextlib.closing(deciding):
        while True:
            try:
                next(deciding)
            except StopIteration as done:
                return cast(Plan, done.value)
            if time() > until:
                await asyncio.sleep(0)
                until = time() + AT_ONCE
