"""Whether the bot does what it is for: polls succeed and deliveries flow. Pure.

- At least one source has answered since the start, and of those that are to be read now no more
  than half are late: without an answer for twice their interval and ten minutes within their hours.
- No account has owed a message for ten minutes without any message getting through to it.
- The store takes commits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digest import active
from bot.model import Chat, ChatId, Figures, Owed, Row, SourceState
from bot.vitals import Wait, account_of, why

PATIENCE = timedelta(minutes=10)
_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is looked at. `sent` is when each account last took a message since `started`."""

    sources: Sequence[tuple[Row, SourceState]]
    figures: Figures
    chat: Callable[[ChatId], Chat | None]
    platforms: frozenset[str]
    sent: Mapping[str, datetime]
    started: datetime


def ailment(signs: Signs, now: datetime) -> str:
    """Return what is wrong, "" where nothing is."""
    if signs.figures.trouble:
        return "the store takes no commits"
    return _reading(signs, now) or _sending(signs, now)


def _reading(signs: Signs, now: datetime) -> str:
    due = [(row, state) for row, state in signs.sources if active(now, now + _MOMENT, row)]
    if not due:
        return ""
    if not any(s.succeeded and s.succeeded >= signs.started for _, s in due):
        return "no source has answered since the start"
    late = sum(_is_late(row, state, signs.started, now) for row, state in due)
    return f"{late} of {len(due)} sources are late" if late * 2 > len(due) else ""


def _is_late(row: Row, state: SourceState, started: datetime, now: datetime) -> bool:
    since = max(state.succeeded or started, started)
    return active(since, now, row) > row.every * 2 + PATIENCE


def _sending(signs: Signs, now: datetime) -> str:
    stuck = {account_of(owed.chat) for owed in signs.figures.owed if _is_overdue(owed, signs, now)}
    for account in sorted(stuck):
        if now - signs.sent.get(account, signs.started) > PATIENCE:
            return f"nothing gets through to {account}"
    return ""


def _is_overdue(owed: Owed, signs: Signs, now: datetime) -> bool:
    chat = signs.chat(owed.chat)
    if chat is None or chat.platform not in signs.platforms:
        return False
    if why(owed, now, active=chat.active, resting=False) in {Wait.SUSPENDED, Wait.PLANNED}:
        return False
    due = owed.first_try or max(owed.created, owed.not_before)
    return now - max(due, signs.started) > PATIENCE
