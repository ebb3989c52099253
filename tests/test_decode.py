"""Charsets are told strictly: exact text or an error, never replacement characters."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decode import charset_of, decoded, text_of
from bot.errors import ShapeError
from bot.model import Page
from tests.builders import row

TITLES = [  # our own sentences, as the sources' languages would have them
    ("gb18030", "商务部公布对镓锗相关物项实施出口许可的公告"),
    ("gb18030", "关于稀土出口申报的说明，自七月一日起施行"),
    ("big5", "經濟部預告修正戰略性高科技貨品輸出入管理辦法"),
    ("big5", "國貿署說明對先進晶片出口的審查程序"),
    ("shift_jis", "経済産業省、先端半導体製造装置の輸出許可を見直し"),
    ("shift_jis", "輸出貿易管理令の改正案について意見を募集します"),
    ("euc-jp", "安全保障貿易管理に関する通達を改めました"),
    ("euc-jp", "レアアースの輸出をめぐる協議が始まる"),
    ("euc-kr", "산업통상자원부, 전략물자 수출입고시 개정안 행정예고"),
    ("euc-kr", "희토류 영구자석 수출허가 심사 강화"),
    ("windows-1251", "Минторг ограничил вывоз редких металлов до конца года"),
    ("windows-1252", "Le contrôle des exportations s’étend aux aimants – détails"),
    ("windows-1252", "Ausfuhrgenehmigung für Seltene Erden: Ministerium prüft „neu“"),
]
SAYS_16 = "<?xml version='1.0' encoding='utf-16'?><t/>"
IDS = [f"{charset} {at}" for at, (charset, _) in enumerate(TITLES)]


@pytest.mark.parametrize(("charset", "title"), TITLES, ids=IDS)
@pytest.mark.parametrize("declared", ["utf-8", "right", ""])
def test_title_is_exact_whatever_the_server_declares(charset, title, declared):
    label = charset if declared == "right" else declared
    content_type = f"text/xml; charset={label}" if label else "text/xml"

    assert decoded(title.encode(charset), content_type, (charset,)) == title


@pytest.mark.parametrize(("charset", "title"), TITLES, ids=IDS)
def test_without_a_right_declaration_or_a_hint_it_is_an_error(charset, title):
    with pytest.raises(ShapeError, match="unreadable charset"):
        decoded(title.encode(charset), "text/xml; charset=utf-8")


@pytest.mark.parametrize("title", ["経済産業省", "輸出規制", "規制強化へ"])
def test_euc_jp_is_not_taken_for_shift_jis(title):
    """These are valid Shift JIS, too, as rows of half-width katakana."""
    body = title.encode("euc-jp")
    assert body.decode("cp932") != title

    assert decoded(body, "", ("shift_jis", "euc-jp")) == title


def test_some_half_width_katakana_are_shift_jis_all_the_same():
    title = "ﾚｱｱｰｽの輸出規制"

    assert decoded(title.encode("cp932"), "", ("shift_jis",)) == title


def test_a_text_of_control_characters_is_no_text():
    """A one-byte charset accepts everything; what it makes of Japanese is full of controls."""
    title = "輸出貿易管理令の改正"

    assert decoded(title.encode("cp932"), "", ("iso-8859-2", "shift_jis")) == title


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=gbk", "café"),
        (b"\xef\xbb\xbf\xef\xbb\xbfcaf\xc3\xa9", "", "café"),
        (codecs.BOM_UTF16_LE + "稀土".encode("utf-16-le"), "charset=utf-8", "稀土"),
        (codecs.BOM_UTF16_BE + "稀土".encode("utf-16-be"), "", "稀土"),
        (codecs.BOM_UTF32_LE + "稀土".encode("utf-32-le"), "", "稀土"),
        ("<?xml version='1.0'?><a>é</a>".encode("utf-16-le"), "", "<?xml version='1.0'?><a>é</a>"),
        ("<?xml version='1.0'?><a>é</a>".encode("utf-16-be"), "", "<?xml version='1.0'?><a>é</a>"),
        ("<rss>é".encode("utf-16-le"), "text/xml; charset=utf-16", "<rss>é"),
    ],
    ids=["utf-8", "twice", "16le", "16be", "32le", "16le bare", "16be bare", "16 declared"],
)
def test_byte_order_marks_win_and_go(body, content_type, text):
    assert decoded(body, content_type) == text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<?xml version='1.0' encoding='{}'?><t>稀土</t>", ""),
        ('<html><head><meta charset="{}"><p>稀土', ""),
        ("<meta http-equiv='Content-Type' content='text/html; charset={}'>稀土", ""),
        ("稀土", "text/html; charset={}"),
        ("稀土", 'text/html;Charset="{}"'),
    ],
    ids=["xml", "meta", "http-equiv", "header", "quoted header"],
)
@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb18030", "x-gbk"])
def test_every_place_of_a_declaration_is_read(body, content_type, label):
    text = body.format(label)

    assert decoded(text.encode("gb18030"), content_type.format(label)) == text


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("café".encode(), "text/html; charset=iso-8859-1", "café"),
        ("稀土".encode(), "text/html; charset=windows-1252", "稀土"),
        (SAYS_16.encode(), "", SAYS_16),
        (b"plain", "text/plain; charset=utf-16", "plain"),
        (b"\x93quoted\x94", "text/html; charset=iso-8859-1", "“quoted”"),
        ("한글 똠".encode("cp949"), "charset=euc-kr", "한글 똠"),
        ("①㈱".encode("cp932"), "charset=shift_jis", "①㈱"),
        ("café".encode(), "charset=made-up", "café"),
        (b"", "", ""),
    ],
    ids=["utf8 as latin", "utf8 as 1252", "says 16", "header says 16", "1252 as latin", "cp949",
         "cp932", "unknown", "empty"],
)  # fmt: skip
def test_declarations_are_meant_as_browsers_read_them(body, content_type, text):
    assert decoded(body, content_type) == text


@pytest.mark.parametrize(
    "label",
    ["rot13", "base64", "zip", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "utf-7",
     "undefined", "mbcs", "x" * 10_000, "", "\0", "../etc"],
)  # fmt: skip
def test_only_charsets_of_text_are_codecs_here(label):
    assert charset_of(label) == ""


@pytest.mark.parametrize(
    "body",
    [b"\xff\xff\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"caf\xe9", b"\xef\xbb\xbf\xff", b"\xff\xfea"],
    ids=["noise", "overlong", "surrogate", "latin", "after a mark", "half of 16"],
)
def test_what_is_certain_of_nothing_is_an_error(body):
    with pytest.raises(ShapeError, match="name the right one there"):
        decoded(body)


def test_a_page_is_read_with_its_rows_hints():
    page = Page(url="https://news.example/", body="稀土".encode("gb18030"))

    assert text_of(page, row(charsets=("gb18030",))) == "稀土"


@given(st.binary(max_size=300), st.text(max_size=40))
def test_never_a_replacement_character_and_never_another_error(body, content_type):
    try:
        text = decoded(body, content_type, ("gb18030", "shift_jis"))
    except ShapeError:
        return

    assert "\ufffd" not in text or "\ufffd".encode() in body or b"\x84\x31\xa4\x37" in body \
        or body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # fmt: skip


@given(st.text().filter(lambda text: not text.startswith("\ufeff")))
def test_utf8_is_always_read_as_it_is(text):
    if not text.encode("utf-8", "ignore").startswith((b"<\0", b"\0<")):
        assert decoded(text.encode("utf-8", "ignore")) == text.encode("utf-8", "ignore").decode()
