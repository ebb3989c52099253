"""Who acts and who is aimed at: the country that decides, and not the one that is named first."""

import pytest

from bot.classify.actors import actors_of
from bot.classify.passages import passages_of
from bot.classify.places import countries, country_for
from bot.classify.terms import lexicon

ACTS = [
    ("CN", "China bans exports of antimony to the United States"),
    ("US", "US blocks chip exports to China"),
    ("US", "Chipmaker cuts its forecast after US blocks China sales"),
    ("NL", "Lithography sales to China limited by the Netherlands"),
    ("CA", "Canada halts sensor exports to Turkey amid claims they are used by Azerbaijan"),
    ("FR", "La France suspend l'exportation de radars après leur emploi par le Soudan"),
    ("JP", "経済産業省、大韓民国向け輸出管理の運用を見直し"),
    ("US", "Chinese chip firms join US trade blacklist"),
    ("CN", "28 US entities on Chinese export control list"),
    ("CN", "MOFCOM adds 12 American companies to the Unreliable Entity List"),
    ("US", "BIS adds 12 Chinese companies to the Entity List"),
    ("JP", "Seoul's suppliers need licences as Tokyo tightens rules"),
    ("ZW", "Raw lithium exports banned in Zimbabwe"),
    ("CN", "商务部：对铟实施出口管制"),
    ("TW", "國貿署管制先進晶片輸往中國大陸"),
    ("US", "美国商务部将12家中国企业列入实体清单"),
    ("CN", "中国对美国禁止出口锑"),
    ("CN", "海关查获走私石墨"),
    ("JP", "政府は6日、先端半導体の輸出管理を強化すると発表した"),
    ("JP", "経産省、韓国向け輸出の審査を厳格化"),
    ("CN", "中国、日本向けのガリウム輸出を制限"),
    ("US", "米商務省、中国企業12社をエンティティー・リストに追加"),
    ("KR", "산업부, 러시아 수출통제 품목 확대"),
    ("CN", "중국 상무부, 일본에 희토류 수출 제한"),
    ("US", "미 상무부, 중국 기업 12곳 명단 등재"),
    ("CN", "China verschärft Ausfuhrkontrollen gegen die USA"),
    ("DE", "Bundesregierung stoppt Rüstungsexporte nach Israel"),
    ("CN", "La Chine restreint l'exportation de gallium vers les États-Unis"),
    ("CD", "La RDC fixe des quotas d'exportation de cobalt"),
    ("CN", "China restringe la exportación de galio a Estados Unidos"),
    ("ES", "El Gobierno aprueba el embargo de armas a Israel"),
    ("RU", "Россия ограничила экспорт урана в США"),
    ("US", "美 상무부, 중국 파운드리 장비 수출 차단"),
    ("NL", "Hague Court of Appeal halts delivery of jet parts to Israel"),
    ("CN", "全国人大常委会通过法律，对向日本出口的稀土实施管制"),
    ("BE", "Le gouvernement wallon suspend des licences d'armes vers l'Arabie saoudite"),
    ("EG", "مجلس الوزراء المصري يحظر تصدير السكر"),
    ("KG", "Кабмин Кыргызстана запретил вывоз скота в Узбекистан"),
    ("KZ", "Минторговли Казахстана вводит запрет на вывоз лука в Россию"),
    ("DE", "Bundessicherheitsrat genehmigt Lieferung von Jets an die Türkei"),
    ("FR", "La CIEEMG gèle des livraisons d'armes vers Israël"),
    ("CN", "Китай запретил экспорт галлия в США"),
    ("RU", "Минсельхоз предлагает квоту на вывоз масла"),
]
AIMED = [
    ("US", "China bans exports of antimony to the United States"),
    ("RU", "EU tightens export rules against Russia"),
    ("JP", "中国、日本向けのガリウム輸出を制限"),
    ("US", "中国对美国禁止出口锑"),
    ("IL", "Deutschland stoppt Rüstungsexporte nach Israel"),
]
ENGLISH = {
    "US": "American",
    "CN": "Chinese",
    "JP": "Japanese",
    "KR": "South Korean",
    "NL": "Dutch",
    "DE": "German",
    "FR": "French",
    "GB": "British",
    "ES": "Spanish",
    "IT": "Italian",
    "RU": "Russian",
    "IN": "Indian",
    "ID": "Indonesian",
    "MY": "Malaysian",
    "VN": "Vietnamese",
    "TH": "Thai",
    "PH": "Philippine",
    "TR": "Turkish",
    "IL": "Israeli",
    "UA": "Ukrainian",
    "CH": "Swiss",
    "SE": "Swedish",
    "NO": "Norwegian",
    "FI": "Finnish",
    "PL": "Polish",
    "CA": "Canadian",
    "AU": "Australian",
    "BR": "Brazilian",
    "AR": "Argentine",
    "CL": "Chilean",
    "PE": "Peruvian",
    "MX": "Mexican",
    "GN": "Guinean",
    "GA": "Gabonese",
    "GH": "Ghanaian",
    "NG": "Nigerian",
    "ZA": "South African",
    "ZW": "Zimbabwean",
    "ZM": "Zambian",
    "TZ": "Tanzanian",
    "KZ": "Kazakh",
    "MM": "Burmese",
    "LK": "Sri Lankan",
    "PK": "Pakistani",
    "EG": "Egyptian",
    "MA": "Moroccan",
    "TN": "Tunisian",
    "DZ": "Algerian",
    "KE": "Kenyan",
    "NA": "Namibian",
    "BW": "Botswanan",
    "MN": "Mongolian",
    "LA": "Laotian",
    "KH": "Cambodian",
    "IR": "Iranian",
    "IQ": "Iraqi",
    "SA": "Saudi",
    "AE": "Emirati",
    "QA": "Qatari",
}


@pytest.mark.parametrize(("code", "title"), ACTS, ids=[title[:40] for _, title in ACTS])
def test_who_acts_is_found_by_place_and_verb(code: str, title: str) -> None:
    """The country whose authority acts is the only issuer."""
    assert actors_of(passages_of(title, "")).issuers == (code,)


@pytest.mark.parametrize(("code", "title"), AIMED, ids=[title[:40] for _, title in AIMED])
def test_who_is_aimed_at_is_a_target_and_no_issuer(code: str, title: str) -> None:
    """The country that is hit does not act."""
    actors = actors_of(passages_of(title, ""))
    assert code in actors.targets
    assert code not in actors.issuers


def test_a_company_leads_to_the_country_that_binds_it_only_where_nobody_acts() -> None:
    """A chip firm that is let off tells of Washington; a ministry that is named is stronger."""
    assert actors_of(passages_of("Nvidia assured of licences", "")).issuers == ("US",)
    title = "Dutch government writes to Nvidia"
    assert actors_of(passages_of(title, "")).issuers == ("NL",)


def test_an_official_number_or_site_tells_who_acts() -> None:
    """What a ministry numbers, and what it publishes on its site, is its own."""
    bare = passages_of("Notice on graphite", "")
    assert actors_of(bare, documents=("cn-mofcom-2025-58",)).issuers == ("CN",)
    assert actors_of(bare, "https://www.federalregister.gov/d/1").issuers == ("US",)
    assert actors_of(bare, "https://not-federalregister.gov.example/d/1").issuers == ()


def test_nobody_is_made_up() -> None:
    """A text that names no country has no issuer."""
    assert actors_of(passages_of("Graphite licences granted", "")).issuers == ()


def test_the_words_behind_an_issuer_are_shown() -> None:
    """Evidence quotes the name as the text writes it."""
    (told,) = actors_of(passages_of("Zimbabwe bans lithium ore exports", "")).evidence
    assert (told.fact, told.value, told.words, told.in_title) == ("issuer", "ZW", "Zimbabwe", True)


@pytest.mark.parametrize("code", list(lexicon("countries")))
def test_every_country_is_known_by_its_name_in_english(code: str) -> None:
    """No country of ISO 3166 is missing or taken for another."""
    name = lexicon("countries")[code]["en"][0].strip("=*")
    assert code in {hit.concept for hit in countries().find(name)}
    assert country_for(name) == code.casefold()


@pytest.mark.parametrize(("code", "adjective"), ENGLISH.items())
def test_adjectives_of_those_that_trade_are_known(code: str, adjective: str) -> None:
    """ "Ghanaian officials" speak for Ghana."""
    assert [hit.concept for hit in countries().find(f"{adjective} officials")] == [code]


def test_people_may_name_countries_in_any_way() -> None:
    """A command takes a name, an adjective or the code."""
    assert {country_for(name) for name in ("China", "chinese", "CN", "中国")} == {"cn"}
    assert country_for("Atlantis") is None


@pytest.mark.parametrize(
    ("title", "targets"),
    [
        ("Beijing stops shipments to Japan, Korea and India", {"JP", "KR", "IN"}),
        ("La Chine suspend ses livraisons vers le Japon", {"JP"}),
        ("商务部禁止对美国、日本出口镓", {"US", "JP"}),
    ],
)
def test_names_in_a_row_are_all_aimed_at(title: str, targets: set[str]) -> None:
    """What is said of the first name of a row is said of all."""
    assert set(actors_of(passages_of(title, "")).targets) == targets


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Taiwan adds Huawei to its strategic goods entity list", "TW"),
        ("32 firms put on the Entity List", "US"),
        ("14 firms put on the Unreliable Entity List", "CN"),
        ("Belgrade halts ammunition exports to Israel", "RS"),
        ("Bamako suspends gold exports by artisanal miners", "ML"),
    ],
)
def test_a_rule_of_one_country_or_a_capital_tells_who_acts(title: str, code: str) -> None:
    """A list speaks for its country, where no other is said to act."""
    assert actors_of(passages_of(title, "")).issuers == (code,)
