"""What is said of how a source does: to the operator, in `/sources` and by the doctor. Pure."""

from datetime import datetime, timedelta

from bot.errors import GoneError, RefusedError, ShapeError, SourceError, WaitError
from bot.language import tr, trn
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
    return advised(f"Source {after.name} is {now}{why}", ADVICE[now])


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


def advised(said: str, advice: str) -> str:
    """Return what is wrong and what to do, as sentences; what is wrong may be a question."""
    return f"{said} {advice}" if said.endswith(("?", "!", ".", "…")) else f"{said}. {advice}"


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
        return (tr("off") + f"  {row.why_off}").rstrip()
    if state.checked is None:
        return tr("new  not checked yet")
    parts = [
        _error(state, now),
        _checks(state, now),
        newest_of(state, row, now),
        _next(state, row, now),
    ]
    return f"{named(state.health)}  " + " · ".join(filter(None, parts))


def named(health: Health) -> str:
    """Return a state in a word."""
    words = {
        Health.NEW: tr("new"),
        Health.OK: tr("ok"),
        Health.DEGRADED: tr("degraded"),
        Health.BLOCKED: tr("blocked"),
        Health.SUSPENDED: tr("suspended"),
        Health.SILENT: tr("silent"),
    }
    return words[health]


def _error(state: SourceState, now: datetime) -> str:
    if not state.failures:
        return state.error
    good = (
        tr("last good answer {span} ago", span=_span(now - state.succeeded))
        if state.succeeded
        else tr("never a good answer")
    )
    return f"{state.error}{_repeated(state, now)} · {good}"


def _repeated(state: SourceState, now: datetime) -> str:
    if state.failures < 2:
        return ""
    if state.since and state.alike > 1:
        since = _span(now - state.since)
        told = tr("{n} times in a row, first {span} ago", n=state.failures, span=since)
    else:
        told = tr("{n} times in a row", n=state.failures)
    return f" ({told})"


def _checks(state: SourceState, now: datetime) -> str:
    if state.day != now.date():
        return tr("not checked today")
    new = str(state.items_today) if state.items_today else tr("nothing")
    return trn(
        "checked once today, {new} new",
        "checked {count} times today, {new} new",
        state.checks_today,
        new=new,
    )


def newest_of(state: SourceState, row: Row, now: datetime) -> str:
    """Return the age of the newest item against the source's habit; "" where none is dated."""
    if state.newest is None:
        return ""
    age = tr("newest {span} old", span=_span(now - state.newest))
    if not row.cadence:
        return age
    usual = tr("usual pause: up to {span}", span=_span(row.cadence))
    return f"{age} ({usual})"


def _next(state: SourceState, row: Row, now: datetime) -> str:
    due = max(filter(None, ((state.checked or now) + row.every, state.not_before)))
    told = tr("next in {span}", span=_span(due - now))
    if not row.hours:
        return told
    within = tr("within {hours} {zone}", hours=row.hours, zone=row.zone)
    return f"{told}, {within}"


def _span(span: timedelta) -> str:
    """Return a span as people say it: "5 min", "3 h", "2 days"."""
    minutes = max(0, round(span / timedelta(minutes=1)))
    if minutes < 60:
        return tr("{n} min", n=minutes)
    if minutes < 48 * 60:
        return tr("{h} h", h=round(minutes / 60))
    return tr("{n} days", n=round(minutes / 1440))
