"""Two or three of the source's own sentences: what a trader must know, and no boilerplate."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.classify.concepts import matcher
from bot.classify.passages import Passage, passages_of
from bot.classify.terms import tidy
from bot.classify.topics import find_topics
from bot.model import Label

LONGEST = 400
_MOST = 3
_FIRST = 12  # sentences that are considered
_BOILERPLATE = re.compile(
    r"appeared first on|monitoring desk|news desk|web desk|desk report|leave a reply|your email address|save my name"
    r"|required fields|post a comment|subscribe to|sign up|newsletter|cookie|all rights reserved|read more|click here"
    r"|follow us|share this|photo:|image:|advertisement|责任编辑|编辑[:：]|本文来源|版权|点击|登录|会員|無断転載|ログイン"
    r"|Impressum|Alle Rechte|Lesen Sie|En savoir plus|Leer más|Подписывайтесь|Читайте также|기자|무단전재",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^(?:[A-ZÀ-ÞА-Я][\w'./ -]{1,40}(?:, [\w. ]{2,20})?)?\s?\((?:Reuters|AP|AFP|Xinhua|dpa|EFE|Bloomberg|ТАСС|TASS|Interfax)\)"
    r"\s?[-:,]{0,2}\s?"
    r"|^\[[^\]]{2,30}\]\s?[-:]?\s?|^【[^】]{2,30}】\s?|^\((?:서울|도쿄|베이징|ソウル|北京|東京)=[^)]{2,20}\)\s?(?:\S{2,4} 기자 = ?)?"
    r"|^(?:新华社|新華社|中新社|中央社|中新网|路透社?)[^,。:]{0,12}?\d{1,2}日?[电電][:，, ]?\s?"
)
"""Where a wire's text comes from, before its first words: "BEIJING (Reuters) - "."""
_NUMBER = re.compile(r"\d")
_WORDS = re.compile(r"\w+")


def summary(title: str, text: str, label: Label) -> str:
    """Return at most LONGEST characters of whole sentences, in their order; "" for a bare title."""
    body = (replace(p, text=_DATELINE.sub("", p.text)) for p in passages_of(title, text)[1:])
    sentences = [p for p in body if p.text and not _BOILERPLATE.search(p.text)]
    told = [p for p in sentences[:_FIRST] if not _repeats(p.text, title)]
    if not told:
        return ""
    ranked = sorted(told, key=lambda p: (-_worth(p, label), p.place))
    chosen = _fitting(ranked)
    gap = "" if _wide(chosen) else " "
    return gap.join(p.text.strip() for p in sorted(chosen, key=lambda p: p.place))


def _fitting(ranked: Sequence[Passage]) -> list[Passage]:
    chosen: list[Passage] = []
    room = LONGEST
    for passage in ranked:
        if len(passage.text) + 1 <= room and len(chosen) < _MOST:
            chosen.append(passage)
            room -= len(passage.text) + 1
    return chosen


def _worth(passage: Passage, label: Label) -> float:
    """Return how much a sentence tells: the measure, the goods, numbers; early ones more."""
    concepts = {hit.concept for hit in matcher("").find(passage.text)}
    goods = {hit.concept for hit in find_topics(passage.text)} & set(map(str, label.topics))
    numbers = bool(_NUMBER.search(passage.text))
    return 2 * bool(concepts) + 2 * bool(goods) + numbers + 3 / passage.place


def _repeats(sentence: str, title: str) -> bool:
    """Whether a sentence only says the title again."""
    ours, theirs = (set(_WORDS.findall(tidy(t).casefold())) for t in (sentence, title))
    return bool(ours) and len(ours - theirs) <= len(ours) // 8


def _wide(chosen: Sequence[Passage]) -> bool:
    return any(p.text[-1:] in "。！？" for p in chosen)
