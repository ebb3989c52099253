"""Official numbers: one id for every spelling of one document, and none for what is no document."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.documents import documents_of
from bot.classify.numerals import han_value, ordinals
from bot.classify.terms import tidy

PUBLISHED = date(2025, 11, 7)


def found(text, published=PUBLISHED):
    return documents_of(tidy(text), published)


ONE = (
    "商务部公告2025年第61号",
    "商务部公告2025第61号 公布决定",
    "商务部公告(2025)第六十一号",
    "商务部公告〔2025〕61号",
    "中华人民共和国商务部公告二〇二五年第61号",
    "商務部公告2025年第61號",
    "商务部2025年第61号公告",
    "2025年商务部公告第61号",
    "商务部、海关总署公告2025年第61号",
    "商务部第61号公告解读",
    "中国商務部公告2025年第61号",
    "中国が2025年第61号公告を発表",
    "중국 상무부 공고 2025년 제61호",
    "중국 상무부 2025년 제61호 공고",
    "MOFCOM Announcement No. 61 of 2025",
    "MOFCOM Announcement No.61 [2025]",
    "MOFCOM Announcement 2025 No. 61",
    "China's Announcement #61 of 2025",
    "China: notice No. 61 of 9 October 2025",
    "China's Announcement No. 61",
    "Chinas Bekanntmachung Nr. 61/2025",
    "Chinas Bekanntmachung Nr. 61 von 2025",
    "L'annonce n° 61 de 2025 de la Chine",
    "El anuncio n.º 61 de 2025 de China",
    "Объявление № 61 от 2025 года министерства торговли Китая",
)


@pytest.mark.parametrize("text", ONE)
def test_every_spelling_of_an_announcement_is_one_id(text):
    assert found(text) == ("cn-mofcom-2025-61",)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("商务部令二〇二六年第1号", "cn-mofcom-order-2026-1"),
        ("China Ministry of Commerce Order No. 5 (2025)", "cn-mofcom-order-2025-5"),
        ("不可靠实体清单工作机制公告〔2025〕7号", "cn-uel-2025-7"),
        ("海关总署公告2025年第9号", "cn-gacc-2025-9"),
        ("税委会公告2025年第4号", "cn-tariff-2025-4"),
        ("商务部公告第一百零三号(2025年)", "cn-mofcom-2025-103"),
        ("商务部公告2025年第61、62号", "cn-mofcom-2025-61 cn-mofcom-2025-62"),
        ("商务部公告2025年第61号、第62号", "cn-mofcom-2025-61 cn-mofcom-2025-62"),
        ("商务部公告2025年第55至57号", "cn-mofcom-2025-55 cn-mofcom-2025-56 cn-mofcom-2025-57"),
        ("China: Announcements No. 61 and 62 of 2025", "cn-mofcom-2025-61 cn-mofcom-2025-62"),
        ("2025-05887", "us-fr-2025-05887"),
        ("C1-2024-31234", "us-fr-c1-2024-31234"),
        ("90 FR 14325", "us-fr-90-14325"),
        ("90 Fed. Reg. 14,325", "us-fr-90-14325"),
        ("Docket No. 250325-0052", "us-docket-250325-0052"),
        ("docket BIS-2025-0023", "us-docket-bis-2025-0023"),
        ("RIN 0694-AK20", "us-rin-0694-ak20"),
        ("Executive Order 14105", "us-eo-14105"),
        ("Delegated Regulation (EU) 2025/2003", "eu-2025-2003"),
        ("CELEX:32025R2003", "eu-2025-2003"),
        ("OJ L, 2025/2003", "eu-2025-2003"),
        ("die Verordnung (EU) 2025/2003", "eu-2025-2003"),
        ("le règlement (UE) 2025/2003", "eu-2025-2003"),
        ("Regulation (EU) No 833/2014", "eu-2014-833"),
        ("Regulation 833/2014", "eu-2014-833"),
        ("32014R0833", "eu-2014-833"),
        ("Notice to Exporters 2025/12", "gb-nte-2025-12"),
        ("NTE 2025/03", "gb-nte-2025-3"),
        ("S.I. 2025/532", "gb-si-2025-532"),
        ("the EU's 20th package of sanctions", "eu-package-20"),
        ("the EU's twentieth sanctions package", "eu-package-20"),
        ("欧盟第20轮对俄制裁", "eu-package-20"),
        ("歐盟第二十輪制裁", "eu-package-20"),
        ("EUの第20弾の対ロ制裁", "eu-package-20"),
        ("EU 20차 대러 제재", "eu-package-20"),
        ("20. Sanktionspaket der EU", "eu-package-20"),
        ("le 20e paquet de sanctions de l'UE", "eu-package-20"),
        ("el 20.º paquete de sanciones de la UE", "eu-package-20"),
        ("20-й пакет санкций ЕС", "eu-package-20"),
        ("DGFT Notification No. 20/2023", "in-dgft-notification-20-2023"),
        ("постановление правительства № 1544 от 15 ноября 2024", "ru-gov-2024-1544"),
    ],
)
def test_spellings_of_other_authorities(text, ids):
    assert found(text) == tuple(ids.split())


@pytest.mark.parametrize(
    "text",
    [
        "商务部公告 2025年10月9日",  # a date is no number
        "He hit home run No. 1 of the year in China",
        "A company announcement, 1 February 2024, on China",
        "Japan's Announcement No. 61 of 2025",  # of no Chinese authority
        "The 20th package of aid",
        "50/50 split, page 3-1234",
        "call 010-2025-05887-1",
        "",
    ],
)
def test_what_is_no_document(text):
    assert found(text) == ()


@pytest.mark.parametrize(
    ("number", "published", "year"),
    [
        (61, date(2025, 10, 9), 2025),
        (61, date(2026, 1, 20), 2025),  # so high a number is not due in January
        (18, date(2026, 2, 1), 2025),  # a measure that is known by its number
        (2, date(2026, 1, 20), 2026),
    ],
)
def test_a_number_without_year_is_of_the_likeliest(number, published, year):
    assert found(f"商务部公告第{number}号", published) == (f"cn-mofcom-{year}-{number}",)


def test_a_number_without_year_or_date_is_left_out():
    assert found("商务部公告第61号", None) == ()


def test_numbers_stand_in_the_order_of_the_text():
    text = "90 FR 14325 follows Regulation 2025/2003"
    assert found(text) == ("us-fr-90-14325", "eu-2025-2003")


_HAN = "〇一二三四五六七八九"


def _spelled(number):
    """Write a number below 100 as a Chinese text would."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else _HAN[tens]) + "十"
    return head + (_HAN[ones] if ones else "")


@given(st.integers(2018, 2030), st.integers(1, 99))
def test_the_spelling_of_a_number_does_not_matter(year, number):
    """Chinese numerals, brackets, word order and language give the same id."""
    han_year = "".join(_HAN[int(sign)] for sign in str(year))
    spellings = (
        f"商务部公告{year}年第{number}号",
        f"商务部公告{han_year}年第{_spelled(number)}号",
        f"商務部公告〔{year}〕{number}號",
        f"{year}年第{number}号公告,商务部",
        f"China's Announcement No. {number} of {year}",
        f"Chinas Bekanntmachung Nr. {number}/{year}",
    )
    assert {found(text) for text in spellings} == {(f"cn-mofcom-{year}-{number}",)}


@given(st.integers(1, 99))
def test_chinese_numerals_have_their_value(number):
    assert han_value(_spelled(number)) == number


@pytest.mark.parametrize(
    ("stem", "value"), [("zwanzigste", 20), ("twelfth", 12), ("vingtième", 20), ("двадцат", 20)]
)
def test_ordinals(stem, value):
    assert ordinals()[stem] == value


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    """No text makes it fail, and ids are plain words."""
    assert all(name.isascii() and name == name.casefold() for name in found(text))
