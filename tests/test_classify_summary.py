"""The summary: whole sentences of the source, what a trader must know, never more than fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.summary import LONGEST, summary
from bot.model import Label, Topic

LABEL = Label(relevant=True, score=1.0, topics=(Topic("gallium"),))
TOLD = {
    "en": "The ministry will license gallium exports from 1 May. It takes 45 days.",
    "zh": "商务部自5月1日起对镓实施出口许可。审批需要四十五天。",
    "ja": "商務省は5月1日からガリウムの輸出を許可制とする。審査には45日かかる。",
    "ko": "상무부는 5월 1일부터 갈륨 수출을 허가제로 바꾼다. 심사에는 45일이 걸린다.",
    "de": "Das Ministerium verlangt ab 1. Mai Lizenzen für Gallium. Die Prüfung dauert 45 Tage.",
    "fr": "Le ministère exige des licences pour le gallium dès le 1er mai. Il faut 45 jours.",
    "es": "El ministerio exige licencias para el galio desde el 1 de mayo. Tarda 45 días.",
    "ru": "Министерство вводит лицензии на галлий с 1 мая. Это займёт 45 дней.",
}
DATELINES = [
    ("BEIJING (Reuters) - ", "The ministry curbs gallium exports."),
    ("BEIJING, Nov 7 (Xinhua) -- ", "The ministry curbs gallium exports."),
    ("(Reuters) - ", "The ministry curbs gallium exports."),
    ("NEW DELHI (AP) - ", "The directorate bans sugar exports."),
    ("新华社北京10月9日电 ", "商务部对镓实施出口管制。"),
    ("中央社上海7日電:", "商務部對鎵實施出口管制。"),
    ("【北京=山田】", "中国商務省はガリウムの輸出を規制する。"),
    ("[北京 9日 ロイター] - ", "中国商務省はガリウムの輸出を規制する。"),
    ("(서울=연합뉴스) 홍길동 기자 = ", "상무부는 갈륨 수출을 통제한다."),
    ("Monitoring Desk: ", "The ministry curbs gallium exports."),
    ("KARACHI: News Desk - ", "The ministry curbs gallium exports."),
]
WORDS = [
    "gallium",
    "exports",
    "ministry",
    "licences",
    "curbs",
    "mill",
    "of",
    "in",
    "2025",
    "镓",
    "輸出",
]


@pytest.mark.parametrize("text", TOLD.values(), ids=TOLD)
def test_both_sentences_are_told_whole(text: str) -> None:
    """Short texts are told as they are, with the spaces of their own script."""
    assert summary("Gallium", text, LABEL) == text


@pytest.mark.parametrize(("head", "rest"), DATELINES, ids=[head for head, _ in DATELINES])
def test_where_a_wire_writes_from_is_left_out(head: str, rest: str) -> None:
    """A dateline tells a trader nothing."""
    assert summary("Short", head + rest, LABEL) == rest


@pytest.mark.parametrize("text", ["", "   ", "Curbs on gallium", "Curbs on gallium."])
def test_a_bare_title_has_no_summary(text: str) -> None:
    """Nothing is made up, and the title is not told twice."""
    assert summary("Curbs on gallium", text, LABEL) == ""


def test_boilerplate_is_left_out() -> None:
    """Adverts, sign-ups and copyright lines are no news."""
    text = "Subscribe to our newsletter. The ministry curbs gallium exports. All rights reserved."
    assert summary("Short", text, LABEL) == "The ministry curbs gallium exports."


@pytest.mark.parametrize(
    "furniture",
    [
        "The post Gallium curbs appeared first on Metal Page.",
        "Leave a Reply.",
        "Your email address will not be published.",
        "We use cookies to improve this site.",
        "Reporting by A. Writer; Editing by B. Editor.",
        "By Staff Reporter | 9 October 2025.",
        "Copyright 2025 Example Media.",
        "Also read: wheat curbs in India.",
        "责任编辑：某某。",
        "詳しくは会員にログイン。",
        "무단전재 및 재배포 금지.",
        "Alle Rechte vorbehalten.",
        "Lire aussi : le blé indien.",
        "Suscríbase a nuestro boletín.",
        "Читайте также: пшеница в Индии.",
    ],
)
def test_furniture_of_the_page_is_no_news(furniture: str) -> None:
    """In any language, before the news or after it."""
    news = "The ministry curbs gallium exports."
    assert summary("Short", f"{news} {furniture}", LABEL) == news
    assert summary("Short", f"{furniture} {news}", LABEL) == news


def test_an_opinion_goes_last() -> None:
    """What is done comes before what somebody thinks of it."""
    facts = ["The ministry curbs gallium.", "It needs a licence from May.", "Fines reach $9m."]
    text = " ".join([facts[0], "An analyst called it a big step for exports.", *facts[1:]])
    assert summary("Short", text, LABEL) == " ".join(facts)


def test_what_matters_is_told_before_the_background() -> None:
    """A late sentence with measure, goods and numbers beats earlier colour, in the old order."""
    colour = (
        "The sun rose over the harbour while gulls cried and workers drank their tea in peace. "
    )
    text = colour * 4 + "The ministry bans exports of 30 tonnes of gallium."
    told = summary("Short", text, LABEL)
    assert told.endswith("The ministry bans exports of 30 tonnes of gallium.")


@given(
    st.lists(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(
            lambda words: " ".join(words).capitalize() + "."
        ),
        max_size=12,
    )
)
def test_it_fits_and_holds_only_sentences_of_the_source(sentences: list[str]) -> None:
    """Law: at most LONGEST signs, and each sentence told is one of the source's, whole."""
    told = summary("Title", " ".join(sentences), LABEL)
    assert len(told) <= LONGEST
    rest = told
    for sentence in sorted(set(sentences), key=len, reverse=True):
        rest = rest.replace(sentence, "")
    assert rest.strip() == ""


@given(st.text(max_size=3000), st.text(max_size=80))
def test_any_text_fits(text: str, title: str) -> None:
    """Law: whatever a page holds, the summary is short and taken from it."""
    told = summary(title, text, LABEL)
    assert len(told) <= LONGEST
    assert set(told) <= set(text) | {" "}
