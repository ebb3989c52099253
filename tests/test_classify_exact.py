"""The exact action: what stands around a measure tells which one it is."""

import pytest

from bot.classify.action import verdict_of
from bot.classify.passages import passages_of

ROWS = (
    ("en", "Commerce adopts 50% rule for units of Entity List firms", "", "tighten"),
    ("en", "Commerce puts six units of Acme on Entity List", "", "entity-listing"),
    ("en", "Washington orders Acme to stop selling sensors to Chile", "", "new-control"),
    ("en", "Washington bans sensor exports to Chile", "", "ban"),
    (
        "en",
        "Chile halts lithium exports to Peru",
        "Chilean customs has not said why.",
        "suspension",
    ),
    ("en", "Chile halts lithium exports to Peru", "The law was passed on Friday.", "ban"),
    ("en", "Chile restricts lithium exports", "It invites public comment until May.", "proposal"),
)


@pytest.mark.parametrize(("lang", "title", "text", "action"), ROWS)
def test_the_sentences_around_a_measure_make_it_exact(
    lang: str, title: str, text: str, action: str
) -> None:
    """Each row beside its neighbour, which the same words without the telling ones are."""
    assert verdict_of(passages_of(title, text), lang).action == action
