"""Topics: the catalogue that people subscribe to, and which of them a text names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from types import MappingProxyType

from bot.classify.terms import Hit, Matcher, lexicon, normalise, tidy
from bot.model import Topic

LANGUAGES = ("en", "zh", "ja", "ko", "de", "fr", "es", "ru", "xx")
"""The lists of terms that a topic may have; "xx" is for words alike in all languages."""
_MANY = 5
_CLOSE = 0.78
_VAGUE = Topic("dual-use")
"""A list of all goods: who names it has not said which."""


_CHIPS, _MINERALS, _GASES = Topic("semiconductors"), Topic("critical-minerals"), Topic("helium")
"""Chips that are named after a metal are what it is for, or what is answered; gases go into them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A topic of the catalogue.

    `parents` are the wider topics. `apart` is true where naming it does not name its parents,
    `aside` where a report names it in passing: what else the goods are for, what else is dear.
    """

    slug: Topic
    name: str
    parents: tuple[Topic, ...]
    terms: tuple[str, ...]
    apart: bool = False
    aside: bool = False


@cache
def topics() -> Mapping[Topic, Heading]:
    """Return the catalogue in its own order."""
    return MappingProxyType(
        {
            Topic(slug): Heading(
                slug=Topic(slug),
                name=table["name"],
                parents=tuple(map(Topic, table.get("parents", ()))),
                terms=tuple(term for lang in LANGUAGES for term in table.get(lang, ())),
                apart=table.get("apart", False),
                aside=table.get("aside", False),
            )
            for slug, table in lexicon("topics").items()
        }
    )


def called(slug: Topic) -> tuple[str, ...]:
    """Return what each language calls a topic first, as a person would write it."""
    lists = (lexicon("topics")[slug].get(lang) for lang in LANGUAGES)
    first = (terms[0].strip("=*").replace("(s)", "") for terms in lists if terms)
    return tuple(dict.fromkeys(first))


@cache
def matcher() -> Matcher:
    """Return what finds the terms of all topics; its concepts are slugs."""
    return Matcher({slug: heading.terms for slug, heading in topics().items()})


def find_topics(text: str) -> tuple[Hit, ...]:
    """Return the hits of topic terms in a text of `tidy`."""
    return matcher().find(text)


@cache
def ancestors(topic: Topic) -> tuple[Topic, ...]:
    """Return all wider topics of `topic`, the nearest first."""
    parents = topics()[topic].parents
    return tuple(dict.fromkeys([*parents, *(up for p in parents for up in ancestors(p))]))


@cache
def expand(topic: Topic) -> frozenset[Topic]:
    """Return `topic` with all that belongs under it: what its subscriber is to be shown."""
    return frozenset(t for t in topics() if t == topic or topic in ancestors(t))


def topics_of(mentions: Sequence[tuple[int, Topic]]) -> tuple[Topic, ...]:
    """Return what a text is about, from the places (0: title) at which it names topics.

    What comes late counts only if it is akin to the title's own topics: the rest of a report
    recalls other measures. What is often named aside counts only where no other goods come first.
    """
    mentions = _without_uses(mentions)
    head = {topic for place, topic in mentions if place == 0}
    goods = [(place, topic) for place, topic in mentions if topic != _VAGUE]
    first = {topic for place, topic in goods if place == goods[0][0]}
    found = [
        topic
        for place, topic in mentions
        if _akin(topic, first if _aside(topic) else head)
        or (not _aside(topic) and (place <= 1 or not head))
    ]
    wider = [up for topic in found for up in _implied(topic)]
    general = {up for topic in found if topics()[topic].apart for up in ancestors(topic)}
    kept = [topic for topic in found if topic in head or topic in wider or topic not in general]
    return tuple(dict.fromkeys([*kept, *wider]))


def _without_uses(mentions: Sequence[tuple[int, Topic]]) -> list[tuple[int, Topic]]:
    """Leave out chips that come after a metal."""
    kept: list[tuple[int, Topic]] = []
    metals = False
    for place, topic in mentions:
        family = {topic, *ancestors(topic)}
        if not (metals and _CHIPS in family):
            kept.append((place, topic))
        metals = metals or (_MINERALS in family and topic != _GASES)
    return kept


def topics_under(documents: Iterable[str]) -> tuple[Topic, ...]:
    """Return what the measures with these canonical numbers control, with the wider topics."""
    known = lexicon("measures")["topics"]
    found = [Topic(slug) for number in documents for slug in known.get(number, ())]
    return tuple(dict.fromkeys([*found, *(up for topic in found for up in _implied(topic))]))


def topics_beside(
    found: Iterable[Topic], action: str, issuers: Iterable[str], text: str
) -> tuple[Topic, ...]:
    """Return what a page about `found` is labelled with besides (lexicon/brings.toml)."""
    named, acting = {str(topic) for topic in found}, set(issuers)
    rows = lexicon("brings")["brings"]
    beside = [
        Topic(slug)
        for at, row in enumerate(rows)
        if len(named.intersection(row["has"])) >= row.get("least", 1)
        and named.isdisjoint(row.get("without", ()))
        and action in row.get("actions", (action,))
        and ("issuers" not in row or not acting.isdisjoint(row["issuers"]))
        and ("words" not in row or _said(at).find(text))
        for slug in row["brings"]
    ]
    return tuple(dict.fromkeys(beside))


@cache
def _said(row: int) -> Matcher:
    return Matcher({"said": lexicon("brings")["brings"][row]["words"]})


@lru_cache(maxsize=16_384)  # at a start every subscription asks for each of its words
def topic_for(words: str) -> Topic | None:
    """Return the topic that a person means by `words`: a slug, a name or one whole term."""
    wanted = normalise(words)
    slug = Topic(wanted.replace(" ", "-"))
    if slug in topics():
        return slug
    return _by_name().get(wanted) or _by_term(words)


@cache
def _by_name() -> Mapping[str, Topic]:
    return {normalise(heading.name): heading.slug for heading in topics().values()}


def suggest(words: str) -> tuple[Topic, ...]:
    """Return the topics whose slug, name or terms are spelled nearly like `words`."""
    spelled = _spellings()
    close = get_close_matches(normalise(words), spelled, n=_MANY * 2, cutoff=_CLOSE)
    within = find_topics(tidy(words))
    found = [*(spelled[word] for word in close), *(Topic(hit.concept) for hit in within)]
    return tuple(dict.fromkeys(found))[:_MANY]


@cache
def _aside(topic: Topic) -> bool:
    """Whether `topic`, or a wider one, is often named in passing."""
    return any(topics()[name].aside for name in (topic, *ancestors(topic)))


def _akin(topic: Topic, others: Iterable[Topic]) -> bool:
    """Whether `topic` is one of `others`, or above or below one of them."""
    family = {topic, *ancestors(topic)}
    return any(other in family or topic in ancestors(other) for other in others)


@cache
def _implied(topic: Topic) -> tuple[Topic, ...]:
    """Return the ancestors that are named along with `topic`."""
    heading = topics()[topic]
    parents = () if heading.apart else heading.parents
    return tuple(dict.fromkeys([*parents, *(up for p in parents for up in _implied(p))]))


def _by_term(words: str) -> Topic | None:
    """Return the topic of which `words` are one whole term, in any letter case."""
    plain = normalise(words).replace("-", " ")
    for text in (tidy(words), tidy(words).upper()):
        for hit in find_topics(text):
            if normalise(hit.words).replace("-", " ") == plain:
                return Topic(hit.concept)
    return None


@cache
def _spellings() -> Mapping[str, Topic]:
    """Return every plain spelling that a person may have meant, and its topic."""
    found: dict[str, Topic] = {}
    for heading in topics().values():
        for word in (heading.slug, heading.name, *heading.terms):
            found.setdefault(normalise(word.strip("=*").replace("(s)", "")), heading.slug)
    return found
