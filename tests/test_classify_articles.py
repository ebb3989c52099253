"""What is told of whole pages, furniture and all, as a trader would have it."""

import re
import tomllib
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.classify import classify, gist, summary
from bot.classify.summary import LONGEST

FOLDER = Path(__file__).with_name("data") / "articles"
ARTICLES = tomllib.loads((FOLDER / "articles.toml").read_text(encoding="utf-8"))["article"]
TOLD = tomllib.loads((FOLDER / "told.toml").read_text(encoding="utf-8"))


@pytest.fixture(params=ARTICLES, ids=lambda article: article["name"])
def article(request):
    return request.param


def label_of(article):
    published = datetime.combine(article["published"], time(), UTC)
    return classify(article["title"], article["text"], lang=article["lang"], published=published)


def test_the_summary_is_what_a_trader_must_know(article):
    """The measure, goods, days, numbers, and what was left open; nothing of the page around it."""
    told = summary(article["title"], article["text"], label_of(article))

    assert told == TOLD[article["name"]]["summary"]
    assert len(told) <= LONGEST


def test_the_gist_states_what_the_page_does(article):
    """Who does what to which goods and when, and nothing that the page does not say."""
    if line := TOLD[article["name"]].get("gist"):  # those of talk are held elsewhere
        assert gist(label_of(article)) == line


def test_every_sentence_told_is_the_sources_own(article):
    """Law: what is told stands in the page letter for letter, up to an ellipsis."""
    told = summary(article["title"], article["text"], label_of(article))
    page = re.sub(r"\s+", " ", article["text"])

    for part in filter(None, re.split(r"(?<=[.。…]) ?", told)):
        assert part.removesuffix("…") in page


def test_every_language_has_hostile_pages():
    assert len(ARTICLES) >= 30
    assert {article["lang"] for article in ARTICLES} == {
        "en",
        "zh",
        "ja",
        "ko",
        "de",
        "fr",
        "es",
        "ru",
    }
