"""What a measure is in the light of what is known: cited measures, standing controls, the goods.

What the words call a control of goods that are controlled already is a tightening; what a report
does not say but a measure that it cites does is taken from `lexicon/measures.toml`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.classify.action import Verdict
from bot.classify.actors import Actors
from bot.classify.concepts import names
from bot.classify.passages import Passage
from bot.classify.terms import lexicon
from bot.classify.topics import find_topics
from bot.model import Direction, Evidence

_PACKAGE = re.compile(r"(?<=package)-\d+$")
"""Sanctions packages widen what earlier ones began."""
_OWN = {"enforcement", "entity-listing", "delisting", "licence-denial", "quota", "licence-approval"}
"""Actions that are news of their own, whatever measure is cited beside them."""
_EMBARGO = re.compile(
    r"embargo|эмбарго|prohib|prohíb|forbid|verbot|verbiet|untersag|interdi|\bbann|\bbans?\b|запре|禁|금지|금수",
    re.IGNORECASE,
)
_GUARDED = {
    "arms", "ai-chips", "chip-equipment", "aerospace", "semiconductors", "dual-use", "eda-software",
}  # fmt: skip
"""Goods whose exports are held back case by case; those of others are stopped as a whole."""


def in_context(
    verdict: Verdict,
    actors: Actors,
    passages: Sequence[Passage],
    *,
    cited: Sequence[str] = (),
    day: date | None = None,
) -> Verdict:
    """Return the verdict with the action that the cited measures, the goods and the day imply.

    An item without a day is taken for one of today.
    """
    told = _cited(verdict, cited)
    if told is not verdict:
        return told
    if verdict.action == "ban" and _stops_arms(passages[0].text):
        return replace(verdict, action="suspension")
    if _stops_goods(verdict, actors, passages[0].text):
        return replace(verdict, action="ban")
    standing = any(verdict.action in row["was"] for row in _standing(actors, passages, day))
    return replace(verdict, action="tighten") if standing else verdict


def _cited(verdict: Verdict, documents: Sequence[str]) -> Verdict:
    """Return the verdict with the action of the first well-known measure that is cited."""
    for number in documents:
        action = lexicon("measures")["actions"].get(_PACKAGE.sub("", number), "")
        direction = Direction.EASE if action == "suspension" else Direction.RESTRICT
        agrees = direction is verdict.direction or action == verdict.action == "suspension"
        if action and agrees and _yields(verdict, number):
            told = [e for e in verdict.evidence if e.fact != "action"]
            shown = Evidence(fact="action", value=action, words=number)
            return replace(verdict, action=action, direction=direction, evidence=(shown, *told))
    return verdict


def _yields(verdict: Verdict, number: str) -> bool:
    """Whether an action is what the cited measure does; names join a list in every package."""
    listed = verdict.action == "entity-listing" and _PACKAGE.search(number)
    return bool(listed) or verdict.action not in _OWN


def _stops_arms(title: str) -> bool:
    """Whether it is arms that are held back, and no embargo on them is told: it may end soon."""
    return any(hit.concept == "arms" for hit in find_topics(title)) and not _EMBARGO.search(title)


def _stops_goods(verdict: Verdict, actors: Actors, title: str) -> bool:
    """Whether a country stops all its exports of some goods, which is a ban for however long."""
    if (verdict.action, verdict.direction) != ("suspension", Direction.RESTRICT) or actors.targets:
        return False
    words = verdict.evidence[0].words if verdict.evidence else ""
    goods = {hit.concept for hit in find_topics(title)}
    return not (names(words, "permit", "") or goods & _GUARDED)


def _standing(
    actors: Actors, passages: Sequence[Passage], day: date | None
) -> Iterator[Mapping[str, Any]]:
    """Yield the controls that stand between the issuer and the goods or the target."""
    goods = {hit.concept for passage in passages[:2] for hit in find_topics(passage.text)}
    for row in lexicon("measures")["standing"]:
        aimed = row.get("target") in actors.targets[:1] or row.get("topic") in goods
        acts = not set(actors.issuers).isdisjoint(row["issuers"])
        if aimed and acts and (day is None or row["since"] <= day):
            yield row
