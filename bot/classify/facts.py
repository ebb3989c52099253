"""The facts of an item, each with the words that decided it: who does what to whom, and when."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from bot.classify.action import Verdict, verdict_of
from bot.classify.actors import Actors, actors_of
from bot.classify.codes import codes_of
from bot.classify.concepts import only
from bot.classify.dates import Days, days_of
from bot.classify.documents import documents_of
from bot.classify.passages import Passage
from bot.classify.terms import Matcher, lexicon
from bot.classify.tokens import tokens_of
from bot.classify.topics import find_topics
from bot.model import Direction, Evidence, Stage

_ENTITIES = re.compile(
    r"\b(\d{1,3}) (?:\w+ ){0,2}"
    r"(?:entit|compan|firms|Unternehmen|Firmen|entreprises|empresas|компани)\w*"
    r"|(\d{1,3})\s?(?:家\w{0,3}?(?:实体|實體|企业|企業|公司)|个实体|個實體"
    r"|社(?:を|の|に)|개 ?(?:기업|업체|사))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an item says of a measure; see `Label` for each field."""

    actors: Actors
    verdict: Verdict
    days: Days
    stage: Stage
    documents: tuple[str, ...]
    codes: tuple[str, ...]
    companies: tuple[str, ...]
    listings: tuple[str, ...]
    tokens: frozenset[str]
    entities: tuple[Evidence, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Return the words behind the facts."""
        numbers = (Evidence(fact="document", value=n, words=n) for n in self.documents)
        return (*self.actors.evidence, *self.verdict.evidence, *self.entities, *numbers)


@cache
def _companies() -> Matcher:
    return Matcher({key: row["names"] for key, row in lexicon("companies").items()})


def facts_of(
    passages: Sequence[Passage], *, lang: str = "", url: str = "", published: datetime | None = None
) -> Facts:
    """Return the facts of an item from its passages (title first)."""
    text = " ".join(passage.text for passage in passages)
    day = published.date() if published else None
    documents = documents_of(text, day)
    actors = actors_of(passages, url, documents, lang)
    tokens = tokens_of(passages)
    cited = (*documents, *sorted(token for token in tokens if token.startswith("rule:")))
    verdict = _in_context(verdict_of(passages, lang, cited), actors, passages, day)
    days = days_of(text, day)
    rows = _named(text)
    return Facts(
        actors=actors,
        verdict=verdict,
        days=days,
        stage=_stage(verdict, days, published),
        documents=documents,
        codes=codes_of(text),
        companies=tuple(row["name"] for row in rows),
        listings=tuple(row["listing"] for row in rows if "listing" in row),
        tokens=tokens,
        entities=tuple(_entities(passages)),
    )


def _in_context(
    verdict: Verdict, actors: Actors, passages: Sequence[Passage], day: date | None
) -> Verdict:
    """Return the verdict; what is called a control of goods that are controlled is a tightening.

    An item without a day is taken for one of today.
    """
    if verdict.action == "ban" and _stops_arms(passages):
        return replace(verdict, action="suspension")
    if _stops_goods(verdict, actors, passages):
        return replace(verdict, action="ban")
    cited = verdict.evidence and verdict.evidence[0].words in lexicon("measures")["actions"]
    if verdict.action != "new-control" or cited:
        return verdict
    goods = {hit.concept for passage in passages[:2] for hit in find_topics(passage.text)}
    for row in lexicon("measures")["standing"]:
        if (
            row["issuer"] in actors.issuers
            and row["topic"] in goods
            and (day is None or row["since"] <= day)
        ):
            return replace(verdict, action="tighten")
    return verdict


_EMBARGO = re.compile("embargo|эмбарго|禁运|禁運|禁輸|금수|prohib|verbot|verbiet", re.IGNORECASE)


def _stops_arms(passages: Sequence[Passage]) -> bool:
    """Whether it is arms that are held back, and no embargo on them is told: it may end soon."""
    title = passages[0].text
    return any(hit.concept == "arms" for hit in find_topics(title)) and not _EMBARGO.search(title)


def _stops_goods(verdict: Verdict, actors: Actors, passages: Sequence[Passage]) -> bool:
    """Whether a country stops all its exports of some goods, which is a ban for however long."""
    if (verdict.action, verdict.direction) != ("suspension", Direction.RESTRICT) or actors.targets:
        return False
    words = verdict.evidence[0].words if verdict.evidence else ""
    goods = {hit.concept for hit in find_topics(passages[0].text)}
    return not (only("permit", "").find(words) or goods & _GUARDED)


_GUARDED = {
    "arms",
    "ai-chips",
    "chip-equipment",
    "aerospace",
    "semiconductors",
    "dual-use",
    "eda-software",
}


def _named(text: str) -> list[Mapping[str, Any]]:
    keys = dict.fromkeys(hit.concept for hit in _companies().find(text))
    return [lexicon("companies")[key] for key in keys]


def _stage(verdict: Verdict, days: Days, published: datetime | None) -> Stage:
    if verdict.action == "proposal":
        return Stage.PROPOSED
    if verdict.hedged:
        return Stage.RUMOUR
    day = published.date() if published else None
    begun = day is not None and any(when <= day + timedelta(days=1) for when in days.begins)
    return Stage.IN_FORCE if begun else Stage.ANNOUNCED


def _entities(passages: Sequence[Passage]) -> Iterator[Evidence]:
    """Yield how many entities the title names; the first sentence, where the title names none."""
    for passage in passages[:2]:
        found = list(_ENTITIES.finditer(passage.text))
        for match in found:
            value = match[1] or match[2]
            title = passage.place == 0
            yield Evidence(fact="entities", value=value, words=match[0], in_title=title)
        if found:
            return
