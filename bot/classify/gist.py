"""One line from the facts, in the reader's language: "China · approves export licences · rare earths"."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.classify.action import PLANNED
from bot.classify.denials import DENIED
from bot.classify.terms import lexicon
from bot.classify.topics import ancestors, topics
from bot.model import Label, Stage, Topic

_GOODS = 3
_WHOLE = frozenset({"rare-earth"})
"""Topics that traders name as a whole, where their parts are many."""
_DATELESS = frozenset(
    {"licence-approval", "licence-denial", "enforcement", "guidance", "statement"}
)
"""Actions that do not begin or end on a day: one that is named is of another measure."""


def gist(label: Label, lang: str = "en") -> str:
    """Return who does what to which goods, and from when; nothing that the text does not say."""
    lang = lang if lang in lexicon("gist") else "en"
    words = lexicon("gist")[lang]
    return " · ".join(
        filter(None, (_who(label, lang, words), _what(label, words), *_rest(label, lang, words)))
    )


def _who(label: Label, lang: str, words: Mapping[str, Any]) -> str:
    return str(words["and"]).join(named(code, lang) for code in label.issuers)


def _country(code: str, lang: str) -> str:
    row = lexicon("countries").get(code, {})
    names = row.get(lang) or row.get("en") or [code]
    return str(next((name for name in names if name[0] != "=" and "*" not in name), code))


def _what(label: Label, words: Mapping[str, Any]) -> str:
    name = "denial" if DENIED in label.tokens else label.action or "statement"
    if name == "suspension":
        name += f"-{label.direction}"
    if name == "proposal":
        ways = {told.value for told in label.evidence if told.fact == PLANNED}
        name += f"-{ways.pop()}" if len(ways) == 1 else ""
    counted = {told.value for told in label.evidence if told.fact == "entities"}
    if f"{name}-n" in words and len(counted) == 1:
        said = str(words[f"{name}-n"]).format(n=counted.pop())
    else:
        said = str(words.get(name) or words["statement"])
    return f"{words['rumour']}{said}" if label.hedged and label.stage is Stage.RUMOUR else said


def _rest(label: Label, lang: str, words: Mapping[str, Any]) -> Iterator[str]:
    yield _listed(list(_goods(label, lang)), words)
    if label.action in _DATELESS:
        return
    if label.effective:
        yield str(words["effective"]).format(day=_day(label.effective[0], words))
    if label.expires:
        yield str(words["until"]).format(day=_day(label.expires[-1], words))


def _goods(label: Label, lang: str) -> Iterator[str]:
    """Yield the goods by their own names, and not by those of what they are a part of."""
    found = _of_the_title(label)
    whole = {topic for topic in _WHOLE & set(found) if not _only_parts(label, topic)}
    parts = [topic for topic in found if not whole & set(ancestors(topic))]
    above = {up for topic in parts for up in ancestors(topic)} | {"dual-use", "other"}
    told = [t for t in parts if t not in above] or [t for t in parts if t != "other"]
    yield from (named(topic, lang) for topic in told)


def _listed(goods: Sequence[str], words: Mapping[str, Any]) -> str:
    """Return the first goods by name, and how many there are besides or in all."""
    shown, rest = str(words["and"]).join(goods[:_GOODS]), len(goods) - _GOODS
    return str(words["more"]).format(goods=shown, n=rest, all=len(goods)) if rest > 0 else shown


def _of_the_title(label: Label) -> list[Topic]:
    """Return the topics of the title, those under them, and what later reports of a story added.

    All where the title names none.
    """
    found = [topic for topic in label.topics if topic in topics()]
    titled = {told.value for told in label.evidence if told.fact == "topic" and told.in_title}
    if not titled:
        return found
    titled |= {told.value for told in label.evidence if told.fact == "wider"}
    return [topic for topic in found if titled & {topic, *ancestors(topic)}]


def _only_parts(label: Label, whole: str) -> bool:
    """Whether the text names a few parts of the whole, and never the whole itself."""
    named = {Topic(told.value) for told in label.evidence if told.fact == "topic"}
    parts = [topic for topic in named & set(topics()) if whole in ancestors(topic)]
    return whole not in named and 0 < len(parts) <= _GOODS


def named(value: str, lang: str = "en") -> str:
    """Return a topic or country as it stands inside a line ("rare earths", "South Korea").

    Other values, such as companies, are names already.
    """
    if topic := topics().get(Topic(value)):
        own = lexicon("gist").get(lang, {}).get("goods", {}).get(value)
        return str(own or _inside(topic.name))
    short = lexicon("gist").get(lang, {}).get("countries", {})
    return str(short.get(value) or _country(value, lang))


def _inside(name: str) -> str:
    """Return a topic's English name in small letters, unless it is one of capitals: "AI chips"."""
    return name.lower() if name[1:2].islower() else name


def _day(when: date, words: Mapping[str, Any]) -> str:
    month = f"{when:%b}" if words["months"] else when.month
    return str(words["day"]).format(day=when.day, month=month, year=when.year)
