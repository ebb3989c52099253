"""Concepts of action in a sentence, in their order: what is done to which rule, what is denied.

Words come from `lexicon/actions.toml`. A word may turn another around ("curbs ... suspended"), and
some only name a measure ("the ban") instead of taking it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from msgspec.structs import replace

from bot.classify.passages import Passage
from bot.classify.terms import Hit, Matcher, lexicon

LANGUAGES = ("en", "zh", "ja", "ko", "de", "fr", "es", "ru")
RESTRICTS = frozenset(
    {"ban", "halt", "suspend", "tighten", "impose", "list", "quota", "deny", "amend"}
)
EASES = frozenset({"lift", "pause", "approve", "unlist"})
MEASURES = RESTRICTS | EASES | {"strip", "enforce", "prolong"}
"""Concepts that are measures: those that restrict, those that ease, and the rest."""
_VERB_LAST = ("ja", "ko")
_KANA_HANGUL = re.compile("[\u3041-\u30fa\uac00-\ud7a3]")
APART = ("noun", "trade", "permit", "undo", "stoppage", "owned", "told", "held", "more", "less")
"""Concepts that are looked up by themselves, as they would hide longer words of others."""
_NEAR = 14  # signs between a "not" and what it denies


@dataclass(frozen=True)
class Row:
    """The concepts of one passage in their order. `nouns` only name a measure, as "the ban"."""

    text: str
    hits: tuple[Hit, ...]
    nouns: frozenset[str]
    lang: str
    title: bool

    @cached_property
    def verb_last(self) -> bool:
        """Whether verbs end the sentence: where the language is not given, its script tells."""
        return self.lang in _VERB_LAST or bool(not self.lang and _KANA_HANGUL.search(self.text))

    @cached_property
    def has(self) -> frozenset[str]:
        """Return the concepts that the passage names."""
        return frozenset(hit.concept for hit in self.hits)

    @cached_property
    def verbs(self) -> tuple[Hit, ...]:
        """Return the hits of measures that are done and not only named."""
        return tuple(h for h in self.hits if h.concept in MEASURES and not self._named(h))

    def _named(self, hit: Hit) -> bool:
        return hit.words in self.nouns and not self._takes_object(hit)

    def _takes_object(self, hit: Hit) -> bool:
        """Whether a word that may name a measure takes it: "Jakarta bans coal exports"."""
        verb = self.title and self.lang in ("en", "") and _EITHER.fullmatch(hit.words)
        before = _OF_TRADE.search(self.text[: hit.start])
        return bool(verb and not before and _ITS_TRADE.match(self.text, hit.end))

    def first(self, *concepts: str) -> int:
        """Return where the first hit of any of the concepts starts; beyond the text if nowhere."""
        return next((hit.start for hit in self.hits if hit.concept in concepts), 1 << 20)

    def firm(self, concept: str) -> bool:
        """Whether the concept is done and not only named."""
        return any(hit.concept == concept for hit in self.verbs)

    def denied(self, concept: str) -> bool:
        """Whether a "not" stands close to the concept."""
        return any(self.negated(hit) for hit in self.hits if hit.concept == concept)

    @property
    def of_trade(self) -> bool:
        """Whether exports, sales or deliveries are named."""
        return bool(only("trade", self.lang).find(self.text))

    @property
    def of_planned(self) -> bool:
        """Whether trade or controls are named, or permissions after the plan for them."""
        permits = only("permit", self.lang).find(self.text)
        named = bool(permits) and self.first("plan") < permits[-1].start
        return named or self.of_trade or "object" in self.has

    def of_controls(self, concept: str) -> bool:
        """Whether controls are named beside the concept or in its own words."""
        said = " ".join(hit.words for hit in self.hits if hit.concept == concept)
        named = _CONTROLS.search(said) or names(said, "object", self.lang)
        return "object" in self.has or bool(named)

    def all_denied(self, concept: str) -> bool:
        """Whether a "not" stands close to each word of the concept."""
        return all(self.negated(hit) for hit in self.hits if hit.concept == concept)

    def negated(self, hit: Hit) -> bool:
        """Whether a "not" stands close to a hit; after it, where verbs come last."""
        said = (no for no in self.hits if no.concept == "negate")
        return any(0 <= self._gap(hit, no) <= _NEAR for no in said)

    def _gap(self, hit: Hit, no: Hit) -> int:
        return no.start - hit.end if self.verb_last else hit.start - no.end


@cache
def matcher(lang: str) -> Matcher:
    """Return what finds the concepts of actions in a language; in any where it is not ours.

    "will" plans in German and not in English, so the languages are kept apart where they are known.
    """
    tables = ((name, t) for name, t in lexicon("actions").items() if name not in APART)
    return Matcher({name: _terms(table, lang) for name, table in tables})


@cache
def only(concept: str, lang: str) -> Matcher:
    """Return what finds one concept in a language, whatever longer words of others hide it."""
    return Matcher({concept: _terms(lexicon("actions")[concept], lang)})


def _terms(table: dict[str, list[str]], lang: str) -> list[str]:
    read = (lang,) if lang in LANGUAGES else (*LANGUAGES, "other")
    return [term for own in read for term in table.get(own, ())]


@lru_cache(maxsize=4_096)  # the words for it are few
def names(words: str, concept: str, lang: str) -> bool:
    """Whether words that were found name a concept as well."""
    return bool(only(concept, lang).find(words))


@lru_cache(maxsize=4_096)  # likewise
def _is_noun(words: str, lang: str) -> bool:
    return any(hit.words == words for hit in only("noun", lang).find(words))


def rows_of(passages: Sequence[Passage], lang: str) -> list[Row]:
    """Return the concepts that each passage names."""
    found = matcher(lang).find_each([passage.text for passage in passages])
    return [_row_of(p, hits, lang) for p, hits in zip(passages, found, strict=True)]


def _row_of(passage: Passage, found: Sequence[Hit], lang: str) -> Row:
    if not found:
        return Row(passage.text, (), frozenset(), lang, passage.place == 0)
    both = {(hit.start, hit.end) for hit in found if hit.concept == "suspend"}
    hits = tuple(
        _meant(hit, passage.text, lang)
        for hit in found
        if (hit.start, hit.end) not in both or hit.concept != _not_stopped(hit)
    )
    named = {hit.words for hit in hits if hit.concept in MEASURES}
    nouns = frozenset(words for words in named if _is_noun(words, lang))
    return Row(passage.text, hits, nouns, lang, passage.place == 0)


_CONTROLS = re.compile("禁止|禁輸|規制|管理|措置|制限|管制|限制|禁令|금지|통제|규제|조치|제한")


def _not_stopped(hit: Hit) -> str:
    """Return which reading is wrong of words that stop exports, or controls of them."""
    return "suspend" if _CONTROLS.search(hit.words) else "pause"


_EITHER = re.compile(r"bans|curbs|limits|controls|halts|restricts", re.IGNORECASE)
"""English words that name measures, or take them."""
_OF_TRADE = re.compile(r"(?:exports?|trade|sales|shipments?|new|on|of|its) $", re.IGNORECASE)
_ITS_TRADE = re.compile(r"(?: [\w-]+){0,4} (?:exports?|shipments?|sales)\b", re.IGNORECASE)

_TURNED = {
    "suspend": ("object", "pause"),  # "export curbs ... suspended" pauses no exports
    "approve": ("negate", "deny"),
    "lift": ("negate", "remain"),
}
_STOPS = frozenset({"ban", "halt", "suspend"})
"""Concepts that stop exports, unless it is controls or a ban on them that they stop."""
_ENDS = re.compile(
    r"(?P<end>ends?\b|ended|ending)|(?:stop|halt)\w* |停止|叫停|暂停|暫停|中止|останов|прекра"
    r"|stellt|cess"
)
_OF_CONTROLS = re.compile(
    r"[ 的の]?(?:管制|管控|限制|禁令|規制|制限|통제|규제|제한)"
    r"| ?(?:ban\b|control|curb|restriction|licen[cs]ing)",
    re.IGNORECASE,
)


def _meant(hit: Hit, text: str, lang: str) -> Hit:
    """Return a hit as what it means, where a word in it or right after it turns it around."""
    if hit.concept == "approve" and _demanded(hit, text):
        return replace(hit, concept="impose")
    if hit.concept == "lift" and (instead := _raised(hit, text)):
        return replace(hit, concept=instead)
    inside, instead = _TURNED.get(hit.concept, ("", ""))
    if inside and " " in hit.words and names(hit.words, inside, lang):
        return replace(hit, concept=instead)
    begun = _ENDS.match(hit.words.casefold()) if hit.concept in _STOPS else None
    if begun and _of_a_measure(hit, begun.end(), text, lang):
        return replace(hit, concept="lift" if begun["end"] else "pause")
    return hit


_BY_CONTROLS = re.compile(r"\b(?:bans?|curbs|controls|limits|restrictions) $", re.IGNORECASE)
_A_CONTROL = re.compile(
    r".{0,40}\b(?:ban|curb|control|limit|restriction|order|rule)", re.IGNORECASE
)


_BACK = re.compile(r"恢[复復](?:征收|徵收|加征|对?.{0,12}(?:出口[税稅]|拒绝令|禁令|管制|限制))")
"""A restriction that comes back."""
_A_TAX = re.compile(r"(?: [\w-]+){0,2} (?:tax|dut|lev)\w*.{0,40} (?:by|to) ", re.IGNORECASE)


def _raised(hit: Hit, text: str) -> str:
    """Return what lifting is where no control is lifted: taxes, shares, a ban that comes back."""
    if _BACK.match(text, hit.start):
        return "tighten"
    if hit.words.casefold() not in ("lift", "lifts"):
        return ""
    if _A_TAX.match(text, hit.end):
        return "tighten"
    by_controls = _BY_CONTROLS.search(text[: hit.start])
    return "shield" if by_controls and not _A_CONTROL.match(text, hit.end) else ""


_DEMANDED = re.compile(
    r" (?:requirement|dut(?:y|ies)\b|demand|obligation|rules?\b)"
    r"|待ち|なし|なく|なければ|[がを]?(?:必要|義務|要求)|の?取得を(?:要求|義務)"
    r"|가? ?(?:없이|필요|의무|받아야|제(?!재))|(?:을|를) 받아야",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"(?:\b(?:without|ohne|sans|sin|без) (?:\w+ )?|无|無|未经|未經|무)$", re.IGNORECASE
)
_NEEDED = re.compile(r"\b(?:need|await|seek)(?:s|ed)? (?:an? |the )?$", re.IGNORECASE)
_PERMITS = re.compile(r"licen[cs]es?$|permits?$|許可(?:取得)?$|承認$|허가$|승인$", re.IGNORECASE)


def _demanded(hit: Hit, text: str) -> bool:
    """Whether a permission is one that is needed or was missing: "licence requirements"."""
    named = _PERMITS.search(hit.words) and _DEMANDED.match(text, hit.end)
    before = text[: hit.start]
    return bool(named or _WITHOUT.search(before) or _NEEDED.search(before))


def _of_a_measure(hit: Hit, at: int, text: str, lang: str) -> bool:
    """Whether it is a measure that stops: "ends ban on exports", 停止对美出口管制."""
    rest = hit.words[at:]
    return bool(_OF_CONTROLS.match(text, hit.end) or (rest and names(rest, "noun", lang)))
