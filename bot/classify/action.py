"""What a measure is and which way it cuts: the first passage that says so decides.

Each passage, the title first, is read as a row of concepts in their order (`lexicon/actions.toml`).
Rules, the most telling first, turn a row into an action and a direction. Undoing what restricts
eases ("suspends the ban"), undoing what permits restricts ("loses its waiver"); what is only
planned, demanded, denied or talked about is neutral.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from bot.classify.passages import Passage
from bot.classify.terms import Hit, Matcher, lexicon
from bot.model import Direction, Evidence

READ = 4  # passages: what happened is said early
LANGUAGES = ("en", "zh", "ja", "ko", "de", "fr", "es", "ru")
_VERB_LAST = ("ja", "ko")
_NEAR = 14  # signs between a "not" and what it denies
_RESTRICTS = frozenset(
    {"ban", "halt", "suspend", "tighten", "impose", "list", "quota", "deny", "amend"}
)
_EASES = frozenset({"lift", "pause", "approve", "unlist"})
_MEASURES = _RESTRICTS | _EASES | {"strip", "enforce"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one item does; `hedged` where it is only planned or reported by unnamed sources."""

    action: str
    direction: Direction
    hedged: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one passage says: action, direction, the concepts that say so, and how firmly (1-3)."""

    action: str
    direction: Direction
    by: frozenset[str]
    firmness: int = 3


@dataclass(frozen=True)
class Row:
    """The concepts of one passage in their order. `nouns` only name a measure, as "the ban"."""

    hits: tuple[Hit, ...]
    nouns: frozenset[str]
    lang: str
    title: bool

    @cached_property
    def has(self) -> frozenset[str]:
        """Return the concepts that the passage names."""
        return frozenset(hit.concept for hit in self.hits)

    @cached_property
    def verbs(self) -> tuple[Hit, ...]:
        """Return the hits of measures that are done and not only named."""
        return tuple(h for h in self.hits if h.concept in _MEASURES and not self._named(h))

    def _named(self, hit: Hit) -> bool:
        return hit.words in self.nouns

    def first(self, *concepts: str) -> int:
        """Return where the first hit of any of the concepts starts; beyond the text if nowhere."""
        return next((hit.start for hit in self.hits if hit.concept in concepts), 1 << 20)

    def firm(self, concept: str) -> bool:
        """Whether the concept is done and not only named."""
        return any(hit.concept == concept for hit in self.verbs)

    def denied(self, concept: str) -> bool:
        """Whether a "not" stands close to the concept; after it, where verbs come last."""
        return any(
            0 <= self._gap(hit, no) <= _NEAR
            for hit in self.hits
            if hit.concept == concept
            for no in self.hits
            if no.concept == "negate"
        )

    def of_controls(self, concept: str) -> bool:
        """Whether controls are named beside the concept or in its own words."""
        said = (hit.words for hit in self.hits if hit.concept == concept)
        return "object" in self.has or any(_objects(self.lang).find(words) for words in said)

    def _gap(self, hit: Hit, no: Hit) -> int:
        return no.start - hit.end if self.lang in _VERB_LAST else hit.start - no.end


@cache
def matcher(lang: str) -> Matcher:
    """Return what finds the concepts of actions in a language; in any where it is not ours.

    "will" plans in German and not in English, so the languages are kept apart where they are known.
    """
    tables = ((name, t) for name, t in lexicon("actions").items() if name != "noun")
    return Matcher({name: _terms(table, lang) for name, table in tables})


@cache
def _nouns(lang: str) -> Matcher:
    return Matcher({"noun": _terms(lexicon("actions")["noun"], lang)})


@cache
def _objects(lang: str) -> Matcher:
    return Matcher({"object": _terms(lexicon("actions")["object"], lang)})


def _terms(table: dict[str, list[str]], lang: str) -> list[str]:
    read = (lang,) if lang in LANGUAGES else (*LANGUAGES, "other")
    return [term for own in read for term in table.get(own, ())]


def verdict_of(passages: Sequence[Passage], lang: str = "") -> Verdict:
    """Return what the most telling of the first passages says; a statement where none does."""
    rows = [(p, _row(p, lang)) for p in passages[:READ]]
    sourced = any("sourced" in row.has for _, row in rows[:2])
    found = [(p, row, f) for p, row in rows if (f := _decided(row))]
    if not found:
        return _unclear([row for _, row in rows], hedged=sourced)
    passage, row, told = found[0]
    words = [hit for hit in row.hits if hit.concept in told.by]
    hedged = sourced or told.action == "proposal"
    return Verdict(told.action, told.direction, hedged, _evidence(told, words, passage))


def _row(passage: Passage, lang: str) -> Row:
    hits = matcher(lang).find(passage.text)
    nouns = frozenset(
        hit.words for hit in hits if any(n.words == hit.words for n in _nouns(lang).find(hit.words))
    )
    return Row(hits, nouns, lang, passage.place == 0)


def _unclear(rows: Sequence[Row], *, hedged: bool) -> Verdict:
    if any("object" in row.has for row in rows) and not any("react" in row.has for row in rows):
        return Verdict("new-control", Direction.RESTRICT, hedged, ())
    return Verdict("statement", Direction.NEUTRAL, hedged, ())


def _evidence(told: Finding, hits: Sequence[Hit], passage: Passage) -> tuple[Evidence, ...]:
    words = ", ".join(dict.fromkeys(hit.words for hit in hits))
    facts = (("action", told.action), ("direction", str(told.direction)))
    return tuple(
        Evidence(fact=fact, value=value, words=words, in_title=passage.place == 0)
        for fact, value in facts
    )


def _decided(row: Row) -> Finding | None:
    """Return what a passage says, or None where it names no measure."""
    measure = next(_measures(row), None)
    if row.title and (talk := _talk(row, measure)):
        return talk
    if measure and _planned(row):
        return Finding("proposal", Direction.NEUTRAL, measure.by | {"plan"})
    return measure


def _planned(row: Row) -> bool:
    """Whether the measure is still to be decided; a plan named after it is another matter."""
    if row.has & {"enforce", "deny"}:
        return False
    return "plan" in row.has or row.first("intend") < row.first(*_MEASURES)


def _talk(row: Row, measure: Finding | None) -> Finding | None:
    """Return the talk that a title is about: an answer to a measure is no measure."""
    done = min((hit.start for hit in row.verbs), default=1 << 20)
    for concept in ("remain", "react"):
        if concept in row.has and (row.first(concept) < done or row.lang in _VERB_LAST):
            return Finding("statement", Direction.NEUTRAL, frozenset({concept}))
    if any(row.denied(concept) for concept in ("plan", "ban", "impose", "halt")):
        return Finding("statement", Direction.NEUTRAL, row.has & {"plan", "ban", "negate"})
    if measure:
        return None
    for concept, action in (("guide", "guidance"), ("say", "statement")):
        if concept in row.has:
            return Finding(action, Direction.NEUTRAL, frozenset({concept}))
    return None


_ALONE = (
    ("enforce", "enforcement"),
    ("list", "entity-listing"),
    ("amend", "tighten"),
    ("quota", "quota"),
    ("deny", "licence-denial"),
    ("ban", "ban"),
    ("suspend", "suspension"),
    ("halt", "ban"),
    ("tighten", "tighten"),
    ("impose", "new-control"),
)
"""Which concept alone makes which action; the first that a row holds wins."""


def _measures(row: Row) -> Iterator[Finding]:
    """Yield what a row may be, the most telling first."""
    if "strip" in row.has:
        yield Finding("tighten", Direction.RESTRICT, frozenset({"strip"}))
    yield from _eases(row)
    for concept, action in _ALONE:
        if concept in row.has:
            yield Finding(action, Direction.RESTRICT, frozenset({concept}), 2 + row.firm(concept))


def _eases(row: Row) -> Iterator[Finding]:
    undone = row.has & _RESTRICTS
    for concept, action in (("unlist", "delisting"), ("lift", "lift"), ("pause", "suspension")):
        if concept not in row.has:
            continue
        if row.denied(concept):
            yield Finding("statement", Direction.NEUTRAL, frozenset({concept, "negate"}))
        elif concept != "pause" or undone or row.of_controls("pause"):
            yield Finding(action, Direction.EASE, undone | {concept})
        elif "trade" in row.has:
            yield Finding(action, Direction.RESTRICT, frozenset({concept, "trade"}))
    if "approve" in row.has:
        yield from _permits(row)


def _permits(row: Row) -> Iterator[Finding]:
    """Yield a permission, unless it is refused or something stricter is done before it."""
    stricter = [h.start for h in row.verbs if h.concept in _RESTRICTS]
    if row.denied("approve"):
        yield Finding("licence-denial", Direction.RESTRICT, frozenset({"approve", "negate"}))
    elif row.first("approve") < min(stricter, default=1 << 20):
        yield Finding("licence-approval", Direction.EASE, frozenset({"approve"}))
