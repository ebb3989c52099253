"""What a measure is and which way it cuts: the first passage that says so decides.

Each passage, the title first, is read as a row of concepts in their order (`lexicon/actions.toml`).
Rules, the most telling first, turn a row into an action and a direction. Undoing what restricts
eases ("suspends the ban"), undoing what permits restricts ("loses its waiver"); what is only
planned, demanded, denied or talked about is neutral.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.classify.concepts import MEASURES, RESTRICTS, Row, only, rows_of
from bot.classify.exact import refined, towards
from bot.classify.passages import Passage
from bot.classify.talk import Finding, talk_of
from bot.classify.terms import Hit
from bot.classify.undoing import for_a_time, of_a_licence, of_a_waiver, rule_ended, taken, withdrawn
from bot.model import Direction, Evidence

PLANNED = "planned"
"""The fact that says which way a proposal would cut."""
READ = 4  # passages: what happened is said early


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one item does; `hedged` where it is only planned or reported by unnamed sources."""

    action: str
    direction: Direction
    hedged: bool
    evidence: tuple[Evidence, ...]


def verdict_of(passages: Sequence[Passage], lang: str = "") -> Verdict:
    """Return what the first telling passage says; a statement where none does."""
    read = passages[:READ]
    only("undo", lang).find_each([passage.text for passage in read])  # in one pass: each is asked
    rows = list(zip(read, rows_of(read, lang), strict=True))
    sourced = any("sourced" in row.has for _, row in rows[:2])
    found = [(p, row, f) for p, row in rows if (f := _decided(row))]
    if not found or _answered([row for _, row in rows[:3]]):
        return _unclear([row for _, row in rows], hedged=sourced)
    passage, row, told = _firmest(found)
    told = refined(told, row, [row for _, row in rows[:3]])
    words = [hit for hit in row.hits if hit.concept in told.by]
    hedged = sourced or told.action == "proposal"
    return Verdict(told.action, told.direction, hedged, _evidence(told, words, passage))


def _answered(lead: Sequence[Row]) -> bool:
    """Whether a title's spokesperson only answers what another country does."""
    return "speaker" in lead[0].has and any("react" in row.has for row in lead[1:])


_Found = tuple[Passage, Row, Finding]


def _firmest(found: Sequence[_Found]) -> _Found:
    """Return what is found first, unless it only names a measure and the next passage does it."""
    first, *others = found
    weak = first[2].firmness < _DONE and first[0].place == 0
    after = [one for one in others if one[0].place == 1 and one[2].action == "lift"]
    return after[0] if weak and after else first


_DONE = 3


def _unclear(rows: Sequence[Row], *, hedged: bool) -> Verdict:
    if any("object" in row.has for row in rows) and not any("react" in row.has for row in rows):
        return Verdict("new-control", Direction.RESTRICT, hedged, ())
    return Verdict("statement", Direction.NEUTRAL, hedged, ())


def _evidence(told: Finding, hits: Sequence[Hit], passage: Passage) -> tuple[Evidence, ...]:
    words = told.words or ", ".join(dict.fromkeys(hit.words for hit in hits))
    facts = [("action", told.action), ("direction", str(told.direction))]
    if told.towards is not Direction.NEUTRAL:
        facts.append((PLANNED, str(told.towards)))
    return tuple(
        Evidence(fact=fact, value=value, words=words, in_title=passage.place == 0)
        for fact, value in facts
    )


def _decided(row: Row) -> Finding | None:
    """Return what a passage says, or None where it names no measure."""
    if row.title and "roster" in row.has:
        return Finding("guidance", Direction.NEUTRAL, frozenset({"roster"}))
    measure = next(_measures(row), None)
    if row.title and (talk := talk_of(row, measure)):
        return talk
    if measure and _planned(row):
        by = measure.by | {"plan"}
        return Finding("proposal", Direction.NEUTRAL, by, towards=towards(measure, row))
    if not measure and row.title and "plan" in row.has and row.of_planned:
        return Finding("proposal", Direction.NEUTRAL, frozenset({"plan"}))
    return measure


def _planned(row: Row) -> bool:
    """Whether the measure is still to be decided; a plan named after it is another matter."""
    if row.has & {"enforce", "deny"}:
        return False
    return "plan" in row.has or row.first("intend") < row.first(*MEASURES)


_ALONE = (
    ("enforce", "enforcement"),
    ("list", "entity-listing"),
    ("amend", "tighten"),
    ("quota", "quota"),
    ("deny", "licence-denial"),
    ("tighten", "tighten"),
    ("prolong", "tighten"),
    ("ban", "ban"),
    ("suspend", "suspension"),
    ("halt", "ban"),
    ("impose", "new-control"),
)
"""Which concept alone makes which action; the first that a row holds wins."""


_STOPPED = {"ban", "halt", "suspend"}
"""What stops exports: prolonged, it is still a ban."""


def _measures(row: Row) -> Iterator[Finding]:
    """Yield what a row may be, the most telling first."""
    if "strip" in row.has or withdrawn(row):
        stripped = " ".join(hit.words for hit in row.hits if hit.concept == "strip")
        action = "licence-denial" if of_a_licence(stripped, row.lang) else "tighten"
        yield Finding(action, Direction.RESTRICT, frozenset({"strip", "waiver", "lift"}))
    if undone := taken(row):
        yield _taken(row, undone)
    yield from _eases(row)
    if row.has & {*RESTRICTS, "object"} and (ended := rule_ended(row)):
        yield Finding("lift", Direction.EASE, frozenset(), words=ended.words)
    if "prolong" in row.has:
        yield from _prolonged(row)
    for concept, action in sorted(_ALONE, key=lambda pair: pair[0] != "tighten" or not _leads(row)):
        if concept in row.has and row.all_denied(concept):
            yield Finding("statement", Direction.NEUTRAL, frozenset({concept, "negate"}))
        elif concept in row.has:
            more = concept == "quota" and row.title and only("more", row.lang).find(row.text)
            way = Direction.EASE if more else Direction.RESTRICT
            yield Finding(action, way, frozenset({concept}), 2 + row.firm(concept))


def _prolonged(row: Row) -> Iterator[Finding]:
    """Yield a stop that goes on, or a permission that does."""
    if row.has & _STOPPED:
        yield Finding("ban", Direction.RESTRICT, (row.has & _STOPPED) | {"prolong"})
    elif not row.has & {*RESTRICTS, "object"} and only("permit", row.lang).find(row.text):
        yield Finding("licence-approval", Direction.EASE, frozenset({"prolong"}))


def _taken(row: Row, hit: Hit) -> Finding:
    """Return what it is to take a permission away for good or for a time."""
    single = "suspension" if for_a_time(hit, row.lang) else "licence-denial"
    action = "tighten" if of_a_waiver(hit, row) else single
    return Finding(action, Direction.RESTRICT, frozenset(), words=hit.words)


def _leads(row: Row) -> bool:
    """Whether tightening is the first thing that is done: what else is done is a part of it."""
    done = [hit.concept for hit in row.verbs if hit.concept in RESTRICTS]
    return done[:1] == ["tighten"]


def _eases(row: Row) -> Iterator[Finding]:
    undone = row.has & RESTRICTS
    for concept, action in (("unlist", "delisting"), ("lift", "lift"), ("pause", "suspension")):
        if concept not in row.has and not (concept == "unlist" and _struck_off(row)):
            continue
        if row.denied(concept):
            yield Finding("statement", Direction.NEUTRAL, frozenset({concept, "negate"}))
        elif concept != "pause" or undone - {"halt", "suspend"} or row.of_controls("pause"):
            yield Finding(action, Direction.EASE, undone | {concept})
        elif row.of_trade:
            yield Finding(action, _of_a_pause(row), frozenset({concept}))
    if "approve" in row.has and not (row.verb_last and "deny" in row.has):
        yield from _permits(row)


_STOPS = re.compile(
    r"suspen|halt|freez|froze|stop|gel|gèl|congel|сусп|приост|останов|заморо|aussetz|ausgesetzt|setz"
    r"|停|中止|冻结|凍結|保留|중단|보류|동결|중지",
    re.IGNORECASE,
)


def _of_a_pause(row: Row) -> Direction:
    """Return what it does that trade is stopped for a time; a delay may cut either way: no guess."""
    said = " ".join(hit.words for hit in row.hits if hit.concept == "pause")
    return Direction.RESTRICT if _STOPS.search(said) else Direction.NEUTRAL


_OFF = re.compile(r"\b(?:remov|delet|struck|strike|drop)\w*\b.{1,90} from (?:the |its )?$")


def _struck_off(row: Row) -> bool:
    """Whether names are taken from a list, however many stand between."""
    listed = (hit.start for hit in row.hits if hit.concept == "list")
    return any(_OFF.search(row.text[:start]) for start in listed)


def _permits(row: Row) -> Iterator[Finding]:
    """Yield a permission, unless it is refused or something stricter is done before it."""
    if row.title and "quota" in row.has and only("less", row.lang).find(row.text):
        return
    if any(_passed(row, hit) for hit in row.hits if hit.concept == "approve"):
        return
    stricter = [h.start for h in row.verbs if h.concept in RESTRICTS]
    if row.denied("approve"):
        yield Finding("licence-denial", Direction.RESTRICT, frozenset({"approve", "negate"}))
    elif row.first("approve") < min(stricter, default=1 << 20):
        yield Finding("licence-approval", Direction.EASE, frozenset({"approve"}))


_DIRECTLY = re.compile(r" (?:(?:an?|the|its|une?|la|el|las|das|ein) (?:\w+ )?)?")


def _passed(row: Row, hit: Hit) -> bool:
    """Whether what is approved is a restriction: "approved a prohibition"."""
    named = (h for h in row.hits if h.concept in RESTRICTS and h.words in row.nouns)
    after = (h for h in named if h.start > hit.start)
    return any(_DIRECTLY.fullmatch(row.text, hit.end, h.start) for h in after)
