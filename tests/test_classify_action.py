"""What a measure is and which way it cuts, in eight languages: the costliest mistake is a flip."""

from pathlib import Path

import pytest

from bot.classify.action import Verdict, verdict_of
from bot.classify.concepts import LANGUAGES
from bot.classify.passages import passages_of
from bot.classify.terms import lexicon
from bot.model import Direction

RESTRICT, EASE, NEUTRAL = Direction.RESTRICT, Direction.EASE, Direction.NEUTRAL

BANS = {
    "en": "Guinea bans exports of raw bauxite",
    "zh": "几内亚禁止铝土矿出口",
    "ja": "ギニア、ボーキサイトの輸出を禁止",
    "ko": "기니, 보크사이트 수출 금지",
    "de": "Guinea verbietet die Ausfuhr von Bauxit",
    "fr": "La Guinée interdit l'exportation de bauxite",
    "es": "Guinea prohíbe la exportación de bauxita",
    "ru": "Гвинея запретила экспорт бокситов",
}
IMPOSED = {
    "en": "China puts export controls on indium",
    "zh": "中国对铟实施出口管制",
    "ja": "中国、インジウムの輸出規制を導入",
    "ko": "중국, 인듐 수출통제 시행",
    "de": "China führt Ausfuhrkontrollen für Indium ein",
    "fr": "La Chine impose des contrôles à l'exportation sur l'indium",
    "es": "China impone controles a la exportación de indio",
    "ru": "Китай ввёл экспортный контроль на индий",
}
TIGHTENED = {
    "en": "Tokyo tightens its export rules for chipmaking gear",
    "zh": "日本收紧芯片设备出口管制",
    "ja": "日本、半導体装置の輸出規制を強化",
    "ko": "일본, 반도체 장비 수출통제 강화",
    "de": "Japan verschärft Exportregeln für Chipmaschinen",
    "fr": "Le Japon durcit ses règles d'exportation de machines à puces",
    "es": "Japón endurece las normas de exportación de equipos de chips",
    "ru": "Япония ужесточила правила экспорта оборудования для чипов",
}
CONTROLS_PAUSED = {
    "en": "China suspends its export controls on antimony for a year",
    "zh": "中国暂停对锑的出口管制一年",
    "ja": "中国、アンチモンの輸出規制を1年間停止",
    "ko": "중국, 안티모니 수출통제 1년 유예",
    "de": "China setzt Exportkontrollen für Antimon für ein Jahr aus",
    "fr": "La Chine suspend pour un an ses restrictions sur l'antimoine",
    "es": "China suspende un año las restricciones al antimonio",
    "ru": "Китай на год приостановил ограничения на вывоз сурьмы",
}
EXPORTS_PAUSED = {
    "en": "China suspends exports of antimony",
    "zh": "中国暂停出口锑",
    "ja": "中国、アンチモンの輸出を一時停止",
    "ko": "중국, 안티모니 수출 일시 중단",
    "de": "China setzt Ausfuhren von Antimon aus",
    "fr": "La Chine suspend les exportations d'antimoine",
    "es": "China suspende las exportaciones de antimonio",
    "ru": "Китай приостановил экспорт сурьмы",
}
LIFTED = {
    "en": "India lifts its ban on rice exports",
    "zh": "印度解除大米出口禁令",
    "ja": "インド、コメの輸出禁止を解除",
    "ko": "인도, 쌀 수출 금지 해제",
    "de": "Indien hebt das Exportverbot für Reis auf",
    "fr": "L'Inde lève l'interdiction d'exporter du riz",
    "es": "India levanta el veto a la exportación de arroz",
    "ru": "Индия сняла запрет на экспорт риса",
}
RESUMED = {
    "en": "Jakarta resumes nickel ore shipments",
    "zh": "印尼恢复镍矿出口",
    "ja": "インドネシア、ニッケル鉱石の輸出を再開",
    "ko": "인도네시아, 니켈광 수출 재개",
    "de": "Indonesien nimmt Nickelausfuhren wieder auf",
    "fr": "L'Indonésie reprend ses exportations de nickel",
    "es": "Indonesia reanuda las exportaciones de níquel",
    "ru": "Индонезия возобновила экспорт никеля",
}
GRANTED = {
    "en": "Beijing grants export licences to four magnet makers",
    "zh": "商务部批准四家磁材企业的出口许可",
    "ja": "中国商務省、磁石4社の輸出を許可",
    "ko": "중국, 자석 업체 4곳 수출 승인",
    "de": "Peking erteilt vier Magnetherstellern Exportlizenzen",
    "fr": "Pékin accorde des licences d'exportation à quatre fabricants d'aimants",
    "es": "Pekín concede licencias de exportación a cuatro fabricantes de imanes",
    "ru": "Пекин выдал экспортные лицензии четырём производителям магнитов",
}
DENIED = {
    "en": "Washington refuses licences for turbine exports",
    "zh": "美国拒绝涡轮机出口许可申请",
    "ja": "米国、タービンの輸出申請を却下",
    "ko": "미국, 터빈 수출 허가 거부",
    "de": "Washington lehnt Lizenzen für Turbinen ab",
    "fr": "Washington refuse les licences pour les turbines",
    "es": "Washington deniega licencias para turbinas",
    "ru": "Вашингтон отказал в лицензиях на вывоз турбин",
}
WAIVER_GONE = {
    "en": "Fab loses its waiver for American tools as Washington ends the exemption",
    "zh": "美国取消晶圆厂豁免",
    "ja": "韓国を優遇国から除外、政令を公布し優遇国除外が決定",
    "ko": "미국, 반도체 공장 VEU 지위 취소",
    "de": "USA streichen Ausnahme für Fabrik: Konzern verliert VEU-Status",
    "fr": "Washington retire la dérogation accordée à l'usine",
    "es": "Washington revoca la exención de la fábrica",
    "ru": "США лишили завод статуса проверенного пользователя",
}
PLANNED = {
    "en": "Hanoi considers a ban on tungsten exports",
    "zh": "越南考虑禁止钨出口",
    "ja": "ベトナム、タングステンの輸出禁止を検討",
    "ko": "베트남, 텅스텐 수출 금지 검토",
    "de": "Vietnam erwägt Exportverbot für Wolfram",
    "fr": "Le Vietnam envisage d'interdire l'exportation de tungstène",
    "es": "Vietnam estudia prohibir la exportación de wolframio",
    "ru": "Вьетнам рассматривает запрет экспорта вольфрама",
}
NOT_PLANNED = {
    "en": "Hanoi has no plans to restrict tungsten exports",
    "zh": "越南无意限制钨出口",
    "ja": "ベトナム、タングステンの輸出を制限しない方針",
    "ko": '베트남 "텅스텐 수출 제한 않는다"',
    "de": "Vietnam plant keine Exportbeschränkungen für Wolfram",
    "fr": "Le Vietnam n'envisage pas d'interdire l'exportation de tungstène",
    "es": "Vietnam no prohibirá la exportación de wolframio",
    "ru": "Вьетнам не планирует запрещать экспорт вольфрама",
}
ANSWERED = {
    "en": "Seoul urges Beijing to lift its gallium export ban",
    "zh": "韩国敦促中国解除镓出口禁令",
    "ja": "韓国、中国のガリウム輸出規制に抗議",
    "ko": "한국, 중국의 갈륨 수출통제에 반발",
    "de": "Seoul kritisiert Chinas Exportverbot für Gallium",
    "fr": "Séoul critique l'interdiction chinoise d'exporter du gallium",
    "es": "Seúl critica el veto chino al galio",
    "ru": "Сеул раскритиковал китайский запрет на экспорт галлия",
}
LISTED = {
    "en": "Commerce adds 14 firms to its Entity List",
    "zh": "美国将14家企业列入实体清单",
    "ja": "米商務省、14社をエンティティー・リストに追加",
    "ko": "미 상무부, 14개 기업 엔티티 리스트 등재",
    "de": "USA setzen 14 Firmen auf die Entity List",
    "fr": "Washington inscrit 14 entreprises sur la liste noire",
    "es": "Washington incluye 14 empresas en la lista negra",
    "ru": "США внесли 14 компаний в чёрный список",
}
UNLISTED = {
    "en": "Commerce removes five firms from the Entity List",
    "zh": "美国将五家企业移出实体清单",
    "ja": "米商務省、5社をリストから除外",
    "ko": "미 상무부, 5개 기업 명단에서 제외",
    "de": "USA: Fünf Firmen von der Liste gestrichen",
    "fr": "Washington retire cinq entreprises de sa liste noire",
    "es": "Washington retira cinco empresas de su lista negra",
    "ru": "США исключили пять компаний из чёрного списка",
}
QUOTAS = {
    "en": "Kinshasa sets a quota for cobalt exports",
    "zh": "刚果设定钴出口配额",
    "ja": "コンゴ、コバルトの輸出枠を設定",
    "ko": "콩고, 코발트 수출 쿼터 설정",
    "de": "Kongo legt Exportquote für Kobalt fest",
    "fr": "La RDC fixe un quota d'exportation de cobalt",
    "es": "El Congo fija una cuota de exportación de cobalto",
    "ru": "Конго установило квоту на экспорт кобальта",
}
CAUGHT = {
    "en": "Two traders charged with smuggling graphics chips",
    "zh": "两名商人走私芯片被起诉",
    "ja": "半導体を不正輸出、貿易会社の2人を逮捕",
    "ko": "반도체 밀수 업자 2명 기소",
    "de": "Zwei Händler wegen Schmuggels von Chips angeklagt",
    "fr": "Contrebande de puces : deux négociants inculpés",
    "es": "Dos comerciantes acusados de contrabando de chips",
    "ru": "Двух торговцев обвинили в контрабанде чипов",
}
KINDS = {
    "ban": (BANS, "ban", RESTRICT),
    "imposed": (IMPOSED, "new-control", RESTRICT),
    "tightened": (TIGHTENED, "tighten", RESTRICT),
    "controls-paused": (CONTROLS_PAUSED, "suspension", EASE),
    "exports-paused": (EXPORTS_PAUSED, "suspension", RESTRICT),
    "lifted": (LIFTED, "lift", EASE),
    "resumed": (RESUMED, "lift", EASE),
    "granted": (GRANTED, "licence-approval", EASE),
    "denied": (DENIED, "licence-denial", RESTRICT),
    "waiver-gone": (WAIVER_GONE, "tighten", RESTRICT),
    "planned": (PLANNED, "proposal", NEUTRAL),
    "not-planned": (NOT_PLANNED, "statement", NEUTRAL),
    "answered": (ANSWERED, "statement", NEUTRAL),
    "listed": (LISTED, "entity-listing", RESTRICT),
    "unlisted": (UNLISTED, "delisting", EASE),
    "quota": (QUOTAS, "quota", RESTRICT),
    "caught": (CAUGHT, "enforcement", RESTRICT),
}
ROWS = [
    pytest.param(title, lang, action, direction, id=f"{kind}-{lang}")
    for kind, (titles, action, direction) in KINDS.items()
    for lang, title in titles.items()
]
MORE = [
    pytest.param(
        "Beijing gives up rule that chips need a licence",
        "Firms need no permission now.",
        EASE,
        id="no-licence-needed",
    ),
    pytest.param(
        "Engine maker may ship to Shanghai again",
        "Its licence suspension has ended.",
        EASE,
        id="may-ship-again",
    ),
    pytest.param(
        "Announcement No. 70 halts the autumn controls",
        "It runs to November.",
        EASE,
        id="number-halts-controls",
    ),
    pytest.param("Export curbs on antimony suspended", "", EASE, id="passive-pause-of-curbs"),
    pytest.param("Antimony exports suspended", "", RESTRICT, id="passive-pause-of-exports"),
    pytest.param("Consumer goods exempted from battery export curbs", "", EASE, id="exempted"),
    pytest.param("Washington extends ban on lithography sales", "", RESTRICT, id="ban-extended"),
    pytest.param(
        "Licences for gallium will not be approved, ministry says", "", RESTRICT, id="not-approved"
    ),
    pytest.param(
        "Ministry withdraws waiver for civilian drones", "", RESTRICT, id="waiver-withdrawn"
    ),
    pytest.param("Regulator withdraws chip diffusion rule", "", EASE, id="rule-withdrawn"),
    pytest.param(
        "Ottawa tightens drone rules", "It is a proposed rule.", NEUTRAL, id="only-proposed"
    ),
    pytest.param("Cobalt export ban under review", "", NEUTRAL, id="ban-reviewed"),
    pytest.param("Gallium curbs remain in place despite the truce", "", NEUTRAL, id="curbs-remain"),
    pytest.param(
        "Graphite: new rules",
        "Exports of graphite are now subject to licences.",
        RESTRICT,
        id="told-by-the-body",
    ),
]

HEADLINES = [
    tuple(line.split("|"))
    for line in (Path(__file__).parent / "data/classify/directions.txt")
    .read_text("utf-8")
    .split("\n")
    if line and not line.startswith("#")
]


def said(title: str, text: str = "", lang: str = "en") -> Verdict:
    return verdict_of(passages_of(title, text), lang)


@pytest.mark.parametrize(("title", "lang", "action", "direction"), ROWS)
def test_a_title_tells_the_action_and_the_direction(
    title: str, lang: str, action: str, direction: Direction
) -> None:
    """Each kind of act is known in each language, and cuts the right way."""
    verdict = said(title, lang=lang)
    assert (verdict.action, verdict.direction) == (action, direction)


@pytest.mark.parametrize(("title", "lang", "action", "direction"), ROWS)
def test_an_unknown_language_never_turns_a_measure_around(
    title: str, lang: str, action: str, direction: Direction
) -> None:
    """Where nobody says which language it is, an ease is never told as a restriction."""
    assert {said(title, lang="").direction, direction} != {RESTRICT, EASE}, (lang, action)


@pytest.mark.parametrize(("title", "text", "direction"), MORE)
def test_undoing_and_denial_have_a_scope(title: str, text: str, direction: Direction) -> None:
    """What is undone, withdrawn, extended or only reviewed decides, and not the word ban."""
    assert said(title, text).direction is direction


def test_evidence_quotes_words_of_the_text() -> None:
    """The words that a trader is shown stand in the title, and say that they do."""
    title = "India lifts its ban on rice exports"
    for told in said(title).evidence:
        assert told.in_title
        assert all(word in title for word in told.words.split(", "))


def test_unnamed_sources_make_a_hedge() -> None:
    """What people familiar with a matter say is not yet what a ministry says."""
    assert said("China curbs gallium exports, sources say").hedged
    assert not said("China curbs gallium exports, ministry says").hedged


def test_what_says_nothing_is_a_neutral_statement() -> None:
    """No word of a measure: no direction is made up."""
    verdict = said("Weather in Lisbon")
    assert (verdict.action, verdict.direction, verdict.evidence) == ("statement", NEUTRAL, ())


def test_every_concept_is_told_in_every_language() -> None:
    """The lexicon holds words of each language for each concept."""
    gaps = {
        (concept, lang)
        for concept, table in lexicon("actions").items()
        for lang in LANGUAGES
        if lang not in table
    }
    assert not gaps


@pytest.mark.parametrize(("want", "lang", "title"), HEADLINES)
def test_headlines_cut_the_way_a_reader_takes_them(want: str, lang: str, title: str) -> None:
    """Headlines in the words of the press: permits, waivers, moratoria, hopes and doubts."""
    assert said(title, lang=lang).direction == want
