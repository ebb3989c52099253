"""Bytes to text, strictly: what is not certain is an error, never replacement characters.

Byte order mark, then what the answer declares (header, XML declaration, HTML meta), then UTF-8,
then the row's own hints, each strict. A wrong guess would be stored as mojibake that matches no
word, a silent miss; an error is seen. Labels are read as browsers do (encoding.spec.whatwg.org).
"""

import codecs
import re
from collections.abc import Iterator

from bot.errors import ShapeError
from bot.model import Page, Row

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_MARK = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"), (b"<\0!\0", "utf-16-le"))
_WIDER = {  # what is declared -> what is meant; labels are normalised by Python first
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "johab": "cp949",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
}
_OTHER_NAMES = {"x-gbk": "gbk", "x-sjis": "shift_jis", "windows-31j": "cp932", "x-euc-jp": "euc_jp"}
_SINGLE = re.compile(r"cp(?:125\d|874|866)|iso8859-\d+|koi8-[ru]|mac-\w+")
_KNOWN = re.compile(
    _SINGLE.pattern + r"|utf-8|utf-16(?:-[lb]e)?|gb18030|big5hkscs|cp932|euc_jp|iso2022_jp|cp949"
)
_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_SEARCHED = 4_096
# C1 controls, private use, U+FFFE..: text that people read has next to none; a wrong charset does.
_ODD = re.compile("[\x80-\x84\x86-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")  # EUC-JP read as Shift JIS is mostly these
_WIDE = re.compile("[^\0-\x7f]")


def text_of(page: Page, row: Row) -> str:
    """Return a page's body as text. Raises ShapeError where its charset cannot be told."""
    return decoded(page.body, page.content_type, row.charsets)


def decoded(body: bytes, content_type: str = "", hints: tuple[str, ...] = ()) -> str:
    """Return `body` as text, without byte order marks. Raises ShapeError if nothing fits."""
    for mark, charset in _MARKS:
        if body.startswith(mark):
            return _certain(body, charset)
    for start, charset in _NO_MARK:
        if body.startswith(start):
            return _certain(body, charset)
    for charset in _candidates(body, content_type, hints):
        text = _strict(body, charset)
        if text is not None and _plausible(text, charset):
            return text
    raise _unreadable()


def charset_of(label: str) -> str:
    """Return the codec that a charset label means, or "" for one that is not text's."""
    name = label.strip().lower()
    try:
        name = codecs.lookup(_OTHER_NAMES.get(name, name)).name
    except (LookupError, ValueError):
        return ""
    name = _WIDER.get(name, name)
    return name if _KNOWN.fullmatch(name) else ""


def _candidates(body: bytes, content_type: str, hints: tuple[str, ...]) -> Iterator[str]:
    declared = tuple(filter(None, map(charset_of, _declared(body, content_type))))
    if any(_SINGLE.fullmatch(charset) for charset in declared[:1]):
        yield "utf-8"  # one-byte charsets accept anything; UTF-8 by chance is rare
    yield from declared
    yield "utf-8"
    yield from filter(None, map(charset_of, hints))


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    if header := _HEADER.search(content_type):
        yield header.group(1)
    start = body[:_SEARCHED]
    for pattern in (_XML, _META):
        if told := pattern.search(start):
            yield told.group(1).decode("ascii", "ignore")


def _strict(body: bytes, charset: str) -> str | None:
    if charset == "utf-16" or charset.startswith("utf-16-"):
        charset = "utf-16-le" if charset == "utf-16" else charset
        if body.count(b"\0", 0, _SEARCHED) * 8 < min(len(body), _SEARCHED):
            return None  # it says UTF-16, but hardly a byte is zero: it is not
    try:
        return body.decode(charset).lstrip("\ufeff")
    except UnicodeDecodeError:
        return None


def _plausible(text: str, charset: str) -> bool:
    if charset == "utf-8":
        return True
    wide = len(_WIDE.findall(text))
    if len(_ODD.findall(text)) * 50 > wide:
        return False
    return charset != "cp932" or len(_HALF_KANA.findall(text)) * 2 <= wide


def _certain(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def _unreadable() -> ShapeError:
    return ShapeError(
        "unreadable charset: the text fits neither what it declares, nor UTF-8,"
        " nor the row's `charsets`; name the right one there"
    )
