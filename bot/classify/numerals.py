"""Numbers as they are written in Chinese, and ordinals in the languages of Europe."""

from functools import cache

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "○": 0, "两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100}
HAN = "〇零○一二三四五六七八九十百两兩"
"""The signs of a Chinese numeral below 1000, for patterns."""
_ORDINALS = {
    "en": "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth"
    " nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth",
    "de": "zehnte elfte zwölfte dreizehnte vierzehnte fünfzehnte sechzehnte siebzehnte achtzehnte"
    " neunzehnte zwanzigste einundzwanzigste zweiundzwanzigste dreiundzwanzigste"
    " vierundzwanzigste fünfundzwanzigste",
    "fr": "dixième onzième douzième treizième quatorzième quinzième seizième dix-septième"
    " dix-huitième dix-neuvième vingtième vingt-et-unième vingt-deuxième vingt-troisième"
    " vingt-quatrième vingt-cinquième",
    "es": "décimo undécimo duodécimo decimotercer decimocuarto decimoquinto decimosexto"
    " decimoséptimo decimoctavo decimonoveno vigésimo vigesimoprimer vigesimosegundo"
    " vigesimotercer vigesimocuarto vigesimoquinto",
    "ru": "десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат семнадцат"
    " восемнадцат девятнадцат двадцат",
}  # fmt: skip


def han_value(numeral: str) -> int:
    """Return the value of digits or of a Chinese numeral: "61", "六十一", "二〇二六"."""
    if numeral.isdecimal():
        return int(numeral)
    if _UNITS.keys().isdisjoint(numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total, pending = 0, 0
    for sign in numeral:
        if sign in _UNITS:
            total += (pending or 1) * _UNITS[sign]
            pending = 0
        else:
            pending = _DIGITS[sign]
    return total + pending


@cache
def ordinals() -> dict[str, int]:
    """Return the stems of ordinals from the tenth on, in small letters, and their values."""
    return {
        stem: value for stems in _ORDINALS.values() for value, stem in enumerate(stems.split(), 10)
    }
