"""The whole label of an item: relevance, topics, and what the facts module finds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.classify.denials import denied
from bot.classify.evidence import Reading, features_of, read
from bot.classify.facts import Facts, facts_of
from bot.classify.passages import passages_of
from bot.classify.relevance import DEFAULT_THRESHOLD, reasons_of, score_of
from bot.classify.screen import hopeless
from bot.classify.topics import topics_beside, topics_of, topics_under
from bot.model import Evidence, Item, Label, Tier, Topic

_LEAD = 3
"""How many passages, the title included, may say that something is felt elsewhere."""
_FEW = 2
"""A page that cites more measures than this says itself which goods it is about."""
OTHER = Topic("other")
"""The topic of news about goods that the catalogue does not name."""


def classify(  # noqa: PLR0913  # one keyword for each thing that a source says of an item
    title: str,
    text: str,
    *,
    lang: str = "",
    url: str = "",
    outlet: str = "",  # noqa: ARG001  # callers give what they know; no rule needs it yet
    published: datetime | None = None,
    tier: Tier = Tier.PRESS,  # noqa: ARG001  # likewise
    threshold: float = DEFAULT_THRESHOLD,
    why: bool = True,
) -> Label:
    """Return what an item says, as far as its own words show it.

    `lang` is a hint only: relevance reads all languages at once. `threshold` is the score (0..1)
    from which an item is relevant. An irrelevant item gets topics and reasons, but no facts; where
    `why` is not set, it may get no topics and no score either: of a feed's entries nearly all are
    irrelevant, and nobody asks why.
    """
    if not why and hopeless(title, text, threshold):
        return Label(relevant=False, score=0.0)
    passages = passages_of(title, text)
    readings = read(passages)
    label = _judged(readings, threshold)
    if why or label.relevant:
        label = replace(label, evidence=(*reasons_of(readings), *_named(readings, label.topics)))
    if not label.relevant:
        return label
    facts = facts_of(passages, lang=lang, url=url, published=published)
    told = _with(label, facts, " ".join(passage.text for passage in passages[:_LEAD]))
    return denied(told, passages)


def label_of(item: Item, threshold: float = DEFAULT_THRESHOLD, *, why: bool = True) -> Label:
    """Return what an item says; days without a year are read by the day it came or was met."""
    return classify(
        item.title,
        item.text,
        lang=item.lang,
        url=item.url,
        outlet=item.outlet,
        published=item.when,
        tier=item.tier,
        threshold=threshold,
        why=why,
    )


def _judged(readings: Sequence[Reading], threshold: float) -> Label:
    score = score_of(features_of(readings))
    relevant = score >= threshold
    mentions = [(r.passage.place, Topic(hit.concept)) for r in readings for hit in r.topics]
    found = topics_of(mentions) or ((OTHER,) if relevant else ())
    return Label(relevant=relevant, score=score, topics=found)


def _with(label: Label, facts: Facts, text: str) -> Label:
    return replace(
        label,
        topics=_completed(label, facts, text),
        issuers=facts.actors.issuers,
        targets=facts.actors.targets,
        action=facts.verdict.action,
        direction=facts.verdict.direction,
        stage=facts.stage,
        hedged=facts.verdict.hedged,
        effective=facts.days.begins,
        expires=facts.days.ends,
        documents=facts.documents,
        codes=facts.codes,
        companies=(*facts.companies, *facts.listings),
        tokens=facts.tokens,
        evidence=(*label.evidence, *facts.evidence),
    )


def _completed(label: Label, facts: Facts, text: str) -> tuple[Topic, ...]:
    """Return the topics, with those of measures that are cited and those that are felt along."""
    beside = topics_beside(label.topics, facts.verdict.action, facts.actors.issuers, text)
    named = any(told.fact == "topic" and told.in_title for told in label.evidence)
    under = () if named and len(facts.documents) > _FEW else topics_under(facts.documents)
    said = [topic for topic in label.topics if topic != OTHER]
    return tuple(dict.fromkeys([*said, *under, *beside])) or label.topics


def _named(readings: Sequence[Reading], found: Sequence[Topic]) -> tuple[Evidence, ...]:
    """Return the first words that named each topic of the label."""
    first: dict[str, Evidence] = {}
    for reading in readings:
        for hit in reading.topics:
            if hit.concept in found and hit.concept not in first:
                first[hit.concept] = Evidence(
                    fact="topic",
                    value=hit.concept,
                    words=hit.words,
                    in_title=reading.passage.place == 0,
                )
    return tuple(first.values())
