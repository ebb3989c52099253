"""Readers are told again of what is material, and of nothing else."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from bot.cluster import Stories, agreement
from bot.model import Change, Direction, Evidence, Stage, Tier, Topic
from tests.builders import NOON, item, label

TITLE = "China curbs exports of gallium"
USUAL = {
    "topics": (Topic("gallium"),),
    "action": "new-control",
    "direction": Direction.RESTRICT,
    "stage": Stage.ANNOUNCED,
}


class Desk:
    """Plays reports into stories, one after the other."""

    def __init__(self):
        self.stories, self.count = Stories(), 0

    def tell(self, title=TITLE, *, by="", tier=Tier.PRESS, hours=0.0, text="", **facts):
        self.count += 1
        host = by or f"paper{self.count}.example"
        when = NOON + timedelta(hours=hours)
        made = item(
            id=f"i{self.count}",
            source=host.partition(".")[0],
            url=f"https://{host}/{self.count}",
            outlet=host,
            title=title,
            text=text,
            tier=tier,
            published=when,
            seen=when,
        )
        placement = self.stories.place(made, label(**(USUAL | facts)))
        self.stories.put(placement.story)
        return placement


@pytest.fixture
def desk():
    made = Desk()
    made.tell()
    return made


def test_the_first_report_is_new(desk):
    placement = desk.tell("India bans sugar exports", issuers=("IN",), topics=(Topic("sugar"),))

    assert placement.change is Change.NEW
    assert placement.story.revision == 1
    assert placement.story.reason == "new"


def test_another_publisher_is_coverage_and_says_what_agreed(desk):
    placement = desk.tell("Gallium exports face Chinese curbs")

    assert placement.change is Change.COVERAGE
    assert placement.story.revision == 1
    assert len(placement.story.publishers) == 2
    assert placement.reason.startswith(
        "same story as 1 other report: the same country that acts, goods"
    )


def test_the_same_words_of_the_same_publisher_are_a_repeat(desk):
    placement = desk.tell(by="paper1.example", hours=5)

    assert placement.change is Change.REPEAT
    assert len(placement.story.reports) == 1
    assert "paper1.example" in placement.reason


def test_a_repeat_through_another_domain_of_one_newsroom_is_a_repeat():
    desk = Desk()
    desk.tell(by="www.reuters.com")

    assert desk.tell(by="reutersagency.com").change is Change.REPEAT


def test_the_same_words_of_another_publisher_are_coverage(desk):
    assert desk.tell().change is Change.COVERAGE


def test_the_first_official_word_is_material_and_says_how_late_it_is(desk):
    placement = desk.tell(by="mofcom.gov.cn", tier=Tier.OFFICIAL, hours=3)

    assert placement.change is Change.MATERIAL
    assert placement.story.revision == 2
    assert placement.reason == "official: mofcom confirms it, 3 h after the first report"
    assert placement.story.reason == placement.reason
    assert placement.story.lead.official


def test_the_second_official_word_is_coverage(desk):
    desk.tell(by="mofcom.gov.cn", tier=Tier.OFFICIAL)

    assert desk.tell(by="customs.gov.cn", tier=Tier.OFFICIAL).change is Change.COVERAGE


def test_a_story_that_began_officially_is_not_confirmed_again():
    desk = Desk()
    desk.tell(by="mofcom.gov.cn", tier=Tier.OFFICIAL)

    assert desk.tell().change is Change.COVERAGE


def test_a_measure_that_gets_further_is_material():
    desk = Desk()
    desk.tell(stage=Stage.PROPOSED, hedged=True)

    placement = desk.tell(stage=Stage.IN_FORCE, hours=4)

    assert placement.change is Change.MATERIAL
    assert placement.reason == "now in force (was proposed)"
    assert placement.story.label.stage is Stage.IN_FORCE
    assert not placement.story.label.hedged


def test_a_copy_does_not_carry_a_measure_further_than_officials_just_did():
    """What a ministry considers is no measure because a paper words it as one."""
    desk = Desk()
    desk.tell(tier=Tier.OFFICIAL, stage=Stage.PROPOSED, hedged=True)

    copy = desk.tell(stage=Stage.ANNOUNCED, hours=2)
    later = desk.tell(stage=Stage.ANNOUNCED, hours=30)

    assert copy.change is Change.COVERAGE
    assert copy.story.label.stage is Stage.PROPOSED
    assert later.story.reason == "now announced (was proposed)"


def test_an_earlier_stage_told_later_changes_nothing():
    desk = Desk()
    desk.tell(stage=Stage.IN_FORCE)

    placement = desk.tell(stage=Stage.PROPOSED)

    assert placement.change is Change.COVERAGE
    assert placement.story.label.stage is Stage.IN_FORCE


def test_what_was_only_considered_and_is_now_stated_is_material():
    desk = Desk()
    desk.tell(hedged=True)

    assert "no longer only considered" in desk.tell().reason


def test_a_new_date_is_material_once(desk):
    first = desk.tell(effective=(date(2025, 8, 1),), expires=(date(2026, 8, 1),))
    second = desk.tell(effective=(date(2025, 8, 1),))

    assert first.reason == "in force 1 Aug 2025; until 1 Aug 2026"
    assert second.change is Change.COVERAGE


def test_a_date_before_the_news_is_background(desk):
    assert desk.tell(effective=(date(2023, 8, 1),)).change is Change.COVERAGE


def test_wider_goods_need_an_official_or_a_second_publisher(desk):
    wider = (Topic("gallium"), Topic("germanium"))

    alone = desk.tell(topics=wider)
    twice = desk.tell(topics=wider)
    again = desk.tell(topics=wider)

    assert alone.change is Change.COVERAGE
    assert alone.story.label.topics == (Topic("gallium"),)
    assert twice.reason == "wider: also germanium"
    assert twice.story.label.topics == wider
    assert again.change is Change.COVERAGE


def test_one_publisher_twice_widens_nothing(desk):
    wider = (Topic("gallium"), Topic("germanium"))
    desk.tell(by="one.example", topics=wider)

    placement = desk.tell("Gallium, germanium curbs explained", by="one.example", topics=wider)

    assert placement.change is not Change.MATERIAL


def test_an_official_widens_at_once(desk):
    placement = desk.tell(by="mofcom.gov.cn", tier=Tier.OFFICIAL, targets=("US",))

    assert placement.reason == "official: mofcom confirms it; wider: also US"
    assert placement.story.label.targets == ("US",)


def test_most_reports_settle_the_direction_unless_an_official_does():
    desk = Desk()
    desk.tell(direction=Direction.NEUTRAL)
    desk.tell()

    one_all = desk.tell().story.label.direction
    official = desk.tell(tier=Tier.OFFICIAL, direction=Direction.NEUTRAL).story.label.direction

    assert one_all is Direction.RESTRICT
    assert official is Direction.NEUTRAL


def test_a_story_that_changes_all_day_falls_silent(desk):
    changes = [
        desk.tell(effective=(date(2025, 8, day),), hours=day / 10).change for day in range(1, 12)
    ]

    assert changes == [Change.MATERIAL] * 5 + [Change.COVERAGE] * 6


def test_a_confirmation_is_told_even_then(desk):
    for day in range(1, 12):
        desk.tell(effective=(date(2025, 8, day),))

    assert desk.tell(tier=Tier.OFFICIAL).change is Change.MATERIAL


def test_a_story_keeps_a_bounded_number_of_reports(desk):
    for _ in range(200):
        placement = desk.tell(hours=1)

    assert len(placement.story.reports) == 120
    assert placement.story.reports[-1].item == f"i{desk.count}"


def test_the_very_same_item_changes_nothing(desk):
    made = item(id="again", url="https://p.example/1", outlet="p.example", title=TITLE)
    placed = desk.stories.place(made, label(**USUAL))
    desk.stories.put(placed.story)

    again = desk.stories.place(replace(made, title="Other words"), label(**USUAL))

    assert again.change is Change.REPEAT


def _titled(*slugs):
    """Evidence that a title names topics."""
    return tuple(Evidence(fact="topic", value=s, words=s, in_title=True) for s in slugs)


def test_one_wire_that_names_new_goods_in_its_title_is_told_as_not_confirmed(desk):
    """A trader of germanium must hear of it at once, and that nobody else says so yet."""
    title = "China adds germanium to its gallium export curbs"
    both = (Topic("gallium"), Topic("germanium"))

    alone = desk.tell(title, topics=both, evidence=_titled(*both))
    again = desk.tell(topics=both, evidence=_titled(*both))

    assert alone.change is Change.MATERIAL
    assert alone.reason == "wider, reported and not confirmed: also germanium"
    assert alone.story.label.topics == both
    assert again.change is Change.COVERAGE


def test_one_wire_that_names_a_new_country_in_its_title_is_told(desk):
    title = "China extends gallium export curbs to Japan"

    placement = desk.tell(title, targets=("JP",))

    assert placement.reason == "wider, reported and not confirmed: also Japan"
    assert placement.story.label.targets == ("JP",)


def test_a_country_that_only_the_text_names_widens_nothing_alone(desk):
    placement = desk.tell("Gallium curbs: who is hit", targets=("JP",))

    assert placement.change is Change.COVERAGE
    assert placement.story.label.targets == ()


def test_a_narrower_name_of_the_same_goods_is_not_wider():
    """Dysprosium is a rare earth: who follows rare earths was told."""
    desk = Desk()
    whole, part = Topic("rare-earth"), Topic("dysprosium")
    desk.tell("China curbs exports of rare earths", topics=(whole,))

    placement = desk.tell(
        "China curbs exports of dysprosium", topics=(part, whole), evidence=_titled(part)
    )

    assert placement.change is Change.COVERAGE
    assert part in placement.story.label.topics


def test_countries_that_texts_name_in_passing_are_no_wider_scope(desk):
    """Two texts that name where a cargo goes widen no control."""
    desk.tell("Gallium curbs: who is hit", targets=("JP",))

    placement = desk.tell("What gallium curbs mean", targets=("JP",))

    assert placement.change is Change.COVERAGE
    assert placement.story.label.targets == ("JP",)


def test_what_a_family_of_goods_stood_for_is_no_wider_scope():
    """Chip tools are chips: who was told of chips was told."""
    desk = Desk()
    desk.tell("Dutch curbs on chips", topics=(Topic("semiconductors"),))
    tools = (Topic("chip-equipment"), Topic("semiconductors"))

    placement = desk.tell("Dutch curbs on chip tools", topics=tools, evidence=_titled(*tools))

    assert placement.change is Change.COVERAGE


def test_why_reports_are_one_story_is_told_of_the_story_too(desk):
    """For /why, which asks long after the reports were placed."""
    alone = agreement(desk.tell("India bans sugar", issuers=("IN",), topics=()).story)
    two = desk.tell("Gallium exports face Chinese curbs").story

    assert alone == ""
    assert agreement(two) == "the same country that acts, goods, measure, direction"
