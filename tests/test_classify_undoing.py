"""What is undone: a permission that is taken away restricts, a control that is lifted eases."""

import pytest

from bot.classify.action import verdict_of
from bot.classify.concepts import rows_of
from bot.classify.passages import passages_of
from bot.classify.undoing import taken
from bot.model import Direction

TAKEN = [
    ("en", "Norway cancels 12 export permits for drone parts"),
    ("en", "Permits for thermal sights revoked by Ottawa"),
    ("en", "Washington suspends licence exceptions for Macau"),
    ("zh", "美国取消对澳门的许可例外"),
    ("ja", "政府、センサー輸出の許可を取り消し"),
    ("ko", "정부, 센서 수출 면허 일부 취소"),
    ("de", "Berlin widerruft Ausfuhrgenehmigungen für Drohnenmotoren"),
    ("fr", "La Belgique retire deux licences d'exportation de munitions"),
    ("es", "Madrid revoca licencias de exportación de munición"),
    ("ru", "Норвегия отозвала лицензии на вывоз датчиков"),
]
LIFTED = [
    ("en", "Norway scraps licence requirement for drone parts"),
    ("en", "Licence freeze on thermal sights ended"),
    ("zh", "美国取消许可要求"),
    ("ja", "センサー輸出の許可制を廃止"),
    ("ko", "센서 수출 허가제 폐지"),
    ("de", "Berlin streicht Genehmigungspflicht für Drohnenmotoren"),
    ("fr", "La Belgique supprime l'obligation de licence pour les capteurs"),
    ("es", "Madrid elimina la exigencia de licencia para sensores"),
    ("ru", "Норвегия отменила обязательное лицензирование датчиков"),
    ("en", "Ottawa will not revoke permits for thermal sights"),
]


@pytest.mark.parametrize(("lang", "title"), TAKEN, ids=[title for _, title in TAKEN])
def test_taking_a_permission_away_restricts(lang, title):
    passages = passages_of(title, "")
    assert taken(rows_of(passages[:1], lang)[0])
    assert verdict_of(passages, lang).direction is Direction.RESTRICT


@pytest.mark.parametrize(("lang", "title"), LIFTED, ids=[title for _, title in LIFTED])
def test_a_rule_that_is_lifted_or_a_refusal_takes_no_permission(lang, title):
    passages = passages_of(title, "")
    assert taken(rows_of(passages[:1], lang)[0]) is None
    assert verdict_of(passages, lang).direction is not Direction.RESTRICT
