"""The topic catalogue: every term leads to its own topic, and people find topics by any name."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify import classify
from bot.classify.terms import lexicon, tidy
from bot.classify.topics import (
    LANGUAGES,
    ancestors,
    expand,
    find_topics,
    suggest,
    topic_for,
    topics,
    topics_of,
    topics_under,
)
from bot.model import Topic


def spellings(term: str) -> list[str]:
    """Return texts that a term must find: wildcards empty, brackets both ways."""
    plain = term.removeprefix("=").replace("*", "").replace("...", "")
    parts = re.split(r"\(([^()]*)\)", plain)
    choices = [[part] if i % 2 == 0 else [part, ""] for i, part in enumerate(parts)]
    return ["".join(choice) for choice in product(*choices)]


def test_every_term_finds_its_own_topic_and_no_other():
    """Each spelling of each term names its topic; anything else it names is an ancestor."""
    wrong = []
    for slug, heading in topics().items():
        allowed = {slug, *ancestors(slug)}
        for term in heading.terms:
            for text in spellings(term):
                found = {hit.concept for hit in find_topics(tidy(text))}
                if slug not in found or not found <= allowed:
                    wrong.append((slug, text, found))
    assert wrong == []


def test_no_term_is_listed_under_two_topics():
    """A trader who edits the file must be able to tell whose term it is."""
    owners: dict[str, set[str]] = {}
    for slug, heading in topics().items():
        for term in heading.terms:
            owners.setdefault(term.casefold(), set()).add(slug)
    assert {term: slugs for term, slugs in owners.items() if len(slugs) > 1} == {}


def test_every_topic_has_terms_in_all_eight_languages():
    """Each language has terms of its own; words that are alike everywhere may stand in `xx`."""
    poor = {
        (slug, lang)
        for slug, table in lexicon("topics").items()
        for lang in LANGUAGES[:-1]
        if slug != "other" and not table.get(lang)
    }
    assert poor == set()


def test_tables_hold_nothing_but_what_is_read():
    """A misspelt key would silently lose its terms."""
    known = {"name", "parents", "apart", "aside", *LANGUAGES}
    assert {key for table in lexicon("topics").values() for key in table} <= known


def test_parents_exist_and_never_loop():
    for slug, heading in topics().items():
        assert set(heading.parents) <= set(topics())
        assert slug not in ancestors(slug)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Vietnam limits tin ore", "tin"),
        ("对镝铽实施许可", "dysprosium"),
        ("對鎵鍺出口", "gallium"),
        ("レアアース磁石の輸出", "magnets"),
        ("중국이 희토류를 통제", "rare-earth"),
        ("Ausfuhr von Seltenerdmagneten", "rare-earth"),
        ("des terres rares", "rare-earth"),
        ("los imanes permanentes", "magnets"),
        ("вывоз редкоземельных металлов", "rare-earth"),
        ("Rare\u2011earth items", "rare-earth"),
        ("Genehmigung für die Magnetherstellung", "magnets"),
        ("네오디뮴계 희토류자석", "magnets"),
        ("оксид германия", "germanium"),
        ("поставки индия", "indium"),
        ("生产磷酸铁锂的技术", "lithium"),
        ("larangan ekspor bijih nikel", "nickel"),
        ("حظر تصدير البصل", "food"),
        ("人工智慧(AI)晶片", "ai-chips"),
        ("오이 인공지능(AI) 칩", "ai-chips"),
        ("ventas de trigo", "wheat"),
        ("laterite ore from Palawan", "nickel"),
        ("인화 인듐 웨이퍼", "indium"),
        ("Monazitsand", "rare-earth"),
        ("équipements de mesure et d'inspection", "chip-equipment"),
        ("игольчатый кокс", "graphite"),
        ("立方体でない砲弾", "arms"),
    ],
)
def test_inflected_and_joined_words_are_found(text, slug):
    """Particles, cases, compounds and odd dashes do not hide a topic."""
    assert slug in {hit.concept for hit in find_topics(tidy(text))}


@pytest.mark.parametrize(
    "text",
    [
        "satin sheets",
        "price of admission",
        "un disque",
        "Kohlenstoff",
        "Франция и Германия",
        "посол в Индии",
        "el gobierno indio",
        "mais le ministre",
        "한중 양자 회담",
        "무기한 연기",
        "葡萄牙政府",
        "Produit intérieur brut",
        "dal ministero",
    ],
)
def test_parts_of_words_are_not_topics(text):
    assert find_topics(tidy(text)) == ()


def test_a_narrow_topic_names_the_wider_ones():
    assert topics_of([(0, Topic("dysprosium"))]) == (
        "dysprosium",
        "rare-earth",
        "critical-minerals",
    )


def test_what_comes_late_counts_only_if_it_is_akin_to_the_title():
    """A report's last sentences recall other measures."""
    mentions = [(0, Topic("lithium")), (3, Topic("battery")), (3, Topic("wheat"))]
    found = topics_of(mentions)
    assert "battery" in found
    assert "wheat" not in found


@pytest.mark.parametrize("slug", ["semiconductors", "ai-chips", "memory"])
def test_chips_that_come_after_a_metal_are_what_it_is_for_or_what_is_answered(slug):
    assert slug not in topics_of([(0, Topic("gallium")), (0, Topic(slug))])
    assert slug not in topics_of([(0, Topic("gallium")), (1, Topic(slug))])
    assert slug in topics_of([(0, Topic(slug)), (0, Topic("gallium"))])
    assert slug in topics_of([(0, Topic("helium")), (0, Topic(slug))])


@pytest.mark.parametrize("slug", ["energy", "coal", "arms", "wheat", "drones"])
def test_what_is_often_named_aside_counts_where_no_other_goods_come_first(slug):
    """Clean energy is what graphite is for, and coal is in a ministry's name."""
    assert slug not in topics_of([(0, Topic("graphite")), (1, Topic(slug))])
    assert slug not in topics_of([(1, Topic("graphite")), (2, Topic(slug))])
    assert slug in topics_of([(0, Topic("graphite")), (0, Topic(slug))])
    assert slug in topics_of([(0, Topic("dual-use")), (1, Topic(slug))])
    assert slug in topics_of([(2, Topic(slug))])


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("The Hague withdraws a permit for ASML's immersion systems", {"chip-equipment"}),
        ("Tokyo licenses chip equipment bound for China", {"chip-equipment", "semiconductors"}),
        ("Washington clears Nvidia to ship H20 chips to China", {"ai-chips"}),
        ("Taiwan chipmaker needs a licence for AI chips", {"ai-chips", "semiconductors"}),
        ("China requires export licences for chipmaking metals", {"semiconductors"}),
        ("China bans export of LFP cathode technology", {"lithium", "battery"}),
        ("China puts export licences on seven rare earths", {"rare-earth", "magnets"}),
        ("US adds SMIC to the Entity List", {"semiconductors", "chip-equipment"}),
        ("Gabon to ban exports of raw manganese from 2029", {"battery"}),
        ("EU bans exports of samarium-cobalt to Russia", {"rare-earth", "magnets"}),
    ],
)
def test_goods_are_told_from_their_maker_their_use_and_their_measure(title, named):
    """What a word implies depends on what it stands for; wider topics than are named are not."""
    watched = {"semiconductors", "chip-equipment", "ai-chips", "lithium", "battery"}
    found = set(classify(title, "").topics)
    assert named <= found
    assert found & watched <= named


def test_what_brings_other_topics_names_topics_that_exist():
    """A misspelt key or slug would silently do nothing."""
    for row in lexicon("brings")["brings"]:
        known = {"has", "least", "without", "actions", "issuers", "words", "brings"}
        assert set(row) <= known
        assert {*row["brings"], *row["has"], *row.get("without", ())} <= {*topics()}


@pytest.mark.parametrize(
    ("title", "brought"),
    [
        ("China bans exports of gallium, germanium and antimony to the US", "superhard"),
        ("中国禁止镓、锗、锑对美国出口", "graphite"),
        ("China puts export controls on antimony", "superhard"),
        ("China controls exports of tungsten, bismuth and other metals", "tellurium"),
        ("China controls exports of dysprosium, terbium and samarium", "magnets"),
    ],
)
def test_who_names_some_goods_of_a_well_known_measure_has_named_the_measure(title, brought):
    assert brought in classify(title, "").topics


@pytest.mark.parametrize(
    ("title", "spared"),
    [
        ("China bans exports of gallium to the US", "superhard"),
        ("Tajikistan controls exports of antimony", "superhard"),
        ("China controls exports of tungsten", "tellurium"),
        ("Namibia bans exports of raw cobalt, graphite and rare earths", "superhard"),
        ("Taiwan adds SMIC to its entity list", "chip-equipment"),
        ("US curbs exports of HBM to China", "ai-chips"),
        ("Taiwan restricts exports of 47 semiconductor items to South Africa", "chip-equipment"),
        ("日本、EUV用レジストの輸出を許可", "chip-equipment"),
        ("対米輸出を禁止、中国がガリウムで", "food"),
        ("Indonesia widens palm oil export ban to crude and refined products", "energy"),
    ],
)
def test_what_only_looks_like_a_measure_or_its_goods_brings_nothing(title, spared):
    assert spared not in classify(title, "").topics


def test_without_a_topic_in_the_title_all_sentences_count():
    assert "wheat" in topics_of([(3, Topic("wheat"))])


def test_a_measure_s_number_stands_for_its_goods():
    assert {"gallium", "germanium", "critical-minerals"} <= set(topics_under(["cn-mofcom-2023-23"]))
    assert {"chip-equipment", "semiconductors"} <= set(topics_under(["us-fr-88-73424"]))
    assert topics_under(["cn-mofcom-1999-1"]) == ()


def test_measures_name_topics_that_exist():
    listed = {slug for slugs in lexicon("measures")["topics"].values() for slug in slugs}
    assert listed <= set(topics())


def test_subscribers_to_a_wide_topic_get_the_narrow_ones():
    assert {"dysprosium", "magnets", "rare-earth"} <= expand(Topic("rare-earth"))
    assert "hbm" in expand(Topic("semiconductors"))
    assert expand(Topic("tin")) == {"tin"}


@given(st.sampled_from(sorted(topics())))
def test_ancestors_and_descendants_agree(slug):
    """What has `slug` above it is exactly what a subscriber to `slug` is shown."""
    assert {t for t in topics() if slug in ancestors(t)} == expand(slug) - {slug}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("rare-earth", "rare-earth"),
        ("Rare Earths", "rare-earth"),
        ("稀土", "rare-earth"),
        ("희토류", "rare-earth"),
        ("gpu", "gpu"),
        ("GPUs", "gpu"),
        ("Dysprosium", "dysprosium"),
        ("chip making equipment", "chip-equipment"),
    ],
)
def test_people_name_topics_in_their_own_words(words, slug):
    assert topic_for(words) == slug


@pytest.mark.parametrize("words", ["", "weather", "rare", "gallium prices"])
def test_other_words_name_no_topic(words):
    assert topic_for(words) is None


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_look_up(words):
    """Whatever a person types, there is an answer, and it is a topic or nothing."""
    assert topic_for(words) in {None, *topics()}
    assert set(suggest(words)) <= set(topics())


@pytest.mark.parametrize(
    ("words", "slug"), [("galium", "gallium"), ("rareearth", "rare-earth"), ("lithum", "lithium")]
)
def test_misspelt_topics_are_suggested(words, slug):
    assert slug in suggest(words)


def test_nothing_is_suggested_for_words_unlike_all_topics():
    assert suggest("xylophone") == ()
