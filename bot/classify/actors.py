"""Who acts, and who is aimed at: countries and agencies by where they stand in the sentence.

A country is named by its name, adjective, capital or an authority of its (`lexicon/countries.toml`,
`agencies.toml`). An authority acts. A country after "to", "against", 对, 向け or the like is aimed at;
one at the head of a title, or before its own ministry, acts. Points decide; ties go to the first.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.classify.passages import Passage
from bot.classify.places import agencies, home_of, named, obeying, rules, site_of
from bot.classify.terms import Hit
from bot.model import Evidence

READ = 4
_HEAD = 14  # signs: who is named so early is the subject more often than not
_AGENCY, _RULE = 8, 5
_AIMED = re.compile(
    r"(?:\b(?:to|against|for|on|from|of|toward|towards|into|in|with|vs|between|and|versus)"
    r"|\b(?:gegen|nach|an|für|in|mit|aus|gegenüber|vers|contre|pour|en|avec|à|de|du|des|aux?"
    r"|contra|hacia|con|del|против|для|в|с|из|от|на|и)|對|对|向|往|与|與|針對|针对|在|大陸|対|涉)(?: the| den| die| der| la| les| los| las)?[ \"']*$",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?:\b(?:to|against|on|toward|towards|into|for|with|gegen|nach|für|mit|vers|contre|pour|avec|contra|hacia"
    r"|a|para|con|против|в|для)|['’]s|對|对|向|往|針對|针对|対)(?: the| den| die| der| le| les| la| los| las)?[ \"']*$",
    re.IGNORECASE,
)
_IN = re.compile(
    r"(?:\b(?:in|from|of|aus|von|en|de|del|du|из|в)|在)(?: the| der| den| la)?[ \"']*$",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?<!used )(?<!made )(?<!bought )(?<!produced )(?<!owned )(?<!wanted )(?<!emploi )(?<!utilisés )(?<!utilisées )"
    r"(?<!usados )(?<!genutzt )(?<!eingesetzt )\b(?:by|von|par|por|durch)(?: the| den| der| la)?[ \"']*$",
    re.IGNORECASE,
)
"""Who acts, where it is not the use of the goods that is told."""
_AFTER_AIMED = re.compile(
    r"^(?:(?:'s)? (?:[\w-]+ ){0,2}(?:firms?|compan|entit|customers?|clients?|buyers|carmakers?|(?:chip ?)?makers?|suppliers?"
    r"|manufacturers?|universit|names|goods|Unternehmen|Firmen|entreprises|empresas|компани|subsidiar|military)"
    r"| (?:business|sales?|chip plans|market|staff|trade|shipments|plants?|deliveries|exports)\b"
    r"|행 |向け|への|へ|に対|企業|系|国内|出荷|販売|市場|拠点|工場|工厂|军|군|(?: 내)? ?공장| 시장| 기업|에 대|으로|로|에|向|-bound|企业|實體|实体|公司)"
)
_AFTER_ACTS = re.compile(
    r"^(?:'s? (?:commerce|trade|economy|industry|foreign|government|customs|cabinet|export|ban|new|rare)"
    r"|が|は|、|政府|商務|商务|当局|이|가|은|는| 정부|側| (?:bans?|bars?|barred|blocks?|curbs?|approves?|approved|adds?"
    r"|added|to |will |has |aligns|joins|follows|matches|strengthens|decides|decided|authori[sz]es?|steps|moves|hits|clears?|okays|signs |says?|said|puts?|lifts?|eases?|suspends?|suspended|tightens?|tightened|widens?|expands?"
    r"|imposes?|imposed|restricts?|restricted|limits?|limited|halts?|halted|stops?|orders?|ordered|mandates?|tells?|told"
    r"|allows?|allowed|grants?|granted|ends?|ended|plans?|weighs|mulls|considers?|answers?|retaliates?|drops?|removes?"
    r"|lists|denies|refuses|requires?|announce[ds]?|introduce[ds]?|brings|sets|keeps|extends?|reaffirms|controls|letters"
    r"|government|ministry|regulators?|authorities|officials?|cabinet|assurances|approval|consent|go-ahead"
    r"|verschärft|verbietet|erlaubt|setzt|lockert|hebt|lässt|führt|plant|erwägt|interdit|suspend|autorise|restreint"
    r"|durcit|lève|impose|envisage|prohíbe|suspende|autoriza|restringe|limita|levanta|endurece|impone|estudia"
    r"|ввел|ввёл|вводит|запретил|разрешил|снял|приостан|ограничил|продлил|ужесточил))",
    re.IGNORECASE,
)
_NO_VERB = (
    r"exports|sales|imports|firms|companies|customers|buyers|chips|goods|products|shipments|entities|restrictions"
    r"|controls|curbs|tariffs|talks|tensions|markets|stocks|shares|materials|minerals|metals|magnets|rules|sanctions"
    r"|licen[cs]es|permits|ties|relations|users|\w*makers|suppliers|units|factories|plants|operations|based|linked|made|owned|backed"
    r"|led|supplies|listings|engines|earths|bans|limits|was|does|customs|needs|deals|orders|trades|interests|clients|rivals|peers|prices|rates|fears|hopes|risks|threats|efforts|visits|miners|farmers|refiners|traders|importers|exporters|ports|reserves|stockpiles"
    r"|inventories|workers|students|scientists|researchers|banks|politics|economics|news|times|studies|analysts|experts|investors|consumers|services|devices|vessels|ships|tankers"
    r"|mit|nicht|statt|seit|laut|jetzt|erst|selbst|samt|gibt|contre|entre|comme|sauf|elle|être|para|contra|sobre|hacia|desde|este|esta|ante"
    r"|como|que|durante|une|notamment|share|trade|made|state|mainland|une|se|one|are|the|since|like|some|more|into|over"
)
_DOES = re.compile(
    rf"^ (?:(?:\w+ly|also|again|now|further) )?(?!(?:{_NO_VERB})\b)"
    r"(?:[a-z]{3,}(?:s|ed)|[a-zäöü]{3,}t|[a-zà-ÿ]{3,}(?:ce|se|ge|te|de|it|ige|impose)|[а-я]{3,}(?:л|ла|ло|ли|ет|ит|ют|ят))\b(?! of\b)"
)
"""What looks like a verb right after a name, by its ending."""
_OWNS = re.compile(
    r"^(?:'s?|s)? (?:(?:new|own|tougher|strict|latest|trade|chip|rare earth|October|export|control|entity) ){0,2}"
    r"(?:restrictions?\b|controls?\b|curbs?\b|limits?\b|bans?\b|licen|blacklist|lists?\b|rules?|waivers?|exemption|authori[sz]ation"
    r"|law|letters?|export control|export ban|export licen|permission|permits|watch-?list)",
    re.IGNORECASE,
)
_AFTERMATH = re.compile(
    r"\b(?:after|amid|despite|following|as|while|answers?|answer to|nach|après|tras|после)(?: the)? $",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"米中|中美|日韓|米日|US and China|U\.S\. and China|US-China|U\.S\.-China|China and the US|США и Кита",
    re.IGNORECASE,
)
_OWN_GOVERNMENT = {
    "JP": re.compile(r"^政府(?:は|が|、)|官房長官|内閣|(?<!中国)税関|公安部|警察庁"),
    "KR": re.compile(r"^(?:우리 )?정부(?:는|가|,)|(?<!중국 )세관|검찰"),
    "RU": re.compile(
        r"\b(?:Правительство|Кабмин|Власти|Коммерсант|Мин(?:сельхоз|энерго|фин|экономразвития)|Таможн|Росс?тамож)"
    ),
    "US": re.compile(
        r"(?<!of )\bCommerce (?:to |told|adds?|added|says|said|halts|letters|imposes|removes|will )"
        r"|^(?:米|美|미)(?:、|,|:|が|は|も) ?"
    ),
    "CN": re.compile(
        r"(?:^|[… ])中(?:,|·|정부|당국| )|\b(?:[Tt]he )?(?:commerce ministry|Ministry of Commerce|Commerce Ministry|customs and commerce)\b|海关|有关部门|主管部门|出口许可证|中方|^[两三四]部门|^我国"
    ),
}
"""How a country's press names its own government, or its trade one alone: told where no other is."""
_NEVER_ASCII = {
    c for c, own in _OWN_GOVERNMENT.items() if not re.search("[A-Za-z]{2}", own.pattern)
}
"""Whose patterns hold no word in plain Latin letters."""
_GOVERNMENT = {
    "es": re.compile(r"\b(?:[Ee]l|del) [Gg]obierno\b(?! (?:de|chin|ruso|ind|estad|bras|arg|mex))"),
    "id": re.compile(r"\b(?:Pemerintah|Presiden|Menteri)\b(?! (?:Turki|China|AS|India|Rusia))"),
    "fr": re.compile(r"\b[Ll]e gouvernement\b(?! (?:de|du|chin|russe|ind|amér|turc))"),
    "en": re.compile(r"^The (?:[Gg]overnment|[Cc]abinet)\b|^Government "),
}
"""A government without a country, by language: the outlet's own, or the language's."""
_OBJECT = re.compile(
    r"\b(?!(?:says|reports|warns|hopes|fears|claims|sources|believes|confirms|expects|was|has|is|as"
    r"|this|thus|perhaps|exports|shipments|sales|chips|minerals|licences|permits|controls|curbs|rules"
    r"|said|reported|warned|need|des|les|las|los|dans|sans|sous|mes|nos) )[a-z]{3,}(?:s|ed) $"
)
"""What stands before a name that is the object of a verb: "puts Japan back", "relaxes Syria controls"."""
_ADJECTIVE = re.compile(
    r"(?:ese|ish|ch|ian|ean|ican|rman|li|qi|udi|tani|Thai|Swiss|Greek)$|^(?:U\.?S\.?A?|EU|UK|UE|UAE)\.?$"
)
_PART = re.compile(
    r"(?<!government)(?<!ministry)(?<!parliament)(?<!authorities)(?<!president)(?<!republic) of $",
    re.IGNORECASE,
)
"""What makes a name part of another: the return of Seoul does nothing, its government may."""
_CLAUSE = re.compile(r"…|\.\.\.|; |(?<=[\u3041-\u30fa\u4e00-\u9fff]) (?=[\u4e00-\u9fff]|$)")
"""Where a second clause begins: who acts in it matters less."""
_LABEL = re.compile(r"^[^:]{2,}: \S")
"""What stands before a colon sets the scene: "Singapore's rice at risk: Malaysia halts exports"."""
_OF = re.compile(r"\b(?:for|of|on|für|von) $")
_EXPORTS = re.compile(r"^ (?!to )(?:[\w-]+ ){0,3}?(?:exports?|Exporte|Ausfuhren)\b(?! to\b)")
"""Whose exports are told of: "Russian gasoline exports"."""
_JOINED = re.compile(
    r"^(?:,|,? (?:and|or|und|et|y|e|и|sowie)(?: the| la)?|、|・|和|与|與|及|·|/|와|과)? ?$"
)
"""What stands between the names of a row, all of which are aimed at."""


@dataclass(frozen=True, slots=True)
class Actors:
    """ISO codes of who acts and who is aimed at, with the words that say so."""

    issuers: tuple[str, ...]
    targets: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def actors_of(
    passages: Sequence[Passage], url: str = "", documents: Sequence[str] = (), lang: str = ""
) -> Actors:
    """Return who acts and who is aimed at, as far as the first passages and the numbers say.

    Where nobody is named, it is the government of the country that the outlet writes in.
    """
    acts: Counter[str] = Counter()
    aimed: Counter[str] = Counter()
    words: dict[tuple[str, bool], Evidence] = {}
    read = [passage.text for passage in passages[:READ]]
    for matcher in (agencies(), rules(), named(), obeying()):
        matcher.find_each(read)  # in one pass each: what follows asks for one after another
    for passage in passages[:READ]:
        for hit, points, is_target in _roles(passage):
            (aimed if is_target else acts)[hit.concept] += points
            words.setdefault((hit.concept, is_target), _evidence(hit, passage, is_target))
    if site := site_of(url):
        acts[site] += 60
    implied = _implied(passages[:READ], home_of(url, lang, passages[0].text))
    for number in documents[:1]:
        implied[number[:2].upper()] += 40 if "package" in number else 12
    issuers = _best(acts, implied)
    targets = tuple(code for code, _ in aimed.most_common() if code not in issuers)
    behind = (*((code, False) for code in issuers), *((code, True) for code in targets))
    return Actors(issuers, targets, tuple(words[key] for key in behind if key in words))


def _evidence(hit: Hit, passage: Passage, is_target: bool) -> Evidence:  # noqa: FBT001  # a role
    return Evidence(
        fact="target" if is_target else "issuer",
        value=hit.concept,
        words=hit.words,
        in_title=passage.place == 0,
    )


def _best(acts: Counter[str], weak: Counter[str]) -> tuple[str, ...]:
    """Return who has the most points; what is only implied decides among the rest."""
    points = acts + weak
    return (max(points, key=lambda code: points[code]),) if points else ()


def _implied(passages: Sequence[Passage], home: str) -> Counter[str]:
    """Return the countries that a text takes for granted: its own, or a company's that obeys."""
    implied: Counter[str] = Counter({home: 1} if home else {})
    for passage in passages:
        weight = 6 if passage.place == 0 else 4 - passage.place
        foreign = not passage.text.isascii()
        for code, own in _OWN_GOVERNMENT.items():
            may = foreign or code not in _NEVER_ASCII
            implied[code] += 4 * weight * bool(may and own.search(passage.text))
        for spoken, own in _GOVERNMENT.items():
            if own.search(passage.text):
                implied[home or home_of("", spoken)] += 4 * weight
        for hit in obeying().find(passage.text):
            implied[hit.concept] += 2 * weight
    del implied[""]
    return +implied


def _roles(passage: Passage) -> Iterator[tuple[Hit, int, bool]]:
    """Yield each country named, how much that says, and whether it is aimed at."""
    weight = 6 if passage.place == 0 else 4 - passage.place
    taken = [found.span() for found in _PAIR.finditer(passage.text)]  # two that talk: neither acts
    for points, matcher in ((_AGENCY, agencies()), (_RULE, rules())):
        for hit in matcher.find(passage.text):
            taken.append((hit.start, hit.end))
            yield hit, weight * points, False
    row: Hit | None = None
    for hit in named().find(passage.text):
        if any(start <= hit.start < end for start, end in taken):
            continue
        before = passage.text[: hit.start]
        points, aimed = _role(before, passage.text[hit.end : hit.end + 40])
        if _is_object(hit, before, passage.text):
            points, aimed = 2, True
        if _CLAUSE.search(before) or _LABEL.search(passage.text[hit.end :]):
            points = (points + 1) // 2
        if row and _JOINED.match(passage.text[row.end : hit.start]):
            points, aimed = 2, True
        row = hit if aimed else None
        yield hit, weight * points, aimed


def _is_object(hit: Hit, before: str, text: str) -> bool:
    """Whether a plain name follows its verb or "to": "adds goods to Russia export ban"."""
    plain = hit.words.isascii() and not _ADJECTIVE.search(hit.words)
    owns = text.startswith(("'s", "’s"), hit.end)
    return plain and not owns and bool(_OBJECT.search(before) or before.endswith((" to ", " for ")))


def _role(before: str, after: str) -> tuple[int, bool]:
    """Return how much a country's place in the sentence says, and whether it is aimed at."""
    acts = bool(_AFTER_ACTS.match(after) or _DOES.match(after)) and not _PART.search(before)
    owns = bool(_OWNS.match(after))
    if _BY.search(before) or after.startswith("による"):
        return 9, False
    if _EXPORTS.match(after) and _OF.search(before):
        return 2, False
    if not owns and (_AGAINST.search(before) or (_AFTER_AIMED.match(after) and not acts)):
        return 2, True
    if _AFTERMATH.search(before):
        return 1 + 3 * acts, False
    if not (acts or owns) and _AIMED.search(before):
        return (1, False) if _IN.search(before) else (2, True)
    return 2 + 4 * acts + 2 * (len(before) < _HEAD) + 2 * owns, False
