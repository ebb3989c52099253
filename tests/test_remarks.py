"""What changed in a story, in each language, from one piece of data."""

import pytest

from bot.model import Remark
from bot.remarks import reason, remark, say
from tests.builders import story

CONFIRMED = remark("official: {source} confirms it", source="MOFCOM")
LASTS = remark("until {day}", day="2026-11-10")
WIDER = remark("wider: also {names}", names="lithium|JP|Hesai")
FURTHER = remark("now {stage} (was {was})", stage="in force", was="proposed")


@pytest.mark.parametrize(
    ("told", "lang", "words"),
    [
        (CONFIRMED, "en", "official: MOFCOM confirms it"),
        (LASTS, "en", "until 10 Nov 2026"),
        (LASTS, "zh", "至 2026年11月10日"),
        (WIDER, "en", "wider: also lithium, Japan, Hesai"),
        (WIDER, "zh", "范围扩大：另含 锂, 日本, Hesai"),
        (FURTHER, "ja", "現在は施行（以前は提案）"),
        (FURTHER, "fr", "now in force (was proposed)"),
    ],
)
def test_days_stages_and_names_are_said_in_the_language(told, lang, words):
    assert say(told, lang) == words


def test_a_story_kept_before_there_were_remarks_says_its_reason_as_it_was():
    assert reason(story(reason="until 1 Aug 2025"), "zh") == "until 1 Aug 2025"
    told = story(reason="...", remarks=(CONFIRMED, LASTS))
    assert reason(told, "en") == "official: MOFCOM confirms it; until 10 Nov 2026"


def test_text_from_outside_is_no_template():
    assert say(Remark("until {day}", (("day", "2026-11-10"),)), "en")
    assert say(remark("official: {source} confirms it", source="{day}"), "en") == (
        "official: {day} confirms it"
    )
