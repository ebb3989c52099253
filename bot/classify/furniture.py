"""What of an article is news: its sentences without the furniture of the page, signatures and datelines."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from bot.classify.sentences import sentences_of
from bot.classify.terms import Matcher, lexicon, tidy

_SIGNED = re.compile(
    r"^(?:[(（](?:[^()（）]{0,8}(?:记者|記者)[^()（）]{0,16}|[^()（）]{2,24}(?:日电|日電))[)）]|答[:：]|(?:SUMMARY|DATES): "
    r"|(?:[A-Z][A-Za-z]{2,20}[,:] )?(?:monitoring|news|web|business|foreign|digital|online) (?:desk\b\s?[-:|–—]?|report\s?[-:|–—])\s?"
    r"|(?:[\w\s]{2,30}=)?[가-힣]{2,4} 기자 ?[=|] ?|(?:本报|本報|本刊)?(?:实习)?[记記]者\s?[\u4e00-\u9fff]{2,3}(?:[ 　]+|\S{2,3}(?:报道|報導)[:：,，]?\s?))",
    re.IGNORECASE,
)
"""Who signed a report, before its first words: "News Desk - "."""
_DATELINE = re.compile(
    r"^(?:[A-ZÀ-ÞА-Я][\w'./ -]{1,40}(?:, [\w. ]{2,20})?)?\s?\((?:Reuters|AP|AFP|Xinhua|dpa|EFE|Bloomberg|ТАСС|TASS|Interfax)\)"
    r"\s?[-:,–—]{0,2}\s?"
    r"|^[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я .'-]{2,24}(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?(?: \([\w .]{2,20}\)\s?[-:–—]{1,2}|\s?[:–—]|\s-{1,2})\s+"
    r"|^\[[^\]]{2,30}\]\s?[-:]?\s?|^【[^】]{2,30}】\s?|^\([^()]{1,12}=[^()]{2,20}\)\s?(?:\S{2,4} (?:기자|특파원) ?= ?)?"
    r"|^(?:新华社|新華社|中新社|中央社|中新网|路透社?)[^,。:]{0,12}?\d{1,2}日?[电電][:，, ]?\s?"
)
"""Where a wire's text comes from, before its first words: "BEIJING (Reuters) - "."""
_BYLINE = re.compile(
    r"(?:by|por|par|von) [\w.'’-]+(?: [\w.'’-]+){0,4}(?: ?[,|–—-] .{0,40})?|[(（\[]?(?:[记記]者|編輯|编辑|文/).{0,16}"
    r"|.{0,20}\S{2,4} ?(?:기자|특파원)(?: \S+@\S+)?|\S+@\S+|.{0,12}記者|автор:? .{0,40}|(?:photo|image|source|tags?|caption|topics?)s?:.*",
    re.IGNORECASE,
)
"""What is wholly a signature, a caption or a row of tags."""
_STOPS = re.compile(r"[.!。！…｡][\"'”’»」』)）\]]*$")
_ASKED = ("?", "？")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SHORTEST, _FEWEST = 5, 3
"""Signs that a Chinese or Japanese sentence has at least, and words that another has."""


def news_of(text: str) -> Iterator[str]:
    """Yield the sentences that are news, letter for letter, as they are asked for.

    Lines that end in no full stop (headings, links, captions) count only where all do.
    """
    open_ended = []
    stopped = False
    for said in _news(text):
        if _STOPS.search(said):
            stopped = True
            yield said
        else:
            open_ended.append(said)
    if not stopped:
        yield from open_ended


def kinds_of(sentences: Sequence[str]) -> list[frozenset[str]]:
    """Return which tables of summary.toml each sentence of `tidy` is of: "furniture", ..."""
    return [frozenset(h.concept for h in hits) for hits in _tables().find_each(sentences)]


@cache
def _tables() -> Matcher:
    rows = lexicon("summary").items()
    terms = {kind: [t for own in row.values() for t in own] for kind, row in rows}
    return Matcher(terms, apart=True)


def _news(text: str) -> Iterator[str]:
    sentences = sentences_of(text)
    for sentence, kinds in zip(sentences, kinds_of(list(map(tidy, sentences))), strict=True):
        if "furniture" in kinds:
            continue
        said = _without(_SIGNED, _without(_DATELINE, sentence)).strip()
        if _says_something(said) and not _BYLINE.fullmatch(said.rstrip(".。")):
            yield said


def _without(head: re.Pattern[str], sentence: str) -> str:
    """Return a sentence without what it begins with."""
    found = head.match(sentence)
    return sentence[found.end() :] if found else sentence


def _says_something(sentence: str) -> bool:
    """Whether it is no scrap ("Niamey.") and no interviewer's question."""
    if sentence.endswith(_ASKED):
        return False
    if not sentence.isascii() and _WIDE.search(sentence):
        return len(sentence) >= _SHORTEST
    return len(sentence.split()) >= _FEWEST
