"""Talk: an answer to a measure is no measure, but what it answers with is."""

import pytest

from bot.classify.action import verdict_of
from bot.classify.passages import passages_of

ROWS = (
    ("en", "Quito strikes back at Brussels with export curbs on cobalt", "new-control"),
    ("de", "Peking wehrt sich mit Exportverbot für Magnesium und warnt Berlin", "ban"),
    ("en", "Lima bans zinc exports in May on fears of blackouts", "ban"),
    ("en", "Washington puts Acme Optics on blacklist, Beijing vows an answer", "entity-listing"),
    ("ja", "チリ、リチウムの輸出を禁止 電力不足を懸念", "ban"),
    ("ja", "チリの輸出規制に日本政府が反発", "statement"),
    ("en", "Zinc smelters protest ore export ban", "statement"),
    ("en", "Beijing vows an answer to Dutch export curbs, trade ministry says", "statement"),
)


@pytest.mark.parametrize(("lang", "title", "action"), ROWS)
def test_what_an_answer_is(lang: str, title: str, action: str) -> None:
    """The measure that somebody takes counts, and not the talk in the next clause."""
    assert verdict_of(passages_of(title, ""), lang).action == action
