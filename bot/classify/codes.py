"""Control and tariff codes, in one spelling: "3A090", "2B352.j", "ML7.h", "HS 2844.43".

Dual-use codes look alike in America, Europe and China (1C902). A tariff code counts only where
the text calls it one; its digits are set in pairs after the heading, as customs write them.
"""

import re
from collections.abc import Iterator

_DUAL_USE = re.compile(
    r"(?<![A-Za-z0-9.])([0-9][A-E][0-9]{3})(?:\.?([a-z])((?:\.\d{1,2}|\.[a-z])*))?(?![A-Za-z0-9])"
)
_LIKE_A_CODE = re.compile(r"\d[A-E]\d{3}")
_MILITARY = re.compile(r"(?<![A-Za-z0-9])(ML ?(?:[1-9]|1\d|2[0-2]))(?:\.?([a-z]))?(?![A-Za-z0-9])")
_REST = re.compile(r"(?<![A-Za-z0-9])EAR99(?![0-9])")
_NUMBER = r"\d{4}(?:[. ]?\d{2}){0,3}(?![\d%])"
_CALLED = (
    r"(?<![A-Za-z])(?:HTS(?:US)?|HS|H\.S\.)(?![A-Za-z])"
    r"|(?:tariff|customs) (?:code|heading|number)s?"
    r"|CN codes?|海关商品编号|海關商品編號"
    r"|商品编号|商品編號|税则号列?|稅則號列?|税号"
    r"|稅號|関税番号|統計品目番号|품목번호|Zolltarifnummern?|KN-Codes?|codes? SH|position tarifaire"
    r"|partidas? arancelarias?|código arancelario|ТН ВЭД"
)
_WORDS = (
    r"(?: ?(?:codes?|(?:sub)?headings?|numbers?|lines?|items?|编码|編碼|编号|コード|番号|코드"
    r"|Nummern?|номер\w*|код\w*|ЕАЭС))*"
)
_AND = r" ?(?:,|、|and|und|et|y|и|及|和|/|;|or) ?"
_TARIFF = re.compile(
    rf"(?:{_CALLED}){_WORDS} ?(?:of|:|are|is|under|unter)? ?({_NUMBER}(?:{_AND}{_NUMBER})*)",
    re.IGNORECASE,
)
_HARMONISED = re.compile(r"h(?<![a-z]h)(?:t?s|\.s\.)")
_NAMES = (
    "tariff", "customs", "code", "商品", "税则", "稅則", "税号", "稅號", "関税", "品目", "품목", "zolltarif",
    "tarifaire", "arancelari", "вэд",
)  # fmt: skip
"""One of these a text must hold, in small letters, to be worth the pattern of tariff codes."""
_EDITION = re.compile(r"20[1-3]\d$")
"""No heading begins so: it is the year of an edition of the nomenclature."""


def codes_of(text: str) -> tuple[str, ...]:
    """Return the codes that a text of `tidy` names, in order, each once."""
    found = sorted((*_controls(text), *_tariffs(text)))
    return tuple(dict.fromkeys(code for _, code in found))


def _controls(text: str) -> Iterator[tuple[int, str]]:
    for match in _DUAL_USE.finditer(text) if _LIKE_A_CODE.search(text) else ():
        letter = f".{match[2]}{match[3]}" if match[2] else ""
        yield match.start(), f"{match[1]}{letter}"
    for match in _MILITARY.finditer(text) if "ML" in text else ():
        letter = f".{match[2]}" if match[2] else ""
        yield match.start(), f"{match[1].replace(' ', '')}{letter}"
    if "EAR99" in text:
        yield from ((match.start(), match[0]) for match in _REST.finditer(text))


def _tariffs(text: str) -> Iterator[tuple[int, str]]:
    for match in _TARIFF.finditer(text) if _called(text) else ():
        for number in re.finditer(_NUMBER, match[1]):
            digits = re.sub(r"\D", "", number[0])
            if not _EDITION.match(digits) or len(digits) > 4:
                pairs = [digits[at : at + 2] for at in range(4, len(digits), 2)]
                yield match.start(1) + number.start(), f"HS {'.'.join((digits[:4], *pairs))}"


def _called(text: str) -> bool:
    """Whether a text may call a number a tariff code."""
    low = text.lower()
    return bool(_HARMONISED.search(low)) or any(name in low for name in _NAMES)
