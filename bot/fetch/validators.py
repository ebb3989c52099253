"""What to remember of an answer so that the next poll asks only for what is new.

A cursor holds one value for each address that a source asks, under the address's hash. Validators
are opaque: stored and sent back verbatim, `W/` and quotes included. They lie now and then, so that
the body's own hash is a second check, and a whole answer is asked for once a day whatever they say.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Cursor, Request

WHOLE_EVERY = timedelta(hours=24)
FORGOTTEN_AFTER = timedelta(days=7)
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Known:
    """What the last whole answer of one address said; `whole` is when it was fetched."""

    etag: str = ""
    modified: str = ""
    digest: str = ""
    whole: datetime | None = None

    def headers(self) -> dict[str, str]:
        """Return the conditional headers to send."""
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in pairs.items() if value}


NOTHING = Known()


def name_of(request: Request) -> str:
    """Return the cursor's key for what a request asks."""
    form = sorted((request.form or {}).items())
    return "url:" + hashlib.sha256(repr((request.url, form)).encode()).hexdigest()[:16]


def known(request: Request, cursor: Cursor, now: datetime) -> Known:
    """Return what may be asked conditionally; nothing once the last whole answer is a day old."""
    kept = _read(cursor.get(name_of(request), ""))
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


def written(request: Request, fresh: Known) -> dict[str, str]:
    """Return `fresh` as the cursor keeps it."""
    assert fresh.whole is not None  # noqa: S101  # for mypy: only a whole answer is written
    told = {"e": fresh.etag, "m": fresh.modified, "h": fresh.digest, "t": fresh.whole.isoformat()}
    return {name_of(request): json.dumps(told)}


def pruned(cursor: Cursor, now: datetime) -> dict[str, str]:
    """Return a cursor without addresses not asked for a week: some carry the day's date."""
    return {
        name: value
        for name, value in cursor.items()
        if not name.startswith("url:") or now - (_read(value).whole or now) < FORGOTTEN_AFTER
    }


def _read(text: str) -> Known:
    try:
        told = json.loads(text)
        return Known(told["e"], told["m"], told["h"], datetime.fromisoformat(told["t"]))
    except (ValueError, KeyError, TypeError):
        return NOTHING


def _opaque(value: str) -> str:
    fits = len(value) <= _LONGEST and value.isascii() and value.isprintable()
    return value if fits else ""
