"""The facts of an item, each with the words that decided it: who does what to whom, and when."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from bot.classify.action import Verdict, verdict_of
from bot.classify.actors import Actors, actors_of
from bot.classify.codes import codes_of
from bot.classify.context import in_context
from bot.classify.dates import Days, days_of
from bot.classify.documents import documents_of
from bot.classify.passages import Passage
from bot.classify.terms import Matcher, lexicon
from bot.classify.tokens import tokens_of
from bot.model import Evidence, Stage

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
    verdict = in_context(verdict_of(passages, lang), actors, passages, cited=cited, day=day)
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
