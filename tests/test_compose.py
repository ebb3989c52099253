"""What a chat sees: the first line alone tells direction, who, what, which goods, how sure."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import compose
from bot.model import Direction, Stage
from tests.builders import CHAT, NOON, label, report, story


def test_alert_tells_direction_headline_source_and_reason():
    told = compose.alert(story(), CHAT, ["rare-earth"]).text.splitlines()

    assert told[0].startswith("EASES  China · ")
    assert told[0].endswith("[reported, not confirmed]")
    assert told[1] == "China approves some rare earth export licences"
    assert told[-2] == "news.example, 19 Jun 2025 11:59 UTC · seen 40 s later · A7F3"
    assert told[-1] == "matched rare-earth"


def test_official_story_says_so_and_names_its_source():
    told = compose.alert(story(reports=(report(official=True),)), CHAT, []).text

    assert "[official]" in told
    assert "harbour, 19 Jun" in told


def test_hedged_news_is_never_shown_as_done():
    hedged = story(label=label(direction=Direction.RESTRICT, stage=Stage.RUMOUR, hedged=True))

    assert "RESTRICTS" not in compose.headline(hedged, CHAT)
    assert "rumour" in compose.headline(hedged, CHAT)


def test_undated_is_said_as_undated():
    told = compose.credit(story(reports=(report(published=None),)), CHAT)

    assert "undated, first seen 19 Jun 2025 12:00 UTC" in told
    assert "later" not in told


def test_a_day_is_a_day_not_midnight():
    assert (
        compose.dated(report(published=NOON - timedelta(hours=20), day_only=True), CHAT)
        == "19 Jun 2025"
    )


def test_times_are_in_the_chats_zone_and_odd_zones_do_not_fail():
    assert compose.moment(NOON, replace(CHAT, zone="Asia/Shanghai")).endswith("20:00 Shanghai")
    assert "12:00" in compose.moment(NOON, replace(CHAT, zone="No/Where"))


def test_other_publishers_are_counted_past_three():
    reports = tuple(report(publisher=name) for name in "abcdef")

    assert compose.others(story(reports=reports)) == "b, c, d and 2 more"


def test_language_of_the_headline_is_named_when_it_is_not_the_chats():
    told = compose.alert(story(reports=(report(lang="zh", title="批准"),)), CHAT, []).text

    assert "批准 (Chinese)" in told


def test_spans_read_as_people_say_them():
    said = [compose.span(timedelta(seconds=s)) for s in (40, 600, 7800, 4 * 86400)]

    assert said == ["40 s", "10 min", "2 h 10 min", "4 d"]


@pytest.mark.parametrize(
    ("reason", "loud"),
    [
        ("official: harbour confirms it", True),
        ("now in force (was announced); in force 1 Dec 2025", True),
        ("until 10 Nov 2026", True),
        ("now expired (was in force)", True),
        ("now in force (was announced)", False),
        ("wider: also holmium", False),
    ],
)
def test_only_what_every_reader_must_see_is_loud_in_any_language(reason, loud):
    changed = story(reason=reason, revision=2)
    for language in ("en", "zh"):
        assert compose.update(changed, replace(CHAT, language=language), report()).loud is loud


def test_a_reversal_says_so_and_names_both_stories():
    undoing = compose.alert(story(reverses="B210"), CHAT, [], undoes=True)

    assert undoing.loud
    assert undoing.lines[0].text.startswith("REVERSED  ")
    assert undoing.lines[-1].text.endswith("A7F3 ← B210")


def test_an_alert_and_an_update_say_which_way_they_cut_and_their_topics():
    told = story(label=label(topics=("gallium", "germanium")))
    chinese = replace(CHAT, language="zh")

    assert compose.alert(told, CHAT, []).about == ("EASES", "gallium, germanium")
    assert compose.update(told, chinese, report()).about[1] == "镓, 锗"


def test_the_buttons_of_an_alert_fit_any_platform():
    pressed = compose.alert(story(), CHAT, []).buttons

    assert [b.verb for b in pressed] == ["story", "why", "wrong", "mute"]
    assert all(len(f"{b.verb} {b.argument}".encode()) <= 64 for b in pressed)
