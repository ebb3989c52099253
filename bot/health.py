"""How a source does: its state after each poll, and when to ask again. Pure.

a poll failed     ─> degraded ─> blocked    refused three times in a row
                              ─> suspended  410 twice a day apart, or 404 for two weeks
a poll succeeded  ─> degraded   its list is damaged: broken XML, or empty as it never was
                  ─> silent     its newest item is older than its cadence
                  ─> ok
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.errors import GoneError, RefusedError, SourceError, WaitError
from bot.identity import FLOOD_COUNT
from bot.model import Health, Row, SourceState

Chance = Callable[[], float]
"""A number from 0 up to 1, each time another."""

BLOCKED_AFTER = 3
GONE_TWICE = timedelta(hours=24)
MISSING_FOR = timedelta(days=14)
FLOOD_EVERY = timedelta(days=1)
LONGEST_WAIT = timedelta(hours=24)
_LASTING = frozenset({Health.BLOCKED, Health.SUSPENDED})
_SUSPENDED_WAIT = timedelta(days=7)
_CAPS = ((GoneError, LONGEST_WAIT), (RefusedError, timedelta(hours=6)))
_CAP = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source showed: how many entries, remarks, and whether its list is damaged."""

    entries: int
    flaws: Sequence[str] = ()
    damaged: bool = False


def after_success(
    state: SourceState, row: Row, now: datetime, answer: Answer | None, *, new: int
) -> SourceState:
    """Return the state after an answer (None: unchanged) with so many new items."""
    return replace(
        _counted(state, now, new),
        health=Health.DEGRADED if _damaged(state, answer) else _rested(state, row, now),
        error=_remark(state, answer),
        succeeded=now,
        failures=0,
        trouble="",
        alike=0,
        since=None,
        not_before=None,
        held=(answer.entries if answer else 0) or state.held,
    )


def after_failure(
    state: SourceState, error: SourceError, row: Row, now: datetime, rng: Chance
) -> SourceState:
    """Return the state after a failed poll: what is wrong, and the earliest next try."""
    trouble = _trouble(error)
    same = trouble == state.trouble
    failed = replace(
        _counted(state, now, 0),
        error=str(error),
        trouble=trouble,
        failures=state.failures + 1,
        alike=state.alike + 1 if same else 1,
        since=state.since if same else now,
    )
    health = _ill(failed, error, now)
    return replace(
        failed, health=health, not_before=now + _pause(failed.failures, health, error, row, rng)
    )


def flooded(state: SourceState, archived: int, now: datetime) -> SourceState:
    """Return the state of a known source after an answer of which so much was of its past."""
    lately = state.flooded and now - state.flooded < FLOOD_EVERY
    much = state.baselined and archived > FLOOD_COUNT
    return replace(state, flooded=now) if much and not lately else state


def _counted(state: SourceState, now: datetime, new: int) -> SourceState:
    today = now.date() == state.day
    return replace(
        state,
        checked=now,
        day=now.date(),
        checks_today=1 + (state.checks_today if today else 0),
        items_today=new + (state.items_today if today else 0),
    )


def _damaged(state: SourceState, answer: Answer | None) -> bool:
    """Whether a list is not what it should be; a feed may begin empty, and not become so."""
    if answer is None:  # what the last whole answer looked like still holds
        return state.health is Health.DEGRADED and not state.failures
    return answer.damaged and (answer.entries or state.held) > 0


def _remark(state: SourceState, answer: Answer | None) -> str:
    if answer is None:
        return "" if state.failures else state.error
    return answer.flaws[0] if answer.flaws else ""


def _rested(state: SourceState, row: Row, now: datetime) -> Health:
    late = row.cadence and state.newest and now - state.newest > row.cadence
    return Health.SILENT if late else Health.OK


def _trouble(error: SourceError) -> str:
    status = f" {error.status}" if isinstance(error, GoneError) else ""
    return f"{type(error).__name__}{status}"


def _ill(failed: SourceState, error: SourceError, now: datetime) -> Health:
    lasted = now - (failed.since or now)
    match error:
        case GoneError(status=410) if failed.alike > 1 and lasted >= GONE_TWICE:
            return Health.SUSPENDED
        case GoneError(status=404) if lasted >= MISSING_FOR:
            return Health.SUSPENDED
        case RefusedError() if failed.alike >= BLOCKED_AFTER:
            return Health.BLOCKED
        case _:
            return failed.health if failed.health in _LASTING else Health.DEGRADED


def _pause(failures: int, health: Health, error: SourceError, row: Row, rng: Chance) -> timedelta:
    """Return how long to leave a source alone: doubling, spread upward, never below its wish.

    The first failure costs no poll: half an interval to one, which the next poll is beyond.
    """
    if health is Health.SUSPENDED:
        return _SUSPENDED_WAIT
    cap = max(row.every, next((cap for kind, cap in _CAPS if isinstance(error, kind)), _CAP))
    doubled = row.every / 2 * float(2 ** min(failures - 1, 16))
    wished = (error.wait if isinstance(error, WaitError) else None) or timedelta()
    return max(min(doubled, cap / 2) * (1 + rng()), min(wished, LONGEST_WAIT))
