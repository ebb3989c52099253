"""A label in words that a trader understands: what it is, why, and what spoke against it."""

from collections.abc import Iterable

from bot.classify.relevance import AGAINST, FOR
from bot.classify.topics import topics
from bot.language import tr
from bot.model import Evidence, Label

_WORDS = 60
"""The longest stretch of a source's words that is shown."""


def explain(label: Label) -> tuple[str, ...]:
    """Return one line each for relevance, doubts, topics and every fact, with their words."""
    doubts = _told(label.evidence, AGAINST)
    lines = [_relevance(label)]
    if doubts:
        lines.append(tr("Against that spoke {doubts}.", doubts=doubts))
    if label.topics:
        names = ", ".join(topics()[topic].name for topic in label.topics if topic in topics())
        lines.append(_topics(names, _words_of(label.evidence, "topic")))
    return (*lines, *_facts(label.evidence))


def _topics(names: str, words: str) -> str:
    if not words:
        return tr("Topics: {names}.", names=names)
    return tr("Topics: {names}, from {words}.", names=names, words=words)


def _relevance(label: Label) -> str:
    told = _told(label.evidence, FOR) or tr("no words of export control")
    score = f"{label.score:.2f}"
    if label.relevant:
        return tr("It is export-control news ({score}): {told}.", score=score, told=told)
    return tr("It is not export-control news ({score}): {told}.", score=score, told=told)


def _told(evidence: Iterable[Evidence], fact: str) -> str:
    """Return the words of a fact and what each means, joined."""
    return " + ".join(f"{_quoted(e.words)} ({_placed(e)})" for e in evidence if e.fact == fact)


def _placed(entry: Evidence) -> str:
    return tr("{meaning}, in the title", meaning=entry.value) if entry.in_title else entry.value


def _facts(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return a line for each other fact, in the order in which they were found."""
    found: dict[str, list[str]] = {}
    for entry in evidence:
        if entry.fact not in (FOR, AGAINST, "topic"):
            told = f"{entry.value} ({_quoted(entry.words)})" if entry.words else entry.value
            found.setdefault(entry.fact, []).append(told)
    return tuple(
        tr("{fact}: {told}.", fact=_named(fact), told=", ".join(dict.fromkeys(told)))
        for fact, told in found.items()
    )


def _named(fact: str) -> str:
    words = {
        "issuer": tr("Issuer"),
        "target": tr("Target"),
        "action": tr("Action"),
        "direction": tr("Direction"),
        "document": tr("Document"),
        "entities": tr("Entities"),
        "denial": tr("Denial"),
        "planned": tr("Planned"),
    }
    return words.get(fact) or fact.capitalize()


def _words_of(evidence: Iterable[Evidence], fact: str) -> str:
    return ", ".join(dict.fromkeys(_quoted(e.words) for e in evidence if e.fact == fact))


def _quoted(words: str) -> str:
    cut = words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"
    return f"“{cut}”"
