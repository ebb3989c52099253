"""One spelling of a text, and which of its signs belong to one word, in any of our scripts."""

import unicodedata
from functools import cache, lru_cache

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_UNIFIED = (
    dict.fromkeys(map(ord, _DASHES), "-")
    | dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4"), "'")
    | dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"), '"')
    | dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"), None)
    | {ord("\u0130"): "I", ord("\u00df"): "ss", ord("\u1e9e"): "SS"}
    | {ord("\u0451"): "\u0435", ord("\u0401"): "\u0415"}
)


def tidy(text: str) -> str:
    """Return `text` in one spelling of width, quotes, dashes, spaces, ß and ё; its case is kept."""
    if text.isascii():
        return " ".join(text.replace("`", "'").split())
    unified = unicodedata.normalize("NFKC", text.translate(_UNIFIED)).translate(_UNIFIED)
    return " ".join(unified.split())


def normalise(text: str) -> str:
    """Return `tidy(text)` in small letters, at the same offsets. Accents are kept."""
    return lower(tidy(text))


def lower(text: str) -> str:
    """Lower the case; `tidy` took out the one letter whose small form is longer."""
    return text.lower()


def flat(text: str) -> str:
    """Return a text of `tidy` as literals are looked for in it, at the same offsets."""
    return lower(text).replace("-", " ")


@cache
def _script(sign: str) -> str:
    """Return which kind of word a sign can be part of ("" for none: it ends every word)."""
    if not (sign.isalnum() or unicodedata.category(sign).startswith("M")):
        return ""
    name = unicodedata.name(sign, "")
    if name.startswith(("CJK", "HIRAGANA", "KATAKANA")):
        return ""
    return "hangul" if name.startswith("HANGUL") else "letters"


@lru_cache(maxsize=1 << 14)
def same_word(left: str, right: str) -> bool:
    """Whether two neighbouring signs are inside one word."""
    return bool(_script(left)) and _script(left) == _script(right)


def goes_on(last: str) -> bool:
    """Whether a term that ends so may be followed by more of the same word."""
    return _script(last) == "hangul"
