"""The US Federal Register's API: published documents, and those on public inspection before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from bot.decode import text_of
from bot.model import Page, Parsed, Request, Row
from sources import links, option
from sources.answer import json_of, mapping, rows_at, string_at
from sources.draft import Draft, parsed_of

_WANTED = "the Federal Register's JSON"
_PLACE = "America/New_York"
_ZONE = ZoneInfo(_PLACE)
_DAYS = 7
_PUBLISHED = (
    "document_number", "title", "type", "subtype", "abstract", "action", "dates",
    "publication_date", "effective_on", "agencies", "html_url", "pdf_url", "raw_text_url",
    "docket_ids", "regulation_id_numbers", "correction_of", "cfr_references", "topics",
)  # fmt: skip
_INSPECTED = (
    "document_number", "title", "type", "filed_at", "publication_date", "agencies", "html_url",
    "pdf_url", "raw_text_url", "filing_type", "docket_numbers", "editorial_note",
)  # fmt: skip
_FLAW = "the next page is on another host and was not followed"


class FederalRegister:
    """One address, documents or public inspection by its path.

    Options: `agencies` (slugs), `term` (a phrase), `days` (the window of published documents).
    """

    options: ClassVar[option.Options] = MappingProxyType(
        {"agencies": option.texts, "term": option.text, "days": option.count}
    )
    needed: ClassVar[frozenset[str]] = frozenset()

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the documents of the last days, or for those on inspection today."""
        parts = urlsplit(row.url)
        if parts.path.endswith("/current.json"):  # takes no conditions
            return (Request(url=row.url),)
        given = parse_qsl(parts.query)
        query = [*given, *_conditions(row, now, {key for key, _ in given})]
        return (Request(url=urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))),)

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return the documents; a day without any is normal. Null fields are theirs, not flaws."""
        answer = mapping(json_of(text_of(page, row), _WANTED), _WANTED)
        rows = [one for one in _rows(answer) if _wanted(one, row)]
        link = links.absolute(page.url, string_at(answer, "next_page_url"))
        same = links.same_host(link, page.url)
        flaws = (_FLAW,) if link and not same else ()
        drafts = [_draft(one) for one in rows]
        here = replace(row, zone=_PLACE, options={**row.options, "undated": True})
        return parsed_of(drafts, page, here, flaws, Request(url=link) if link and same else None)


def _inspection(path: str) -> bool:
    return "public-inspection" in path or "public_inspection" in path


def _conditions(row: Row, now: datetime, given: set[str]) -> list[tuple[str, str]]:
    today = now.astimezone(_ZONE).date()
    inspected = _inspection(urlsplit(row.url).path)
    days = row.options.get("days", _DAYS)
    since = today - timedelta(days=days if isinstance(days, int) else _DAYS)
    when = (
        ("conditions[available_on]", today.isoformat())
        if inspected
        else ("conditions[publication_date][gte]", since.isoformat())
    )
    wished = [
        when,
        *(("conditions[agencies][]", slug) for slug in _agencies(row)),
        *((("conditions[term]", term),) if (term := option.said(row, "term")) else ()),
        *((("order", "newest"),) if not inspected else ()),
        ("per_page", "1000" if inspected else "100"),
        *(("fields[]", name) for name in (_INSPECTED if inspected else _PUBLISHED)),
    ]
    return [(key, value) for key, value in wished if key not in given]


def _agencies(row: Row) -> Sequence[str]:
    slugs = row.options.get("agencies", ())
    return slugs if isinstance(slugs, tuple) else ()


def _rows(answer: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the result rows; an answer that counts none may leave the list out."""
    if answer.get("count") == 0 and "results" not in answer:
        return []
    return rows_at(answer, "results", _WANTED)


def _wanted(one: Mapping[str, object], row: Row) -> bool:
    """Return whether a document is of the row's agencies; one that names none is kept."""
    agencies = one.get("agencies")
    named = {string_at(agency, "slug") for agency in agencies} if isinstance(agencies, list) else ()
    return not named or not _agencies(row) or not named.isdisjoint(_agencies(row))


def _draft(one: Mapping[str, object]) -> Draft:
    number = string_at(one, "document_number").strip()
    # a document on inspection is known by when it was filed; its publication lies ahead
    date = string_at(one, "filed_at") if "filed_at" in one else string_at(one, "publication_date")
    return Draft(
        title=string_at(one, "title"),
        link=string_at(one, "html_url") or string_at(one, "pdf_url"),
        key=number,
        text=_text(one),
        date=date,
        documents=(f"us-fr-{number.lower()}",) if number else (),
    )


def _text(one: Mapping[str, object]) -> str:
    names = ("action", "abstract", "dates", "editorial_note")
    return "<br>".join(said for name in names if (said := string_at(one, name)))


SOURCE = FederalRegister()
