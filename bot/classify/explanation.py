"""A label in words that a trader understands: what it is, why, and what spoke against it."""

from collections.abc import Iterable

from bot.classify.relevance import AGAINST, FOR
from bot.classify.topics import topics
from bot.model import Evidence, Label

_WORDS = 60
"""The longest stretch of a source's words that is shown."""


def explain(label: Label) -> tuple[str, ...]:
    """Return one line each for relevance, doubts, topics and every fact, with their words."""
    doubts = _told(label.evidence, AGAINST)
    lines = [_relevance(label)]
    if doubts:
        lines.append(f"Against that spoke {doubts}.")
    if label.topics:
        names = ", ".join(topics()[topic].name for topic in label.topics if topic in topics())
        lines.append(f"Topics: {names}{_because(label.evidence, 'topic')}.")
    return (*lines, *_facts(label.evidence))


def _relevance(label: Label) -> str:
    verdict = "It is" if label.relevant else "It is not"
    told = _told(label.evidence, FOR) or "no words of export control"
    return f"{verdict} export-control news ({label.score:.2f}): {told}."


def _told(evidence: Iterable[Evidence], fact: str) -> str:
    """Return the words of a fact and what each means, joined."""
    return " + ".join(
        f"{_quoted(e.words)} ({e.value}{', in the title' if e.in_title else ''})"
        for e in evidence
        if e.fact == fact
    )


def _facts(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """Return a line for each other fact, in the order in which they were found."""
    found: dict[str, list[str]] = {}
    for entry in evidence:
        if entry.fact not in (FOR, AGAINST, "topic"):
            told = f"{entry.value} ({_quoted(entry.words)})" if entry.words else entry.value
            found.setdefault(entry.fact, []).append(told)
    return tuple(
        f"{fact.capitalize()}: {', '.join(dict.fromkeys(told))}." for fact, told in found.items()
    )


def _because(evidence: Iterable[Evidence], fact: str) -> str:
    words = dict.fromkeys(_quoted(entry.words) for entry in evidence if entry.fact == fact)
    return f", from {', '.join(words)}" if words else ""


def _quoted(words: str) -> str:
    cut = words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"
    return f"“{cut}”"
