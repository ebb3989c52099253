"""What to remember of an answer so that the next poll asks only for what is new.

A cursor holds one value for each address that a source asks, under the address's hash. Validators
are opaque: stored and sent back verbatim, `W/` and quotes included. They lie now and then, so that
the body's own hash is a second check, and a whole answer is asked for once a day whatever they say.
A permanent redirect is believed once it has been the same for a day.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from bot.model import Cursor, Request

WHOLE_EVERY = timedelta(hours=24)
MOVED_FOR, MOVED_TIMES = timedelta(hours=24), 3
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Move:
    """Where an address is said to have moved for good, since when, and how often it was said."""

    to: str
    since: datetime
    times: int = 1

    def lasts(self, now: datetime) -> bool:
        """Return whether it may be believed."""
        return self.times >= MOVED_TIMES and now - self.since >= MOVED_FOR


@dataclass(frozen=True, slots=True)
class Known:
    """What the last whole answer of one address said; `whole` is when it was fetched."""

    etag: str = ""
    modified: str = ""
    digest: str = ""
    whole: datetime | None = None
    move: Move | None = None

    def headers(self) -> dict[str, str]:
        """Return the conditional headers to send."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in pairs.items() if value}


NOTHING = Known()


def name_of(request: Request) -> str:
    """Return the cursor's key for what a request asks."""
    form = sorted((request.form or {}).items())
    return "url:" + hashlib.sha256(repr((request.url, form)).encode()).hexdigest()[:16]


def kept_of(request: Request, cursor: Cursor) -> Known:
    """Return what is remembered of a request's last whole answer."""
    return _read(cursor.get(name_of(request), ""))


def known(request: Request, cursor: Cursor, now: datetime) -> Known:
    """Return what may be asked conditionally; nothing once the last whole answer is a day old."""
    kept = kept_of(request, cursor)
    due = kept.whole is None or not timedelta() <= now - kept.whole < WHOLE_EVERY
    return NOTHING if request.fresh or due else kept


def learned(headers: Mapping[str, str], body: bytes, now: datetime) -> Known:
    """Return what to remember of a whole answer."""
    return Known(
        etag=_opaque(headers.get("etag", "")),
        modified=_opaque(headers.get("last-modified", "")),
        digest=hashlib.sha256(body).hexdigest()[:32],
        whole=now,
    )


def moved(kept: Known, to: str, now: datetime) -> Move | None:
    """Return what to remember of an answer that came from `to` by permanent redirects alone."""
    if kept.move and kept.move.to == to:
        return replace(kept.move, times=kept.move.times + 1)
    return Move(to, now) if to else None


def written(request: Request, fresh: Known) -> dict[str, str]:
    """Return `fresh` as the cursor keeps it."""
    assert fresh.whole is not None  # noqa: S101  # for mypy: only a whole answer is written
    told: dict[str, object] = {
        "e": fresh.etag,
        "m": fresh.modified,
        "h": fresh.digest,
        "t": fresh.whole.isoformat(),
    }
    if move := fresh.move:
        told["p"] = [move.to, move.since.isoformat(), move.times]
    return {name_of(request): msgspec.json.encode(told).decode()}


def _read(text: str) -> Known:
    if not text:
        return NOTHING
    try:
        told = msgspec.json.decode(text)
        move = _move(*told["p"]) if "p" in told else None
        return Known(told["e"], told["m"], told["h"], datetime.fromisoformat(told["t"]), move)
    except (ValueError, KeyError, TypeError):
        return NOTHING


def _move(to: str, since: str, times: int) -> Move:
    return Move(to, datetime.fromisoformat(since), times)


def _opaque(value: str) -> str:
    fits = len(value) <= _LONGEST and value.isascii() and value.isprintable()
    return value if fits else ""
