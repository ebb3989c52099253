"""From what a source wrote to entries: one way for all kinds, so that all keep the same rules."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import ShapeError
from bot.model import Entry, Page, Parsed, Request, Row
from sources import dates, links, markup
from sources.answer import is_challenge, unexpected
from sources.option import said

MOST = 1_000
"""Entries of one answer that are read."""
_KEY_LIMIT = 500
_HEAD = 120
_OUTLET = 80


class Draft(Struct, frozen=True, kw_only=True, gc=False):
    """An entry in its source's own words: HTML in `title` and `text`, `date` as written.

    `base` is what a relative link starts from ("": the page). `form` is a strptime pattern.
    """

    title: str
    link: str = ""
    key: str = ""
    text: str = ""
    date: str = ""
    form: str = ""
    base: str = ""
    lang: str = ""
    outlet: str = ""
    documents: tuple[str, ...] = ()


def parsed_of(
    drafts: Sequence[Draft],
    page: Page,
    row: Row,
    flaws: Sequence[str] = (),
    more: Request | None = None,
) -> Parsed:
    """Return the entries of `drafts`, in their order, and remarks on what was wrong with them."""
    kept = _newest(drafts, row)
    entries, seen = [], Counter[str]()
    for draft in kept:
        entry, remarks = _entry(draft, page, row)
        if remarks:
            seen.update(remarks)
        if entry:
            entries.append(entry)
    cut = [f"only {MOST} of {len(drafts)} entries were read"] if len(drafts) > MOST else []
    counted = [f"{times} of {len(kept)} entries {remark}" for remark, times in seen.items()]
    return Parsed(entries=tuple(entries), flaws=(*flaws, *cut, *counted), more=more)


def rows_needed(drafts: Sequence[Draft], what: str, text: str = "") -> None:
    """Raise ShapeError where a list that is never empty has no row.

    `text` is the page where that may be something else altogether: the error then says what.
    """
    if drafts:
        return
    if text and (is_challenge(text) or "<a " not in text):
        raise unexpected(text, what)
    raise ShapeError(f"the answer came, but {what} is not in it: did the site change?")


def _newest(drafts: Sequence[Draft], row: Row) -> Sequence[Draft]:
    if len(drafts) <= MOST:
        return drafts
    first, last = (dates.moment_of(one.date, row.zone, one.form) for one in (drafts[0], drafts[-1]))
    rising = first is not None and last is not None and last.when > first.when
    return drafts[-MOST:] if rising else drafts[:MOST]


def _entry(draft: Draft, page: Page, row: Row) -> tuple[Entry | None, list[str]]:
    text = markup.without_tail(markup.plain(draft.text)) if draft.text else ""
    title = markup.headline(draft.title) or text.partition("\n")[0][:_HEAD]
    if not title:
        return None, ["say nothing and were left out"]
    link, remarks = _link(draft, page, row)
    moment = dates.moment_of(draft.date, row.zone, draft.form) if draft.date.strip() else None
    entry = Entry(
        key=" ".join(draft.key.split())[:_KEY_LIMIT],
        url=link,
        title=title,
        text="" if _echo(text, title, draft) else text,
        published=moment.when if moment else None,
        day_only=bool(moment and moment.day_only),
        lang=language(row.lang or draft.lang),
        outlet=draft.outlet,
        documents=draft.documents,
    )
    entry = replace(entry, key=link) if said(row, "key") == "link" else entry
    return entry, remarks + _undated(draft, moment, row)


def _echo(text: str, title: str, draft: Draft) -> bool:
    """Return whether a text says no more than the title, or than the title and the outlet."""
    return text == title or bool(
        draft.outlet and text.startswith(title) and len(text) - len(title) < _OUTLET
    )


def _link(draft: Draft, page: Page, row: Row) -> tuple[str, list[str]]:
    if not draft.link.strip():
        return "", []
    link = links.absolute(draft.base or page.url, draft.link)
    if not link:
        return "", ["have a link that is no web address"]
    if not links.allowed(link, row):
        return "", ["link to a host that this source may not link to"]
    return link, []


def _undated(draft: Draft, moment: dates.Moment | None, row: Row) -> list[str]:
    if moment:
        return []
    if draft.date.strip():
        return ["have a date that cannot be true"]
    return [] if row.options.get("undated") is True else ["have no date"]


def language(tag: str) -> str:
    """Return the first part of a language tag, in small letters: "zh-CN" is "zh"."""
    return tag.strip().replace("_", "-").partition("-")[0].lower()[:8]
