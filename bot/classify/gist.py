"""One line from the facts, in the reader's language: "China · approves export licences · rare earths"."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.classify.terms import lexicon
from bot.classify.topics import ancestors, topics
from bot.model import Label, Stage

_GOODS = 3
_SHORT = {"US": "US", "GB": "UK", "KR": "South Korea", "CD": "DR Congo", "AE": "UAE", "EU": "EU"}


def gist(label: Label, lang: str = "en") -> str:
    """Return who does what to which goods, and from when; nothing that the text does not say."""
    words = lexicon("gist").get(lang) or lexicon("gist")["en"]
    return " · ".join(
        filter(None, (_who(label, lang), _what(label, words), *_rest(label, lang, words)))
    )


def _who(label: Label, lang: str) -> str:
    return ", ".join(_country(code, lang) for code in label.issuers)


def _country(code: str, lang: str) -> str:
    if lang == "en" and code in _SHORT:
        return _SHORT[code]
    row = lexicon("countries").get(code, {})
    names = row.get(lang) or row.get("en") or [code]
    return str(next((name for name in names if name[0] != "=" and "*" not in name), code))


def _what(label: Label, words: Mapping[str, Any]) -> str:
    name = label.action or "statement"
    if name == "suspension":
        name += f"-{label.direction}"
    counted = {told.value for told in label.evidence if told.fact == "entities"}
    if f"{name}-n" in words and len(counted) == 1:
        said = str(words[f"{name}-n"]).format(n=counted.pop())
    else:
        said = str(words.get(name) or words["statement"])
    return f"{words['rumour']}{said}" if label.hedged and label.stage is Stage.RUMOUR else said


def _rest(label: Label, lang: str, words: Mapping[str, Any]) -> Iterator[str]:
    yield ", ".join(_goods(label, words.get("goods", {})))
    if label.effective:
        yield f"{words['effective']} {_day(label.effective[0], lang)}"
    if label.expires:
        yield f"{words['until']} {_day(label.expires[-1], lang)}"


def _goods(label: Label, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the goods by their widest names, of which the narrower ones are a part."""
    found = [topic for topic in label.topics if topic in topics()]
    wide = {"critical-minerals", "dual-use", "other"}
    tops = [t for t in found if not (set(ancestors(t)) - wide) & set(found)]
    named = [t for t in tops if t not in wide] or [t for t in tops if t != "other"]
    yield from (names.get(topic) or _named(topics()[topic].name) for topic in named[:_GOODS])


def _named(name: str) -> str:
    """Return a topic's English name as it stands inside a line: "AI chips", "rare earths"."""
    return name.lower() if name[1:2].islower() else name


def _day(when: date, lang: str) -> str:
    if lang in {"zh", "ja"}:
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {when:%b %Y}"
