"""The sample wire: who published what, when, and what is true of it, read from wire/*.toml."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

WIRE = Path(__file__).parent / "wire"
LONGEST_LIST = 30
"""Items that an outlet's list holds."""
_SLUG_WORDS = 9


class Role(StrEnum):
    """What an item is to its story: the first to tell it, or one of what fools a filter."""

    FIRST = "first"
    COPY = "copy"
    FOLLOW_UP = "follow-up"
    NEAR_MISS = "near-miss"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented newsroom or real ministry, and the dialect that its list is served in.

    `path` is where its list is; `host` is a name under the reserved domain .example. An
    `undated` outlet gives no dates at all.
    """

    slug: str
    name: str
    host: str
    dialect: str
    path: str
    tier: str
    country: str
    lang: str
    zone: str
    charset: str = "utf-8"
    undated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One item of the wire. `story` is "" where it is not export-control news.

    `number` is an official document number that stands apart from the text.
    """

    outlet: str
    published: datetime
    title: str
    paragraphs: tuple[str, ...]
    lang: str
    role: Role
    key: str
    path: str
    story: str = ""
    number: str = ""
    undated: bool = False

    @property
    def relevant(self) -> bool:
        """Whether it is new export-control news."""
        return bool(self.story)

    @property
    def text(self) -> str:
        """Its paragraphs, a line each."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A story that the wire tells. An `archive` one was told before the wire starts."""

    slug: str
    topics: tuple[str, ...]
    archive: bool = False


@dataclass(frozen=True, kw_only=True)
class Wire:
    """All of it: pieces oldest first. The archive is what the outlets held before `begins`."""

    outlets: Mapping[str, Outlet]
    events: Mapping[str, Event]
    pieces: tuple[Piece, ...]
    begins: datetime

    @cached_property
    def news(self) -> tuple[Piece, ...]:
        """Return what is published while the wire plays."""
        return tuple(piece for piece in self.pieces if piece.published >= self.begins)

    def listed(self, outlet: Outlet, now: datetime) -> tuple[Piece, ...]:
        """Return what an outlet's list holds at `now`, newest first."""
        told = [p for p in self.pieces if p.outlet == outlet.slug and p.published <= now]
        return tuple(reversed(told))[:LONGEST_LIST]

    def found(self, outlet: Outlet, path: str, now: datetime) -> Piece | None:
        """Return the article at a path of an outlet, if it is published at `now`."""
        return next(
            (
                piece
                for piece in self.pieces
                if piece.outlet == outlet.slug and piece.path == path and piece.published <= now
            ),
            None,
        )


def load(folder: Path = WIRE) -> Wire:
    """Return the wire in `folder`. Raises KeyError or TypeError where its tables do not fit."""
    tables = [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml"))
    ]
    outlets = {row["slug"]: Outlet(**row) for row in _rows(tables, "source")}
    events = [
        Event(slug=row["slug"], topics=tuple(row["topics"]), archive=row.get("archive", False))
        for row in _rows(tables, "story")
    ]
    pieces = [_piece(row, outlets[row["source"]]) for row in _rows(tables, "item")]
    return Wire(
        outlets=outlets,
        events={event.slug: event for event in events},
        pieces=tuple(sorted(pieces, key=lambda piece: (piece.published, piece.outlet))),
        begins=next(table["begins"] for table in tables if "begins" in table).astimezone(UTC),
    )


def _rows(tables: Iterable[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    return [row for table in tables for row in table.get(name, [])]


def _piece(row: Mapping[str, Any], outlet: Outlet) -> Piece:
    local = row["at"].replace(tzinfo=ZoneInfo(outlet.zone))
    key = f"{local:%Y%m%d%H%M}"
    name = slug_of(row["title"]) if outlet.lang in {"en", "de"} else ""
    return Piece(
        outlet=outlet.slug,
        published=local.astimezone(UTC),
        title=row["title"],
        paragraphs=tuple(" ".join(part.split()) for part in row["text"].split("\n\n")),
        lang=outlet.lang,
        role=Role(row["role"]),
        key=key,
        path=f"/{local:%Y/%m/%d}/{name or key}/",
        story=row.get("story", ""),
        number=row.get("number", ""),
        undated=outlet.undated or row.get("undated", False),
    )


def slug_of(title: str) -> str:
    """Return a title as newsrooms put it into an address: "china-approves-some"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", ""))[:_SLUG_WORDS])
