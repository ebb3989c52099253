"""Read what a page holds by its kind: capped, and with every failure named by its remedy. Pure."""

from dataclasses import replace
from datetime import datetime

from bot.errors import RefusedError, ShapeError
from bot.model import Entry, Page, Parsed, Row
from bot.ports import Kind

MOST_ENTRIES = 1_000


def read(kind: Kind, page: Page, row: Row) -> Parsed:
    """Return at most 1,000 entries of a page. Raises ShapeError, RefusedError."""
    try:
        return capped(kind.parse(page, row))
    except RecursionError as error:
        raise ShapeError("the document is nested too deeply to be read") from error
    except MemoryError as error:
        raise RefusedError("reading the document takes more memory than one may have") from error


def capped(parsed: Parsed) -> Parsed:
    """Return the newest 1,000 entries; where most carry no date, the first ones listed."""
    count = len(parsed.entries)
    if count <= MOST_ENTRIES:
        return parsed
    dated = [(entry.published, entry) for entry in parsed.entries if entry.published]
    newest = _newest(dated) if len(dated) * 2 > count else parsed.entries
    flaw = f"{count:,} entries came in one answer; the newest {MOST_ENTRIES:,} of them were read"
    return replace(parsed, entries=newest[:MOST_ENTRIES], flaws=(*parsed.flaws, flaw))


def _newest(dated: list[tuple[datetime, Entry]]) -> tuple[Entry, ...]:
    ranked = sorted(dated, key=lambda pair: pair[0], reverse=True)
    return tuple(entry for _, entry in ranked)
