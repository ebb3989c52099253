"""Read what a page holds by its kind: capped, and with every failure named by its remedy. Pure."""

from dataclasses import replace
from datetime import datetime

from msgspec import structs

from bot.errors import RefusedError, ShapeError
from bot.model import Entry, Page, Parsed, Row
from bot.ports import Kind

MOST_ENTRIES = 1_000


def read(kind: Kind, page: Page, row: Row) -> Parsed:
    """Return at most 1,000 entries of a page. Raises ShapeError, RefusedError."""
    try:
        return sendable(capped(kind.parse(page, row)))
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


def sendable(parsed: Parsed) -> Parsed:
    """Return `parsed` without lone surrogates: JSON can hold them, no store or chat can."""
    entries = tuple(_sendable(entry) for entry in parsed.entries)
    flaws = tuple(map(_whole, parsed.flaws))
    return replace(parsed, entries=entries, flaws=flaws)


def _sendable(entry: Entry) -> Entry:
    said = (entry.key, entry.url, entry.title, entry.text, entry.lang, entry.outlet)
    if all(text.isascii() or _whole(text) == text for text in (*said, *entry.documents)):
        return entry
    key, url, title, text, lang, outlet = map(_whole, said)
    documents = tuple(map(_whole, entry.documents))
    return structs.replace(
        entry,
        key=key,
        url=url,
        title=title,
        text=text,
        lang=lang,
        outlet=outlet,
        documents=documents,
    )


def _whole(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def _newest(dated: list[tuple[datetime, Entry]]) -> tuple[Entry, ...]:
    ranked = sorted(dated, key=lambda pair: pair[0], reverse=True)
    return tuple(entry for _, entry in ranked)
