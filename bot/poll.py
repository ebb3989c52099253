"""Ask one source; what it shows is edited (`bot/edit.py`), a failure is remembered."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot import digest, health, identity
from bot.edit import Editor
from bot.errors import ShapeError, SourceError
from bot.intake import is_old
from bot.model import Changes, ChatId, Entry, Row, SourceState
from bot.owing import Desk
from bot.pipeline import Plan
from bot.ports import Clock, Store
from bot.reading import NO_ARTICLES, Reader, Sheet
from bot.tally import Tally

log = logging.getLogger("exportwire.poll")


class Poller:
    """Polls sources, each when it is told to."""

    def __init__(  # noqa: PLR0913  # the edges of the flow, each of them once
        self,
        store: Store,
        desk: Desk,
        reader: Reader,
        *,
        clock: Clock,
        jitter: Callable[[], float],
        committed: Callable[[Plan], None],
        tally: Tally,
        catch_up: timedelta | None = None,
        operator: ChatId | None = None,
    ) -> None:
        self._store, self.reader = store, reader
        self._clock, self._jitter = clock, jitter
        self._committed, self._tally = committed, tally
        self.editor = Editor(
            store,
            desk,
            clock=clock,
            committed=committed,
            tally=tally,
            catch_up=catch_up,
            operator=operator,
        )

    async def poll(self, row: Row, *, anytime: bool = False) -> bool:
        """Ask a source once, unless it is to be left alone for now; return whether it answered.

        `anytime`, and for the first time, it is asked outside its hours, too.
        """
        state, now = self._store.source(row.name), self._clock()
        if state.not_before and state.not_before > now:
            return False
        within = digest.active(now, now + timedelta(seconds=1), row) or state.checked is None
        if not (within or anytime):
            return False
        self._tally.polls += 1
        try:
            sheet = await self.reader.read(row, state.cursor)
        except SourceError as error:
            await self._failed(row, error)
            return False
        except Exception:
            log.exception("reading failed", extra={"source": row.name})
            await self._failed(row, ShapeError("our reader failed on its answer; see the log"))
            return False
        await self.editor.take(row, sheet, await self._articles(row, sheet, state))
        return True

    async def _failed(self, row: Row, error: SourceError) -> None:
        self._tally.failures += 1
        log.warning("poll failed", extra={"source": row.name, "error": str(error)})
        before, now = self._store.source(row.name), self._clock()
        after = health.after_failure(before, error, row, now, self._jitter)
        notices = self.editor.notices(before, after)
        await self._store.commit(Changes(sources=(after,), deliveries=notices))
        self._committed(Plan((), (), notices, ()))

    async def _articles(
        self, row: Row, sheet: Sheet | None, state: SourceState
    ) -> Mapping[Entry, Entry]:
        """Return what the pages of new items add; what will be archived anyway is not asked for."""
        if sheet is None or not (row.full_text and state.baselined):
            return NO_ARTICLES
        now = self._clock()
        sightings = identity.fresh(sheet.entries, self._store.known, row)
        held = identity.flood(sightings, len(sheet.entries), now)
        wanted = (s.entry for at, s in enumerate(sightings) if at not in held)
        return await self.reader.fuller((e for e in wanted if not is_old(e, now)), row)
