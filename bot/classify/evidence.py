"""Evidence: the concepts that a text names, where, and which of them stand together.

A feature is a name such as "title:ban" or "body:export+act": a place and what was found there.
The words themselves, the length of a text and its punctuation are never features.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

from msgspec import Struct

from bot.classify.passages import Passage
from bot.classify.terms import Hit, Matcher, lexicon
from bot.classify.topics import LANGUAGES, ancestors, matcher
from bot.model import Topic

STRONG = ("control", "ban", "licence", "list", "regime", "quota", "enforcement")
"""Concepts that name export control by themselves."""
GROUPS: Mapping[str, frozenset[str]] = {
    "strong": frozenset(STRONG),
    "act": frozenset({"restrict", "ease"}),
    "export": frozenset({"export"}),
    "goods": frozenset({"goods"}),
    "state": frozenset({"authority", "government"}),
    "authority": frozenset({"authority"}),
    "country": frozenset({"country"}),
    "news": frozenset({"announce", "plan", "force", "amending"}),
    "list": frozenset({"list"}),
    "permission": frozenset({"permission"}),
    "selling": frozenset({"selling"}),
    "chips": frozenset({"goods-chips"}),
    "against": frozenset(
        {
            "not-earnings",
            "not-price",
            "not-statistics",
            "not-evergreen",
            "not-product",
            "not-import",
            "not-freeze",
            "not-mining",
            "not-promotion",
            "not-culture",
        }
    ),
}
"""Evidence that does the same work in a sentence."""
_PAIRS: Mapping[str, frozenset[str]] = {
    name: frozenset(name.split("+"))
    for name in (
        "against",
        "strong+act",
        "strong+state",
        "strong+country",
        "strong+goods",
        "strong+news",
        "strong+against",
        "strong+goods+country",
        "strong+act+country",
        "export+act",
        "export+act+goods",
        "export+act+country",
        "export+state",
        "export+permission",
        "selling+act+goods",
        "selling+act+country",
        "selling+act+chips+country",
        "selling+permission",
        "permission+goods",
        "permission+country",
        "act+goods",
        "act+goods+country",
        "act+state",
        "act+authority",
        "act+chips",
        "act+country",
        "goods+authority",
        "list+country",
    )
}
_FAMILIES = {
    "critical-minerals": "minerals",
    "semiconductors": "chips",
    "energy": "fuel",
    "food": "food",
    "fertilizer": "food",
    "dual-use": "dual-use",
    "arms": "arms",
}
_DOINGS = frozenset({"restrict", "ease", "quota", "enforcement", "list", "regime"})
_OBJECTS = frozenset({"goods", "export", "selling"})
SPOKEN = frozenset({*STRONG, "export"})
"""Concepts without any of which a text is silent about exports."""
MOST_ACTED = 3
"""How far sentences that act are counted."""
_LEAD = 2
"""How many sentences after the title tell what happened; the rest is background."""


class Reading(Struct, frozen=True):
    """What one passage names: hits of evidence, hits of topics, and the concepts of both."""

    passage: Passage
    evidence: tuple[Hit, ...]
    topics: tuple[Hit, ...]
    concepts: frozenset[str]


@cache
def signs() -> Mapping[str, int]:
    """Return whether each kind of evidence speaks for (1) or against (-1)."""
    return {concept: table["sign"] for concept, table in lexicon("relevance").items()}


def read(passages: Sequence[Passage]) -> tuple[Reading, ...]:
    """Return what each passage names."""
    named = matcher().find_each([passage.text for passage in passages])
    return tuple(map(_read, passages, _evidence(passages), named))


def features_of(readings: Sequence[Reading]) -> frozenset[str]:
    """Return the features of a text: what is named, where, and beside what."""
    found = frozenset[str]().union(*map(features_in, readings))
    return found.union(_overall(found), [f"all:acted-{min(_acted(readings), MOST_ACTED)}"])


def features_in(reading: Reading) -> frozenset[str]:
    """Return the features of one passage."""
    return features_at(place_of(reading), reading.concepts)


@lru_cache(maxsize=8_192)  # sentences that name the same are many
def features_at(place: str, concepts: frozenset[str]) -> frozenset[str]:
    """Return the features of concepts that are named together at a place."""
    names = concepts & {*STRONG} if place == "rest" else {*concepts, *_together(concepts)}
    return frozenset(f"{place}:{name}" for name in names)


def _acted(readings: Iterable[Reading]) -> int:
    """Return how many of the first passages do something about goods or exports."""
    told = (reading.concepts for reading in readings if reading.passage.place <= _LEAD)
    return sum(map(acts, told))


def acts(concepts: frozenset[str]) -> bool:
    """Whether what is named together does something about goods or exports."""
    return not (concepts.isdisjoint(_DOINGS) or concepts.isdisjoint(_OBJECTS | {*STRONG}))


def _overall(found: Iterable[str]) -> Iterator[str]:
    """Yield what holds of the text as a whole."""
    named = {name.partition(":")[2] for name in found}
    told = {name.partition(":")[2] for name in found if not name.startswith("rest:")}
    strong = len(named & set(STRONG))
    yield from (f"all:strong-{n}" for n in range(1, min(strong, 4) + 1))
    if told.isdisjoint(SPOKEN):
        yield "all:silent"


def _read(passage: Passage, found: Sequence[Hit], named: tuple[Hit, ...]) -> Reading:
    against = [hit for hit in found if signs()[hit.concept] < 0]
    speaking = [hit for hit in found if signs()[hit.concept] > 0 and not _within(hit, against)]
    concepts = {hit.concept for hit in (*against, *speaking)}
    concepts |= set(families(hit.concept for hit in named))
    return Reading(passage, (*speaking, *against), named, _plain(frozenset(concepts)))


def _evidence(passages: Sequence[Passage]) -> list[tuple[Hit, ...]]:
    """Return the hits of each passage; none of background that can count for nothing there."""
    rest = [passage.text for passage in passages if passage.place > _LEAD]
    loud = {text for text in rest if _matcher(STRONG).suspects(text)} if _loud(rest) else set[str]()
    told = [p.text if p.place <= _LEAD or p.text in loud else "" for p in passages]
    return _matcher(tuple(signs())).find_each(told)


def _loud(texts: Iterable[str]) -> bool:
    """Whether any of some texts may name export control."""
    return bool(_matcher(STRONG).suspects("\n".join(texts)))


PLAIN = {"licence": "permission", "ban": "restrict"}
"""What these are where a sentence names neither goods nor exporting: taxis are licensed too."""


def _plain(concepts: frozenset[str]) -> frozenset[str]:
    if not concepts.isdisjoint(_OBJECTS | {"authority"}):
        return concepts
    return frozenset(PLAIN.get(concept, concept) for concept in concepts)


@cache
def _matcher(concepts: tuple[str, ...]) -> Matcher:
    return Matcher({concept: terms_of(concept) for concept in concepts}, apart=True)


@cache
def terms_of(concept: str) -> tuple[str, ...]:
    """Return what a kind of evidence is known by; a country by all its names too."""
    table = lexicon("relevance")[concept]
    listed = [term for lang in LANGUAGES for term in table.get(lang, ())]
    return tuple(dict.fromkeys([*listed, *(_countries() if concept == "country" else ())]))


def _countries() -> Iterator[str]:
    for row in lexicon("countries").values():
        for names in row.values():
            yield from names


def _within(hit: Hit, others: Iterable[Hit]) -> bool:
    """Whether a longer hit of the other side covers this one: "import ban" is no "ban"."""
    return any(
        other.start <= hit.start and hit.end <= other.end and other.words != hit.words
        for other in others
    )


def families(slugs: Iterable[str]) -> Iterator[str]:
    """Yield "goods", and the large family of the goods, for each topic that is named."""
    for slug in set(slugs):
        yield "goods"
        for wider in (slug, *ancestors(Topic(slug))):
            if wider in _FAMILIES:
                yield f"goods-{_FAMILIES[wider]}"


def place_of(reading: Reading) -> str:
    """Return where a passage stands: "title", "lead" or "rest"."""
    place = reading.passage.place
    return "title" if place == 0 else "lead" if place <= _LEAD else "rest"


@lru_cache(maxsize=8_192)  # sentences that name the same are many
def _together(concepts: frozenset[str]) -> tuple[str, ...]:
    """Return which groups of evidence stand in one sentence."""
    present = {group for group, members in GROUPS.items() if not members.isdisjoint(concepts)}
    return tuple(name for name, groups in _PAIRS.items() if groups <= present)
