"""A denial is told as one: it bans nothing, whatever the title names."""

import pytest

from bot.classify import classify, explain, gist
from bot.classify.denials import DENIED
from bot.model import Direction

DENIALS = {
    "Malaysia denies plan to ban exports of raw rare earths": "en",
    "India's ministry dismisses report of sugar export ban": "en",
    "No plans to restrict gallium exports, Beijing says": "en",
    "China has no gallium embargo against Japan, ministry insists": "en",
    "商务部否认将禁止镓出口": "zh",
    "经济部澄清未禁止芯片出口": "zh",
    "経産省、半導体装置の輸出規制を否定": "ja",
    "산업부, 희토류 수출 금지 보도 부인": "ko",
    "Berlin dementiert Exportverbot für Chips": "de",
    "Pékin dément une interdiction d'exporter le gallium": "fr",
    "India desmiente que vaya a prohibir la exportación de arroz": "es",
    "Минпромторг опроверг запрет на экспорт титана": "ru",
}
DEEDS = {
    "US denies licences to export chips to China": "en",
    "China bans gallium exports after talks fail": "en",
    "美国拒绝向中国出口芯片的许可": "zh",
}


@pytest.mark.parametrize(("title", "lang"), DENIALS.items(), ids=range(len(DENIALS)))
def test_what_is_denied_is_not_done(title, lang):
    """In every language: a statement, neither way, on no day, and told as a denial."""
    label = classify(title, "The ban was to start on 1 May 2025.", lang=lang, threshold=0)

    assert DENIED in label.tokens
    assert (label.action, label.direction) == ("statement", Direction.NEUTRAL)
    assert label.effective == ()
    assert "denies" in gist(label)


@pytest.mark.parametrize(("title", "lang"), DEEDS.items(), ids=range(len(DEEDS)))
def test_a_refusal_is_a_deed(title, lang):
    assert DENIED not in classify(title, "", lang=lang, threshold=0).tokens


def test_a_denial_is_explained_by_its_words():
    label = classify("Malaysia denies plan to ban exports of raw rare earths", "")

    assert any("denies plan" in line for line in explain(label))
