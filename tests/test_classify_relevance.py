"""Relevance: floors on our own labelled rows, what must never be evidence, and its reasons."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify import classify, explain
from bot.classify.evidence import features_of, read, signs
from bot.classify.passages import READ, passages_of
from bot.classify.relevance import AGAINST, FOR, score_of
from bot.classify.terms import lexicon
from bot.classify.topics import LANGUAGES
from bot.model import Direction, Label

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data/labelled.jsonl").read_text("utf-8").splitlines()
]
SHARED = Path(__file__).parents[2] / "shared/corpus/dev.jsonl"
EIGHT = LANGUAGES[:-1]


def f1(rows):
    said = [classify(row["title"], row["text"]).relevant for row in rows]
    pairs = Counter(zip((row["relevant"] for row in rows), said, strict=True))
    hit, missed, let_in = pairs[True, True], pairs[True, False], pairs[False, True]
    return 2 * hit / (2 * hit + missed + let_in)


def test_our_rows_cover_languages_actions_and_near_misses():
    """The floors below mean something only if every kind of row is there."""
    assert len(ROWS) >= 120
    assert {row["lang"] for row in ROWS if row["relevant"]} == set(EIGHT)
    assert {row["lang"] for row in ROWS if not row["relevant"]} == set(EIGHT)
    assert len({row["action"] for row in ROWS if row["relevant"]}) == 14
    assert {row["direction"] for row in ROWS if row["relevant"]} == set(Direction)


@pytest.mark.parametrize("lang", EIGHT)
def test_relevance_floor_in_each_language(lang):
    assert f1([row for row in ROWS if row["lang"] == lang]) >= 0.9


def test_near_misses_stay_out():
    """At most one in thirty pages that only look like export control may alert anyone."""
    near = [row for row in ROWS if not row["relevant"]]
    let_in = [row["id"] for row in near if classify(row["title"], row["text"]).relevant]
    assert len(let_in) <= len(near) / 30


def test_topic_floor():
    """Every topic that a row is about is found for at least nine rows in ten."""
    wanted = [row for row in ROWS if row["relevant"]]
    found = [row for row in wanted if set(row["topics"]) <= set(topics_of(row))]
    assert len(found) >= 0.9 * len(wanted)


def topics_of(row):
    return classify(row["title"], row["text"]).topics


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the development corpus is not here")
def test_floor_on_the_development_corpus():
    """A lexicon edited by hand must not lose what the weights were fitted to."""
    rows = [json.loads(line) for line in SHARED.read_text("utf-8").splitlines()]
    assert f1([row for row in rows if not row.get("borderline")]) >= 0.97


def test_every_weight_has_the_sign_of_its_evidence():
    """Evidence for news never counts against it, nor the reverse."""
    weights = lexicon("weights")["weights"]
    for feature, weight in weights.items():
        name = feature.partition(":")[2]
        if name in signs():
            assert weight * signs()[name] >= 0, feature


def test_every_weight_belongs_to_a_feature_that_can_occur():
    """A renamed table must not leave a dead weight behind."""
    known = {*signs(), "goods", "against", "silent"}
    known |= {f"{kind}-{n}" for kind in ("strong", "acted") for n in range(5)}
    for feature in lexicon("weights")["weights"]:
        name = feature.partition(":")[2]
        assert name in known or "+" in name or name.startswith("goods-"), feature


def test_relevance_tables_hold_nothing_but_what_is_read():
    """A misspelt key would silently lose its terms."""
    known = {"name", "sign", *LANGUAGES}
    assert {key for table in lexicon("relevance").values() for key in table} <= known


def test_every_kind_of_evidence_has_terms_in_all_eight_languages():
    poor = {
        (concept, lang)
        for concept, table in lexicon("relevance").items()
        for lang in EIGHT
        if not table.get(lang)
    }
    assert poor == set()


@given(st.text(alphabet="bcdfg .,!?-\n", max_size=300))
def test_length_and_punctuation_are_no_evidence(padding):
    """Letters that mean nothing, before and after, leave the score as it was."""
    title, text = "China bans gallium exports", "The ban takes effect at once."
    plain, padded = classify(title, text), classify(title, f"{text} {padding}")
    assert padded.score == plain.score


def test_the_order_of_late_sentences_does_not_matter():
    lead = "Exports need a licence. The ministry said so on Monday. "
    one = classify("Tin export rules", lead + "Shares fell. Analysts shrugged.")
    two = classify("Tin export rules", lead + "Analysts shrugged. Shares fell.")
    assert one.score == two.score


def test_market_reaction_late_in_a_report_is_no_doubt():
    """A ban is a ban even where the report ends with what share prices did."""
    ban = "China banned gallium exports on Monday. The commerce ministry named no date. "
    assert classify("China bans gallium exports", ban + "Shares fell. Revenue may drop.").relevant


def test_the_threshold_decides():
    title, text = "China bans gallium exports", ""
    score = classify(title, text).score
    assert classify(title, text, threshold=score).relevant
    assert not classify(title, text, threshold=min(1.0, score + 0.001)).relevant


@pytest.mark.parametrize(("title", "text"), [("", ""), ("   ", "\n"), ("!", "。")])
def test_nothing_is_not_news(title, text):
    label = classify(title, text)
    assert not label.relevant
    assert label.topics == ()


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_is_judged_the_same_way_twice(title, text):
    """Same input, same answer, always a probability."""
    label = classify(title, text)
    assert label == classify(title, text)
    assert 0 <= label.score <= 1


def test_only_the_first_part_of_a_long_text_is_read():
    """A huge page costs no more than a long article."""
    huge = "a b " * READ
    assert sum(len(p.text) for p in passages_of("t", huge)) <= READ + 1


def test_import_bans_are_not_export_bans():
    """The longer term of the other side shields the shorter one."""
    (reading,) = read(passages_of("Brussels lifts import ban", ""))
    assert "ban" not in reading.concepts
    assert "title:not-import" in features_of([reading])


def test_unknown_features_change_nothing():
    assert score_of({"title:nonsense"}) == score_of(())


def test_a_report_that_gives_only_a_number_has_the_measure_s_topics():
    title = "What the ministry's new export control notice asks of exporters"
    label = classify(title, "Announcement No. 61 of 2025 by MOFCOM takes effect in December.")
    assert "rare-earth" in label.topics


def test_reasons_are_the_words_of_the_text():
    title = "商务部批准稀土出口许可"
    label = classify(title, "")
    assert label.relevant
    assert all(e.words in title for e in label.evidence if e.fact == FOR)


def test_explanation_says_what_it_is_and_which_words_said_so():
    label = classify("China approves export licences for gallium", "The commerce ministry said so.")
    lines = explain(label)
    assert lines[0].startswith(f"It is export-control news ({label.score:.2f}): ")
    assert "“approves export licences” (export licence, in the title)" in lines[0]
    assert any(line.startswith("Topics: Gallium") for line in lines)


def test_explanation_names_what_spoke_against():
    label = classify("Gallium miner's quarterly results", "Net income rose and shares gained.")
    assert explain(label)[0].startswith("It is not export-control news")
    assert any(line.startswith("Against that spoke") for line in explain(label))
    assert any(e.fact == AGAINST for e in label.evidence)


def test_explanation_of_an_empty_label():
    (line,) = explain(Label(relevant=False, score=0.0))
    assert line == "It is not export-control news (0.00): no words of export control."


@pytest.mark.parametrize(
    "title",
    [
        "Three Firms Removed From the Entity List",
        "Changes to the Unverified List",
        "Order Denying the Export Privileges of Two Shipping Agents",
        "Revision of End-User Controls on Subsidiaries",
        "Amendment in Export Policy of Broken Rice",
        "Notice to exporters: changed general licence for radios",
        "商务部公告 公布将两家实体列入出口管制管控名单",
        "修正戰略性高科技貨品輸出實體管理名單",
        "輸出貿易管理令を改正する政令を公布",
        "전략물자 수출입고시 개정안 행정예고",
        "Änderung der Ausfuhrliste bekannt gemacht",
        "Décret modifiant le contrôle des exportations de biens à double usage",
        "Orden que prohíbe exportar material de defensa",
        "О введении временного запрета на вывоз дизельного топлива",
    ],
)
def test_a_gazette_s_bare_title_is_enough(title):
    """Official feeds often carry nothing but the name of the act."""
    assert classify(title, "").relevant


@pytest.mark.parametrize(
    "title",
    [
        "Regulations and Procedures Technical Advisory Committee; Notice of Open Meeting",
        "Certain Steel Pipe: Final Results of Antidumping Duty Review",
        "Notice of Sanctions Actions on Blocked Persons",
        "商务部召开座谈会",
        "海外展開支援セミナーのご案内",
        "Bekanntmachung über Antidumpingzölle auf Einfuhren von Glas",
    ],
)
def test_other_acts_of_the_same_offices_stay_out(title):
    assert not classify(title, "").relevant


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("El órgano que autoriza la venta de armas", "Eleva un informe anual a las Cortes."),
        ("Exportkontrolle an unserem Institut", "Ansprechpartner beraten vor Dienstreisen."),
        (
            "Fundamental research and the EAR",
            "Ask the export office before you hand-carry devices.",
        ),
        ("Discounters ration flour", "Two bags per customer are allowed while supply is short."),
        ("スーパー、小麦粉の販売を制限", "お一人様2点まで。"),
        ("Супермаркеты ограничили продажу гречки", "Власти разрешили меру до мая."),
        (
            "Regulator extends reactor licence",
            "The Nuclear Regulatory Commission allows 20 more years.",
        ),
        ("Regulators clear merger of chip tool suppliers", "China set conditions on supply."),
        ("이마트, 설탕 판매 1인당 3개로 제한", "정부가 허용했다."),
        (
            "Los súper limitan la venta de arroz",
            "Son dos kilos por cliente; el Gobierno lo autorizó.",
        ),
        (
            "Russia's barley export duty falls again",
            "The weekly rate follows registered contracts.",
        ),
        (
            "Пошлина на экспорт кукурузы вырастет",
            "Она составит 900 рублей за тонну, ставки рассчитаны.",
        ),
        ("明年关税调整方案公布", "部分商品实施进口暂定税率。"),
        ("Bundestag billigt Rohstofffonds", "Das Geld fließt in Lithium und Seltene Erden."),
        (
            "Remarks by the premier on supply chains",
            "An order asks for a review of chip shortages.",
        ),
    ],
)
def test_what_is_limited_or_licensed_at_home_is_no_export_control(title, text):
    """Standing pages, shops, reactors, mergers and routine rates use the same words."""
    assert not classify(title, text).relevant


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Tunis gèle ses livraisons d'huile d'olive", "Le gouvernement interdit l'exportation."),
        ("Italia, stop all'export di grano duro", "Il governo vieta le spedizioni fino a giugno."),
        ("مصر تحظر تصدير الأرز", "القرار يسري لمدة عام."),
        (
            "Huawei gets three more months",
            "The Commerce Department issued a temporary general license.",
        ),
        (
            "Beijing's unreliable entity list: first names",
            "It bars the firms from trade with China.",
        ),
        ("Washington stoppt Reaktorteile für China", "Lizenzen der Lieferanten sind ausgesetzt."),
        ("Aceite: Túnez prohíbe su salida", "El gobierno restringe la exportación hasta junio."),
        ("Россия вводит пошлину на экспорт подсолнечника", "Правительство утвердило ставку 50%."),
    ],
)
def test_the_same_words_about_what_leaves_the_country_are_news(title, text):
    assert classify(title, text).relevant


@pytest.mark.parametrize(
    "text",
    [
        "エンティティーリストに追加",
        "フォトレジストの輸出",
        "コストの増加",
        "スーパーコンピューター",
    ],
)
def test_short_words_are_not_read_into_longer_ones(text):
    """The short word for a strike stands in "list", that for a market in "supercomputer"."""
    found = {hit.concept for reading in read(passages_of(text, "")) for hit in reading.evidence}
    assert "not-culture" not in found


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("What is an ECCN?", "It is an alphanumeric code that says why an item is controlled."),
        ("전략물자란?", "무기 개발에 쓰일 수 있어 허가를 받아야 하는 물품과 기술이다."),
        ("Le régime des matériels de guerre", "Leur exportation est interdite sauf autorisation."),
        ("Пошлина на экспорт ячменя снизится", "Ставка ниже, чем неделей ранее."),
        ("Australian graphite courts US buyers", "China processes nearly all of it."),
    ],
)
def test_how_a_rule_works_what_a_formula_gives_and_who_mines_is_no_news(title, text):
    assert not classify(title, text).relevant


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("大韓民国向け輸出管理の運用見直し", "材料を包括許可の対象から外し、個別に審査する。"),
        ("Alert: four groups of goods under export control from May", "China lists HS codes."),
    ],
)
def test_an_office_s_own_wording_is_news(title, text):
    assert classify(title, text).relevant
