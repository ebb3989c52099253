"""Read by the bot itself, no two acting countries share a story, by whatever name or adjective."""

from collections import defaultdict

import pytest

from bot.classify import classify
from bot.classify.terms import lexicon
from bot.cluster import Stories
from bot.model import ItemId
from tests.builders import item


def names(language):
    """Yield each country's code with each of its plain names and adjectives."""
    for code, row in lexicon("countries").items():
        plain = (name.strip("=") for name in row.get(language, ()))
        yield from ((code, name) for name in plain if "*" not in name and "(" not in name)


@pytest.mark.parametrize(
    ("language", "headline"),
    [("en", "{} government restricts exports of gallium"), ("zh", "{}禁止镓出口")],
)
def test_each_country_s_control_is_its_own_story(language, headline):
    stories, actors = Stories(), defaultdict(set)
    for at, (code, name) in enumerate(names(language)):
        title = headline.format(name)
        made = item(id=ItemId(f"i{at}"), url=f"https://s{at}.example/", outlet="", title=title)
        placement = stories.place(made, classify(title, "", lang=language))
        stories.put(placement.story)
        actors[placement.story.id].add(code)

    assert len(actors) > 200
    assert [codes for codes in actors.values() if len(codes) > 1] == []
