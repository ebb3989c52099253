"""Lists of stories a page at a time: "/latest gallium 10 page 2"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import query as ql
from bot.compose import listing, said
from bot.errors import UsageError
from bot.language import tr, trn
from bot.model import Button, Command, Message, Story
from bot.office import Office

USUAL, MOST = 5, 20
_PAGE = re.compile(r"\s*\bpage\s+(\d{1,3})\s*$", re.IGNORECASE)
_COUNT = re.compile(r"^(\d{1,2})\s+|(?:^|\s+)(\d{1,2})$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked to be listed: `words` of a query, stories a page, and which page."""

    words: str
    count: int = USUAL
    page: int = 1

    @property
    def first(self) -> int:
        """How many stories come before this page."""
        return (self.page - 1) * self.count


def wanted(argument: str, verb: str) -> Wanted:
    """Return what was asked. Raises UsageError for an impossible number."""
    words, page = _cut(_PAGE, argument.strip())
    words, count = _cut(_COUNT, words)
    if (count is not None and not 1 <= count <= MOST) or page == 0:
        raise UsageError(
            tr(
                "/{verb} shows 1 to {most} stories a page, for example: /{verb} gallium 10 page 2",
                verb=verb,
                most=MOST,
            )
        )
    return Wanted(words, count or USUAL, page or 1)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, int | None]:
    found = pattern.search(text)
    if not found:
        return text, None
    number = next(filter(None, found.groups()))
    return (text[: found.start()] + " " + text[found.end() :]).strip(), int(number)


def asked(words: str, command: Command, office: Office) -> tuple[ql.Query | None, str]:
    """Return the query that words stand for, none for "all", and its name.

    Without words it is what the chat is subscribed to.
    """
    if words.casefold() == "all":
        return None, tr("everything")
    if words:
        query = ql.parse(words)
        return query, ql.canonical(query)
    held = [wish.query for wish in office.store.subscriptions(command.chat.id)]
    return (ql.parse_any(held), " OR ".join(held)) if held else (None, tr("everything"))


def page(title: str, found: Sequence[Story], at: Wanted, verb: str, office: Office) -> Message:
    """Return one page of the stories found, with buttons to those before and after."""
    shown = found[at.first : at.first + at.count]
    if not shown:
        return said(
            tr(
                "There is no page {page}: {total} stories, {count} a page.",
                page=at.page,
                total=len(found),
                count=at.count,
            )
        )
    first, last = at.first + 1, at.first + len(shown)
    heading = tr(
        "{title}: {first}-{last} of {total}", title=title, first=first, last=last, total=len(found)
    )
    hint = tr("/story {id} shows one whole", id=shown[0].id)
    if more := len(found) - last:
        further = trn(
            "{count} more: {typed}", "{count} more: {typed}", more, typed=_typed(at, verb)
        )
        hint += f"   ·   {further}"
    answer = listing(heading, shown, office.clock(), hint)
    return replace(answer, buttons=tuple(_turns(at, len(found), verb)))


def _turns(at: Wanted, total: int, verb: str) -> list[Button]:
    turns = []
    if at.page > 1:
        turns.append(Button(tr("Newer"), verb, _argument(at, -1)))
    if at.first + at.count < total:
        turns.append(Button(tr("Older"), verb, _argument(at, 1)))
    return turns


def _argument(at: Wanted, step: int) -> str:
    count = str(at.count) if at.count != USUAL else ""
    return " ".join(filter(None, (at.words, count, f"page {at.page + step}")))


def _typed(at: Wanted, verb: str) -> str:
    return f"/{verb} {_argument(at, 1)}"


def nothing(words: str, *otherwise: str) -> Message:
    """Return what is said where no story is found. Raises UsageError for a slip of the pen."""
    if found := ql.slip(words):
        word, near = found
        text = tr('Nothing on "{word}". Did you mean {near}?', word=word, near=near)
        raise UsageError(text, slip=found)
    follow = words and words.casefold() != "all"
    return said(*otherwise, buttons=[Button(tr("Subscribe"), "subscribe", words)] if follow else [])


def bare(name: str) -> tuple[str, str]:
    """Return what is said of words that no story of the archive holds."""
    return (
        tr("Nothing on {name} in the archive yet.", name=name),
        tr("/sources shows what is being read."),
    )
