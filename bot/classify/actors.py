"""Who acts, and who is aimed at: countries and agencies by where they stand in the sentence.

A country is named by its name, adjective, capital or an authority of its (`lexicon/countries.toml`,
`agencies.toml`). An authority acts. A country after "to", "against", 对, 向け or the like is aimed at;
one at the head of a title, or before its own ministry, acts. Points decide; ties go to the first.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from bot.classify.passages import Passage
from bot.classify.terms import Hit, Matcher, lexicon, normalise
from bot.model import Evidence

READ = 4
_AIMED = re.compile(
    r"(?:\b(?:to|against|for|on|from|of|toward|towards|into|in|with|vs|between|and|versus)"
    r"|\b(?:gegen|nach|an|für|in|mit|aus|gegenüber|vers|contre|pour|en|avec|à|de|du|des|aux?|la|les"
    r"|contra|hacia|con|del|los|las|против|для|в|с|из|от|на|и)|對|对|向|往|与|與|針對|针对|在|大陸|対|涉)(?: the| den| die| der)?[ \"']*$",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?:\b(?:to|against|on|toward|towards|into|gegen|nach|vers|contre|contra|hacia|a|против|в)"
    r"|對|对|向|往|針對|针对|対)(?: the| den| die| der| la| los)?[ \"']*$",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|von|par|por|durch)(?: the| den| der| la)?[ \"']*$", re.IGNORECASE)
_AFTER_AIMED = re.compile(
    r"^(?: (?:firms?|compan|entit|customers?|buyers|carmakers?|chip ?makers?|suppliers?|manufacturers?|universit|names|defen[cs]e firms|Unternehmen|Firmen|entreprises|empresas|компани)|向け|への|へ|に対|企業|系|国内|군|에 대|으로|로|에|向|-bound|企业|實體|实体|公司)"
)
_AFTER_ACTS = re.compile(
    r"^(?:'s? (?:commerce|trade|economy|industry|foreign|government|customs|cabinet|export|ban|new|rare)"
    r"|が|は|、|政府|商務|商务|当局|이|가|은|는| 정부|側| (?:bans?|bars?|curbs?|approves?|adds?|to |will |has "
    r"|says?|said|puts?|lifts?|eases?|suspends?|tightens?|imposes?|restricts?|limits?|halts?|stops?|allows?"
    r"|grants?|ends?|plans?|verschärft|verbietet|erlaubt|setzt|interdit|suspend|autorise|restreint|prohíbe"
    r"|suspende|autoriza|restringe|ввел|ввёл|вводит|запретил|разрешил|снял|приостан))",
    re.IGNORECASE,
)
_OWNS = re.compile(
    r"^(?:'s?|s)? (?:restrictions?|controls?|curbs?|limits?|export|ban|licen)", re.IGNORECASE
)
_PAIR = re.compile(
    r"米中|中美|日韓|米日|US and China|U\.S\. and China|US-China|U\.S\.-China|China and the US|США и Кита",
    re.IGNORECASE,
)
_OWN_GOVERNMENT = re.compile(r"^政府(?:は|が|、)")
_SITES = {
    "gov.cn": "CN", "federalregister.gov": "US", "bis.gov": "US", "bis.doc.gov": "US", "treasury.gov": "US",
    "commerce.gov": "US", "justice.gov": "US", "state.gov": "US", "whitehouse.gov": "US", "gov.uk": "GB",
    "europa.eu": "EU", "meti.go.jp": "JP", "korea.kr": "KR", "trade.gov.tw": "TW", "moea.gov.tw": "TW",
    "government.nl": "NL", "rijksoverheid.nl": "NL", "bafa.de": "DE", "dgft.gov.in": "IN", "canada.ca": "CA",
    "government.ru": "RU",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actors:
    """ISO codes of who acts and who is aimed at, with the words that say so."""

    issuers: tuple[str, ...]
    targets: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@cache
def countries() -> Matcher:
    """Return what finds countries by any of their names."""
    return Matcher(
        {
            code: [t for terms in row.values() for t in terms]
            for code, row in lexicon("countries").items()
        }
    )


@cache
def _agencies() -> Matcher:
    return Matcher({code: row["terms"] for code, row in lexicon("agencies").items()})


@cache
def _names() -> Mapping[str, str]:
    rows = lexicon("countries").items()
    named = {
        normalise(t.strip("=*")): c for c, row in rows for terms in row.values() for t in terms
    }
    return named | {code.casefold(): code for code in lexicon("countries")}


def country_for(words: str) -> str | None:
    """Return the ISO code that a person means by a name, an adjective or the code, small letters."""
    code = _names().get(normalise(words))
    return code.casefold() if code else None


def actors_of(passages: Sequence[Passage], url: str = "") -> Actors:
    """Return who acts and who is aimed at, as far as the first passages say."""
    acts: Counter[str] = Counter()
    aimed: Counter[str] = Counter()
    words: dict[str, Evidence] = {}
    for passage in passages[:READ]:
        for hit, points, is_target in _roles(passage):
            (aimed if is_target else acts)[hit.concept] += points
            if not is_target and hit.concept not in words:
                place = passage.place == 0
                words[hit.concept] = Evidence(
                    fact="issuer", value=hit.concept, words=hit.words, in_title=place
                )
    if site := _site(url):
        acts[site] += 30
    issuers = _best(acts, aimed)
    targets = tuple(code for code, _ in aimed.most_common() if code not in issuers)
    return Actors(issuers, targets, tuple(words[code] for code in issuers if code in words))


def _best(acts: Counter[str], aimed: Counter[str]) -> tuple[str, ...]:
    if acts:
        return (max(acts, key=lambda code: acts[code]),)
    return (next(iter(aimed)),) if len(aimed) == 1 else ()


def _roles(passage: Passage) -> Iterator[tuple[Hit, int, bool]]:
    """Yield each country named, how much that says, and whether it is aimed at."""
    weight = 6 if passage.place == 0 else 4 - passage.place
    taken = [found.span() for found in _PAIR.finditer(passage.text)]  # two that talk: neither acts
    if own := _OWN_GOVERNMENT.match(passage.text):
        yield Hit("JP", own[0], *own.span()), weight * 4, False
    for hit in _agencies().find(passage.text):
        taken.append((hit.start, hit.end))
        yield hit, weight * 4, False
    for hit in countries().find(passage.text):
        if any(start <= hit.start < end for start, end in taken):
            continue
        before, after = passage.text[: hit.start], passage.text[hit.end : hit.end + 24]
        acts = bool(_AFTER_ACTS.match(after))
        if _BY.search(before):
            yield hit, weight * 4, False
        elif (
            _AGAINST.search(before)
            or (_AIMED.search(before) and not acts)
            or _AFTER_AIMED.match(after)
        ):
            yield hit, weight, True
        else:
            head = hit.start < 14
            yield hit, weight * (1 + 2 * acts + head + bool(_OWNS.match(after))), False


def _site(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return next((c for site, c in _SITES.items() if host == site or host.endswith(f".{site}")), "")
