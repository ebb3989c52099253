"""Official numbers in any spelling, as canonical ids: what makes two tellings one event.

    cn-mofcom-2025-61    MOFCOM announcement (alone or joint) or order
    cn-uel-2025-7        notice of the unreliable-entity-list mechanism
    us-fr-2025-05887     Federal Register document;  us-fr-90-12345  its page
    eu-2025-2033         EU regulation, decision or CELEX;  eu-package-20  a sanctions package
    gb-nte-2025-12       UK notice to exporters

Spellings are those of the issuing authorities and of the press in eight languages.
"""

import re
from collections.abc import Callable, Iterator

_DIGITS = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_YEAR = r"(20\d\d|[二2][〇零○0][〇零○一二三四五六七八九]{2})"
_NUMBER = r"(\d{1,3}|[〇一二三四五六七八九十百]{1,4})"
_LIST = rf"{_NUMBER}(?:号|號)?(?:\s*(?:、|和|及|与|至|到|,|・|~|-)\s*第?{_NUMBER}(?:号|號))*"


def _han(text: str) -> int:
    """Return a number written in digits or in Chinese ("六十一", "二〇二六")."""
    if text.isdecimal():
        return int(text)
    if "十" not in text:
        return int("".join(_DIGITS.get(sign, sign) for sign in text))
    tens, _, ones = text.partition("十")
    return int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0"))


def _mofcom(found: re.Match[str]) -> Iterator[str]:
    year, *numbers = (group for group in found.groups() if group)
    ahead = found.string[max(0, found.start() - 12) : found.start()]
    series = "cn-uel" if "工作机制" in ahead else "cn-mofcom"
    for number in _numbers(found[0].split(year, 1)[-1], numbers):
        yield f"{series}-{_han(year)}-{number}"


def _numbers(tail: str, groups: list[str]) -> list[int]:
    """Return the numbers of a list or range: "61号、62号", "第55至58号"."""
    found = [_han(n) for n in re.findall(r"\d{1,3}|[〇一二三四五六七八九十]{1,4}", tail)]
    found = found or [_han(n) for n in groups]
    if re.search(r"至|到|~", tail) and len(found) == 2 and 0 < found[1] - found[0] < 20:
        return list(range(found[0], found[1] + 1))
    return found


def _western(found: re.Match[str]) -> Iterator[str]:
    numbers = re.findall(r"\d{1,3}", found["numbers"])
    yield from (f"cn-mofcom-{found['year']}-{int(number)}" for number in numbers)


def _plain(prefix: str) -> Callable[[re.Match[str]], Iterator[str]]:
    def made(found: re.Match[str]) -> Iterator[str]:
        yield "-".join((prefix, *(group.lstrip("0") or "0" for group in found.groups() if group)))

    return made


def _federal(found: re.Match[str]) -> Iterator[str]:
    yield f"us-fr-{found[1].upper()}"


_NOTICE = r"(?:announcements?|notices?|bekanntmachung(?:en)?|annonces?|avis|anuncios?|объявлени\w+|공고|order)"
_NOS = r"(?P<numbers>\d{1,3}(?:\s*(?:,|and|und|et|y|и|&|-|to)\s*(?:no\.?\s*)?\d{1,3}){0,7})"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[str]]], ...] = (
    (re.compile(rf"(?:公告|令)\s*[〔(（\[]?\s*{_YEAR}\s*[〕)）\]]?\s*年?\s*第?\s*{_LIST}"), _mofcom),
    (re.compile(rf"{_YEAR}\s*年\s*第?\s*{_LIST}\s*(?:公告|令|통보)"), _mofcom),
    (
        re.compile(
            rf"{_NOTICE}\s*(?:n[or°º]s?\.?|№|#)?\s*{_NOS}\s*(?:of|/|\(|von|de|aus|от|for)?\s*(?P<year>20\d\d)",
            re.IGNORECASE,
        ),
        _western,
    ),
    (
        re.compile(rf"{_NOTICE}\s*(?:n[or°º]s?\.?)?\s*\(?(?P<year>20\d\d)\)?\s*(?:no|n°|nr|№)\.?\s*{_NOS}", re.IGNORECASE),
        _western,
    ),
    (re.compile(r"\b((?:C\d-)?20[12]\d-\d{5})\b", re.IGNORECASE), _federal),
    (re.compile(r"\b(\d{2,3}) (?:FR|Fed\. Reg\.) (\d{4,6})\b"), _plain("us-fr")),
    (re.compile(r"\bCELEX:3(20\d\d)[RDL](\d{4})"), _plain("eu")),
    (re.compile(r"(?:\((?:EU|UE|ЕС|CFSP|PESC|GASP)\)|\bRegulation|\bVerordnung|\brèglement|\breglamento)\s*(?:\(EU\)\s*)?(?:No\.?\s*)?(20\d\d)/(\d{1,4})\b", re.IGNORECASE), _plain("eu")),
    (re.compile(r"notice to exporters (20\d\d)/(\d{1,3})", re.IGNORECASE), _plain("gb-nte")),
    (
        re.compile(
            r"\b(\d{1,2})(?:st|nd|rd|th|\.|e|er|ème|º|-й|-го)?\s*(?:EU |UE )?(?:sanctions package|package of sanctions|sanktionspaket|paquet de sanctions|paquete de sanciones|пакет\w* санкций)",
            re.IGNORECASE,
        ),
        _plain("eu-package"),
    ),
    (re.compile(r"第\s*(\d{1,2})\s*(?:轮|輪|次|弾)\s*(?:对俄|對俄|対ロ)?\S{0,4}(?:制裁)"), _plain("eu-package")),
)  # fmt: skip


def documents_of(text: str) -> tuple[str, ...]:
    """Return the canonical ids of the official numbers in a text, in order, each once."""
    found: list[tuple[int, str]] = []
    for pattern, made in _PATTERNS:
        for match in pattern.finditer(text):
            found += ((match.start(), name) for name in made(match))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))
