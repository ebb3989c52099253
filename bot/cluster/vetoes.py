"""What forbids that an item is of a story, and what it undoes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from bot.cluster.profile import Profile, Sight, by_series

_REVERSE = {"dir:restrict": "dir:ease", "dir:ease": "dir:restrict"}
_LISTING = frozenset({"act:entity-listing", "act:delisting"})
_LIFTING = frozenset({"act:suspension", "act:lift", "act:delisting"})
_MOSTLY, _BY_THE_WAY = 0.5, 0.3
"""Shares of a story's reports: most of them, and enough to be what it tells."""
_DENIED_WITHIN = timedelta(days=14)
"""A report older than that is not what is denied now."""
_SAME_DAYS = timedelta(days=2)
"""Announcements of so few days may be told together; a later one that cites them is another."""


def veto(sight: Sight, held: Profile) -> str:
    """Return why an item cannot be of this story, or "" where nothing forbids it."""
    return next((reason for reason, holds in _VETOES.items() if holds(sight, held)), "")


def _other_actor(sight: Sight, held: Profile) -> bool:
    """Whether another country acts, as far as that is sure.

    A document that is shared settles it, and so does the actor of most of a story's reports: the
    others are misread. Where one text names the actor of the other, who acts may have been
    misread (it then speaks against, but forbids nothing), unless each aims at the other or both
    list names, and other ones: that is tit for tat.
    """
    acts, acting = sight.told("issuer"), held.told("issuer")
    known = max((acting.get(mark, 0.0) for mark in acts), default=1.0) >= _MOSTLY
    if known or not acting or shared(sight, held, "doc"):
        return False
    if listed(sight, held) and not shared(sight, held, "co"):
        return True
    ours, theirs = _lands(acts), _lands(acting)
    named = not ours.isdisjoint(held.told("land")) or not theirs.isdisjoint(sight.told("land"))
    aimed = _lands(held.told("aim")), _lands(sight.told("aim"))
    return not named or not (ours.isdisjoint(aimed[0]) or theirs.isdisjoint(aimed[1]))


def _lands(marks: Iterable[str]) -> frozenset[str]:
    """Return countries in whatever part, as `by_kind` names them."""
    return frozenset(f"land:{mark.partition(':')[2].casefold()}" for mark in marks)


def _other_measure(sight: Sight, held: Profile) -> bool:
    """Whether one grants licences under a control and the other suspends the control itself."""
    ours, theirs = sight.told("act"), frozenset(held.told("act"))
    pair = {"act:licence-approval", "act:suspension"}
    apart = ours.isdisjoint(theirs) and not opposite(sight, held)
    return bool(ours and theirs) and ours <= pair and theirs <= pair and apart


def _parted(stated: frozenset[str], held: Iterable[frozenset[str]]) -> bool:
    """Whether any report states something else of what an item states."""
    return bool(stated) and any(stated.isdisjoint(other) for other in held)


def _apart(sight: Sight, held: Profile, kind: str) -> bool:
    """Whether an item and a story both state some of a kind, and share none of it."""
    ours, theirs = sight.told(kind), held.told(kind)
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


def _other_number(sight: Sight, held: Profile) -> bool:
    """Whether an item is about another number, be it that it cites this story's as well."""
    afterwards = sight.when - held.first > _SAME_DAYS
    return any(
        _parted(numbers, held.documents.get(series, ()))
        or (afterwards and _later(numbers, held.documents.get(series, ())))
        for series, numbers in by_series(sight.told("doc")).items()
    )


def _later(stated: frozenset[str], held: Iterable[frozenset[str]]) -> bool:
    """Whether the highest number that an item states is above all that a story's reports do."""
    known = max((_number(mark) for each in held for mark in each), default=0)
    return 0 < known < max(map(_number, stated))


def _number(document: str) -> int:
    """Return the last part of a document number, as a number; 0 where it is none."""
    last = document.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def opposite(sight: Sight, held: Profile) -> bool:
    """Whether an item tells the other way from what most of a story's reports tell."""
    return _REVERSE.get(held.direction, "") in sight.marks


def _reversed(sight: Sight, held: Profile) -> bool:
    """Whether titles tell the two ways; what only a text tells may be background, or misread."""
    head = held.direction.replace("dir:", "head:")
    titled = bool(sight.told("head")) and held.told("head").get(head, 0.0) >= _BY_THE_WAY
    return titled and opposite(sight, held)


def undoes(sight: Sight, held: Profile) -> bool:
    """Whether an item undoes an earlier story: the other way in the same matter, or a denial.

    The matter is the same where the document is; or the actor together with goods or a company,
    where one of the two lifts or pauses something (an approval undoes no ban).
    """
    if held.first > sight.when:
        return False
    if sight.told("says") and not _denial(held):
        return _matter(sight, held) and sight.when - held.first <= _DENIED_WITHIN
    if not opposite(sight, held):
        return False
    lifting = not _LIFTING.isdisjoint(sight.told("act") | held.told("act").keys())
    return shared(sight, held, "doc") or (lifting and _matter(sight, held))


def _matter(sight: Sight, held: Profile) -> bool:
    """Whether the same actor is told of in the matter of the same goods or company."""
    goods = any(shared(sight, held, kind) for kind in ("goods", "word", "co", "firm"))
    return goods and shared(sight, held, "issuer")


def _denial(held: Profile) -> bool:
    """Whether most reports of a story deny something."""
    return max(held.told("says").values(), default=0.0) >= _MOSTLY


def _denied(sight: Sight, held: Profile) -> bool:
    """Whether one denies what the other reports; mere statements may say the same."""
    if sight.told("act") | held.told("act").keys() == {"act:statement"}:
        return False
    return bool(sight.told("says")) != _denial(held)


def shared(sight: Sight, held: Profile, kind: str) -> bool:
    """Whether both state a mark of a kind."""
    ours = sight.told(kind)
    return bool(ours) and not ours.isdisjoint(held.told(kind))


def listed(sight: Sight, held: Profile) -> bool:
    """Whether both tell of names put on a list or taken off it, and the story not by the way."""
    share = sum(part for mark, part in held.told("act").items() if mark in _LISTING)
    return share >= _BY_THE_WAY and not _LISTING.isdisjoint(sight.told("act"))


def _other_package(sight: Sight, held: Profile) -> bool:
    return _parted(sight.told("round"), held.rounds)


def _other_list(sight: Sight, held: Profile) -> bool:
    return _parted(sight.told("list"), held.lists)


def _other_way(sight: Sight, held: Profile) -> bool:
    """Whether a title names a way of licensing that no report of the story does.

    Or where most of the story's do, and the item tells of none and of another measure.
    """
    if sight.told("way"):
        return not shared(sight, held, "way")
    told = max(held.told("way").values(), default=0.0) >= _MOSTLY
    return told and not shared(sight, held, "act")


def _other_count(sight: Sight, held: Profile) -> bool:
    """Whether both tell of a list, and of other numbers of names on it."""
    return listed(sight, held) and _apart(sight, held, "num")


_VETOES: Mapping[str, Callable[[Sight, Profile], bool]] = {
    "another country acts": _other_actor,
    "the opposite direction": _reversed,
    "a denial": _denied,
    "another announcement number": _other_number,
    "another package": _other_package,
    "another list": _other_list,
    "another number of names": _other_count,
    "another way of licensing": _other_way,
    "another kind of measure": _other_measure,
}
"""What forbids that two are one event, in the order in which it is looked for."""
