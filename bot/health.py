"""How a source does: its state after each poll, when to ask again, and what to say about it. Pure.

a poll failed     ─> degraded ─> blocked    refused three times in a row
                              ─> suspended  410 twice a day apart, or 404 for two weeks
a poll succeeded  ─> degraded   its list is damaged: broken XML, or empty as it never was
                  ─> silent     its newest item is older than its cadence
                  ─> ok
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import GoneError, RefusedError, ShapeError, SourceError, WaitError
from bot.model import Health, Row, SourceState

Chance = Callable[[], float]
"""A number from 0 up to 1, each time another."""

BLOCKED_AFTER = 3
NOTICED_AFTER = 3  # failures; a network hiccup is no news to an operator
GONE_TWICE = timedelta(hours=24)
MISSING_FOR = timedelta(days=14)
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


def notice(before: SourceState, after: SourceState) -> str | None:
    """Return what to tell the operator of a change, once; None where there is nothing to tell."""
    was, now = _told(before), _told(after)
    if was == now:
        return None
    if now is Health.OK:
        return f"Source {after.name} is well again."
    why = f": {after.error}" if after.error else ""
    return f"Source {after.name} is {now}{why}. {ADVICE[now]}"


ADVICE = {
    Health.DEGRADED: "It is asked again at growing intervals; look at it if that lasts.",
    Health.BLOCKED: (
        "Open its address in a browser; if that works, give the row a `proxy`, else switch it off"
        " with `enabled = false`."
    ),
    Health.SUSPENDED: (
        "It is asked once a week from now on; correct its `url`, or switch it off with"
        " `enabled = false`."
    ),
    Health.SILENT: (
        "It has published nothing for longer than is usual for it; check that its page has not"
        " moved, or raise its `cadence`."
    ),
}


_REMEDIES: tuple[tuple[type[SourceError], str], ...] = (
    (WaitError, "Nothing to do: it is left alone for as long as it wishes."),
    (GoneError, "Correct its `url`."),
    (RefusedError, ADVICE[Health.BLOCKED]),
    (ShapeError, "Open its address: where the site has changed, its row has to follow."),
)


def remedy(error: SourceError) -> str:
    """Return what a person can do about a failed poll."""
    lasts = "If that lasts, look whether this machine reaches it, or give its row a `proxy`."
    return next((text for kind, text in _REMEDIES if isinstance(error, kind)), lasts)


def _told(state: SourceState) -> Health:
    """Return the state as the operator knows it: well, until trouble has lasted a little."""
    brief = state.health is Health.DEGRADED and 0 < state.failures < NOTICED_AFTER
    return Health.OK if brief or state.health is Health.NEW else state.health


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


def describe(state: SourceState, row: Row, now: datetime) -> str:
    """Return a line for `/sources`: state, checks, newest item against its habit, next poll."""
    if not row.enabled:
        return f"off  {row.why_off}".rstrip()
    if state.checked is None:
        return "new  not checked yet"
    parts = [
        _error(state, now),
        _checks(state, now),
        newest_of(state, row, now),
        _next(state, row, now),
    ]
    return f"{state.health}  " + " · ".join(filter(None, parts))


def _error(state: SourceState, now: datetime) -> str:
    if not state.failures:
        return state.error
    since = f", first {_ago(now - state.since)}" if state.since and state.alike > 1 else ""
    count = f" ({state.failures} times in a row{since})" if state.failures > 1 else ""
    good = (
        f"last good answer {_ago(now - state.succeeded)}"
        if state.succeeded
        else "never a good answer"
    )
    return f"{state.error}{count} · {good}"


def _checks(state: SourceState, now: datetime) -> str:
    if state.day != now.date():
        return "not checked today"
    times = "once" if state.checks_today == 1 else f"{state.checks_today} times"
    return f"checked {times} today, {state.items_today or 'nothing'} new"


def newest_of(state: SourceState, row: Row, now: datetime) -> str:
    """Return the age of the newest item against the source's habit; "" where none is dated."""
    if state.newest is None:
        return ""
    usual = f" (usual pause: up to {_span(row.cadence)})" if row.cadence else ""
    return f"newest {_span(now - state.newest)} old{usual}"


def _next(state: SourceState, row: Row, now: datetime) -> str:
    due = max(filter(None, ((state.checked or now) + row.every, state.not_before)))
    hours = f", within {row.hours} {row.zone}" if row.hours else ""
    return f"next in {_span(due - now)}{hours}"


def _ago(span: timedelta) -> str:
    return f"{_span(span)} ago"


def _span(span: timedelta) -> str:
    """Return a span as people say it: "5 min", "3 h", "2 days"."""
    minutes = max(0, round(span / timedelta(minutes=1)))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{round(minutes / 60)} h"
    return f"{round(minutes / 1440)} days"
