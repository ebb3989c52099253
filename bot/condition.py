"""What is said of how a source does: to the operator, in `/sources` and by the doctor. Pure."""

from datetime import datetime, timedelta

from bot.errors import GoneError, RefusedError, ShapeError, SourceError, WaitError
from bot.model import Health, Row, SourceState

NOTICED_AFTER = 3  # failures; a network hiccup is no news to an operator


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


def notice(before: SourceState, after: SourceState) -> str | None:
    """Return what to tell the operator of a change, once; None where there is nothing to tell."""
    was, now = _told(before), _told(after)
    if was == now:
        return None
    if now is Health.OK:
        return f"Source {after.name} is well again."
    why = f": {after.error}" if after.error else ""
    return f"Source {after.name} is {now}{why}. {ADVICE[now]}"


def flood_notice(before: SourceState, after: SourceState) -> str | None:
    """Return what to tell the operator of a flood, at most once a day."""
    if after.flooded == before.flooded:
        return None
    return (
        f"Source {after.name} showed much of its past at once: what was old or undated went to the "
        "archive untold. If that goes on, look whether its links and ids change at each poll."
    )


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
