"""Official numbers in any spelling, as canonical ids: what makes two tellings one event.

    cn-mofcom-2025-61        announcement of China's commerce ministry, alone or with others
    cn-mofcom-order-2026-1   its order;  cn-uel-2025-7  a notice on unreliable entities
    cn-gacc-2025-9           announcement of the customs alone
    us-fr-2025-05887         Federal Register document;  us-fr-90-14325  its page
    us-docket-bis-2025-0023, us-rin-0694-ak20, us-eo-14105
    eu-2025-2003             EU act by OJ number or CELEX;  eu-package-20  a sanctions package
    gb-nte-2025-12           UK notice to exporters;  gb-si-2025-532
    in-dgft-notification-20-2023, jp-meti-2025-10, kr-motie-2024-12, ru-gov-2024-1544

Spellings are those of the issuing authorities and of the press in eight languages.
"""

import re
from collections.abc import Iterator
from datetime import date

from bot.classify.chinese_documents import announcements
from bot.classify.numerals import han_value, ordinals

Found = tuple[int, str]
"""Where a number starts in a text, and its id."""
_PATTERNS = tuple(
    (prefix, needles, re.compile(pattern, re.IGNORECASE))
    for prefix, needles, pattern in (
        ("us-fr", ("-",), r"(?<![\w/-])((?:C\d-)?20[12]\d-\d{5})(?![\w-])"),
        ("us-fr", ("fr ", "f.", "fed"), r"\b(\d{2,3}) (?:FR|F\. ?R\.|Fed\. ?Reg\.|Federal Register) (\d{1,3},?\d{3})\b"),
        ("us-docket", ("docket",), r"\bdocket (?:(?:no|number|id)s?\b\.?)?:? ?((?:[a-z]{2,6}-)?\d{4,6}-\d{4})\b"),
        ("us-docket", ("bis-20",), r"\b(BIS-20\d\d-\d{4})\b"),
        ("us-rin", ("rin",), r"\bRIN:? ?(\d{4})-([A-Z]{2}\d{2})\b"),
        ("us-eo", ("order", "e.o", "e. o"), r"\b(?:executive order|E\. ?O\.)(?: no\.?)? (1[3-6]\d{3})\b"),
        ("eu", ("celex",), r"\bCELEX:?[ %3A]*3(20\d\d)[RDL]0*(\d{1,4})\b"),
        ("eu", ("320",), r"(?<!\w)3(20\d\d)[RDL]0*(\d{1,4})(?!\w)"),
        ("eu", ("oj l",), r"\bOJ L,? ?(20\d\d)/(\d{1,4})\b"),
        (
            "eu",
            ("/",),
            (r"(?:\((?:EU|UE|ЕС|CFSP|PESC|GASP)\)|\b(?:regulations?|verordnung(?:en)?|règlements?"
            r"|reglamentos?|регламент\w*|decisions?|beschluss(?:es)?|directives?))"
            r",? ?(?:delegated |council )?(?:\([A-Z]{2}\) ?)?(?:n[or]\.? ?|no? ?)?(20\d\d)/(\d{1,4})\b"),
        ),
        ("eu", ("規則", "规则", "條例", "条例", "규정"), r"(?:規則|规则|條例|条例|규정) ?(?:\(EU\) ?)?(20\d\d)/(\d{1,4})\b"),
        ("gb-nte", ("/",), r"\b(?:notices? to exporters|NTE) (20\d\d)/(\d{1,3})\b"),
        ("gb-si", ("i 20", "i. 20"), r"\bS\.?I\.? (20\d\d)(?:/| no\.? ?)(\d{1,4})\b"),
        ("in-dgft", ("/20", "-20"), r"\b((?:public )?notification|(?:public )?notice|trade notice) (?:no\.? ?)(\d{1,3})[/-](20\d\d)"),
        ("jp-meti", ("輸出注意事項", "貿易経済協力局長通達"), r"(?:輸出注意事項|貿易経済協力局長通達)(20\d\d)第(\d{1,3})号"),
        ("kr-motie", ("산업",), r"(?:산업통상자원부|산업통상부|산업부) ?(?:고시|공고) ?제?(20\d\d)-(\d{1,4})호?"),
    )
)  # fmt: skip
"""Prefixes, what one of must stand in a text (small letters) to be worth its pattern, patterns."""
_OLD_EU = re.compile(
    r"(?:\((?:EC|EU|CE|UE|EG)\)|\b(?:regulation|verordnung|règlement|reglamento|регламент\w*))"
    r" ?(?:\([A-Z]{2}\) ?)?(?:n[or°]\.? ?)?(\d{2,4})/((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_DECREE = re.compile(
    r"(?:постановлени\w+|распоряжени\w+|указ\w*)[^.]{0,40}?\bno ?(\d{1,4})(?:-р)?(?: от [^.]{0,20}?(20\d\d))",
    re.IGNORECASE,
)
_PACKAGE = re.compile(
    r"\b(?P<a>\d{1,2})(?:st|nd|rd|th|\.|e|er|ème|o|\.o|-?й|-?го|-?м|-?му)?,? "
    r"(?:(?:EU|UE|ЕС|European|Russia|new) )?"
    r"(?:(?:sanctions?|Russia|санкционн\w+) )?(?:package|sanktionspaket\w*|paket\w*|paquet\w*|пакет\w*)\b"
    r"|(?:package|paquete?|paket|пакет\w*) (?:no\.? ?)?(?P<b>\d{1,2})\b"
    r"|第 ?(?P<c>\d{1,2}|[一二三四五六七八九十]{1,3}) ?(?:轮|輪|批|次|弾|弹|套|回)[^。,;]{0,6}?制裁"
    r"|제? ?(?P<d>\d{1,2})차 ?(?:대(?:러|러시아) ?)?제재"
    rf"|\b(?P<e>{'|'.join(sorted(ordinals(), key=len, reverse=True))})\w{{0,3}} "
    r"(?:(?:EU|UE|ЕС|sanctions?|Russia) )?(?:package|sanktionspaket\w*|paquet\w*|пакет\w*)",
    re.IGNORECASE,
)
_PACKED = ("package", "paket", "paquet", "пакет", "制裁", "제재")
"""One of these a text must hold to name a package."""
_EUROPE = re.compile(
    r"(?<![a-z])(?:E\.?U|UE|ЕС)(?![a-zа-я])|europ|европ|евро|欧盟|歐盟|欧州|欧連合|유럽|brussels|bruxelles|brüssel|bruselas|брюссел",
    re.IGNORECASE,
)


def documents_of(text: str, published: date | None = None) -> tuple[str, ...]:
    """Return the canonical ids of the official numbers in a text of `tidy`, in order, each once.

    `published` gives the year of Chinese announcements that are cited without one.
    """
    found = sorted((*_by_pattern(text), *announcements(text, published)))
    return tuple(dict.fromkeys(name for _, name in found))


def _by_pattern(text: str) -> Iterator[Found]:
    low = text.lower()
    for prefix, needles, pattern in _PATTERNS:
        if any(needle in low for needle in needles):
            for match in pattern.finditer(text):
                yield match.start(), "-".join((prefix, *map(_plain, match.groups())))
    yield from _turned(text, low)
    if any(word in low for word in _PACKED) and _EUROPE.search(text):
        yield from _packages(text)


def _turned(text: str, low: str) -> Iterator[Found]:
    """Yield numbers whose parts stand in another order than in their ids."""
    for match in _OLD_EU.finditer(text) if "/19" in low or "/20" in low else ():
        if not match[1].startswith("20") or len(match[1]) < 4:
            yield match.start(), f"eu-{match[2]}-{int(match[1])}"
    for match in _DECREE.finditer(text) if "no" in low and " от " in low else ():
        yield match.start(), f"ru-gov-{match[2]}-{match[1]}"


def _plain(part: str) -> str:
    """Return a part of a number without thousands marks and, if it counts, without zeros ahead."""
    bare = part.replace(",", "").casefold().replace(" ", "-")
    return str(int(bare)) if bare.isdecimal() and len(bare) < 4 else bare


def _packages(text: str) -> Iterator[Found]:
    for match in _PACKAGE.finditer(text):
        said = next(group for group in match.groups() if group)
        number = ordinals().get(said.casefold()) or han_value(said)
        yield match.start(), f"eu-package-{number}"
