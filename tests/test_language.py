"""The bot's own languages: complete catalogues, and each chat its own."""

import asyncio
import string
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.language import CATALOGUES, LANGUAGES, day, known, name_of, speaking, tr, trn

ROOT = Path(__file__).parent.parent
OTHERS = sorted(set(LANGUAGES) - {"en"})


def texts():
    """Yield every text of the code as it is for one and for many."""
    keywords = {"tr": None, "mark": None, "trn": (1, 2), "Handler": (3,)}
    for folder in ("bot", "handlers"):
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder, method_map=[("**.py", "python")], keywords=keywords
        ):
            yield (message, message) if isinstance(message, str) else message


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_fills_the_same_names(language):
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    for one, many in texts():
        message = catalogue.get(one)
        said = "".join((message and message.string) or ())  # other than English, all count alike
        assert said, f"{language}.po lacks {one!r}: run `make messages` and translate it"
        assert _names(said) == _names(many), one


def _names(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_no_catalogue_holds_what_the_code_no_longer_says(language):
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        kept = {m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file, locale=language)}
    assert kept - {""} == {one for one, _ in texts()}


def test_texts_come_in_the_language_spoken_and_in_english_where_there_is_none():
    with speaking("zh-Hans-CN"):
        assert tr("{n} min", n=5) == "5 分钟"
    with speaking("de"):
        assert tr("{n} min", n=5) == "5 min"
    assert tr("{n} min", n=5) == "5 min"


def test_numbers_choose_the_form():
    forms = ("{names} and {count} more", "{names} and {count} more")
    with speaking("ja"):
        assert trn(*forms, 2, names="A") == "A ほか 2 社"


def test_values_are_filled_in_and_never_read_as_templates():
    assert tr("matched {queries}", queries="{n} {0.__class__}") == "matched {n} {0.__class__}"


async def test_two_chats_answered_at_once_keep_their_languages():
    async def say(language):
        with speaking(language):
            await asyncio.sleep(0)
            return tr("{n} min", n=5)

    told = await asyncio.gather(say("zh"), say("ja"), say("en"))
    assert list(told) == ["5 分钟", "5 分", "5 min"]


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "19 Jun 2025"), ("zh", "2025年6月19日"), ("ja", "2025年6月19日")],
)
def test_a_day_is_written_as_the_language_writes_it(language, written):
    with speaking(language):
        assert day(date(2025, 6, 19)) == written


def test_languages_are_known_by_any_form_of_their_code():
    assert [known(code) for code in ("zh_TW", "JA", "en-US", "fr", "")] == [
        "zh",
        "ja",
        "en",
        None,
        None,
    ]
    with speaking("ja"):
        assert name_of("zh") == "中国語"
        assert name_of("qqq") == "qqq"
