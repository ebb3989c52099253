"""One event is one story, whoever tells it, in whatever language and order; two events are two."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from bot.classify.terms import lexicon
from bot.cluster import Stories
from bot.cluster.likeness import match
from bot.cluster.profile import profile_of, sight_of
from bot.model import Change, Direction, Evidence, ItemId, StoryId
from tests.builders import NOON, item, label

BAN = {"action": "ban", "direction": Direction.RESTRICT}
NUMBERS = iter(range(10**6))


def told(title, *, hours=0, text="", lang="en", outlet="", **facts):
    """An item and its label: the ban of rare earths by China, unless facts say else."""
    number = next(NUMBERS)
    when = NOON + timedelta(hours=hours)
    made = item(
        id=ItemId(f"i{number}"),
        url=f"https://{outlet or f'site{number}.example'}/{number}",
        outlet=outlet or f"site{number}.example",
        title=title,
        text=text,
        lang=lang,
        published=when,
        seen=when,
    )
    return made, label(**({**BAN} | facts))


def played(*reports):
    """Return the story that each report was put into, in order."""
    stories, names = Stories(), []
    for made, said in reports:
        placement = stories.place(made, said)
        stories.put(placement.story)
        names.append(placement.story.id)
    return names


def test_one_event_in_four_languages_is_one_story():
    names = played(
        told("China bans exports of rare earth magnets"),
        told("中国禁止出口稀土永磁体", lang="zh", hours=1),
        told("中国、レアアース磁石の輸出を禁止", lang="ja", hours=2),
        told("China verbietet Ausfuhr von Magneten aus Seltenen Erden", lang="de", hours=3),
    )

    assert len(set(names)) == 1


def test_a_shared_official_number_outweighs_other_words_and_days():
    names = played(
        told("Overseas rare earths controlled", documents=("cn-mofcom-2025-61",)),
        told("What exporters must file now", hours=120, documents=("cn-mofcom-2025-61",)),
    )

    assert len(set(names)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"documents": ("cn-mofcom-2025-61",)}, {"documents": ("cn-mofcom-2025-62",)}),
        ({"issuers": ("CN",)}, {"issuers": ("VN",)}),
        ({"direction": Direction.RESTRICT}, {"direction": Direction.EASE}),
        ({"tokens": frozenset({"list:entity-list"})}, {"tokens": frozenset({"list:unverified"})}),
    ],
    ids=["number", "country", "direction", "list"],
)
def test_what_can_never_be_one_story_even_in_the_same_words(first, second):
    title = "Exports of rare earth magnets: new rule announced"

    assert len(set(played(told(title, **first), told(title, **second)))) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("EU adopts 12th package of sanctions", "EU adopts 13th package of sanctions"),
        ("EU beschließt 18. Sanktionspaket", "EU beschließt 19. Sanktionspaket"),
        ("对俄第十二轮制裁", "对俄第十三轮制裁"),
        ("対ロシア制裁第12弾", "対ロシア制裁第13弾"),
        ("Принят 14-й пакет санкций", "Принят 15-й пакет санкций"),
    ],
)
def test_the_next_package_is_another_story(first, second):
    assert len(set(played(told(first, issuers=("EU",)), told(second, issuers=("EU",))))) == 2


def test_a_report_between_two_numbers_does_not_join_what_must_stay_apart():
    names = played(
        told("Notice on rare earths", documents=("cn-mofcom-2025-61",)),
        told("Two notices on rare earths", documents=("cn-mofcom-2025-61", "cn-mofcom-2025-62")),
        told("Notice on rare earths", documents=("cn-mofcom-2025-62",)),
    )

    assert names[0] != names[2]


def test_no_two_of_the_world_s_countries_share_a_story():
    codes = sorted(lexicon("countries"))

    names = played(*(told("Exports of tin ore banned", issuers=(code,)) for code in codes))

    assert len(codes) > 240
    assert len(set(names)) == len(codes)


def test_a_later_announcement_that_cites_the_first_is_another_story():
    title = "China widens rare earth controls"

    names = played(
        told(title, documents=("cn-mofcom-2025-18",)),
        told(title, hours=24 * 5, documents=("cn-mofcom-2025-18", "cn-mofcom-2025-61")),
    )

    assert len(set(names)) == 2


def test_announcements_of_one_day_may_be_told_together():
    names = played(
        told("Rare earth notice", documents=("cn-mofcom-2025-61",)),
        told(
            "Two rare earth notices", hours=3, documents=("cn-mofcom-2025-61", "cn-mofcom-2025-62")
        ),
    )

    assert len(set(names)) == 1


LISTING = {"issuers": ("US",), "action": "entity-listing", "topics": ("semiconductors",)}


def counts(*numbers):
    return LISTING | {"tokens": frozenset(f"num:{number}" for number in numbers)}


def test_two_rounds_of_one_list_are_two_stories():
    names = played(
        told("US adds 80 firms to its Entity List", **counts(80)),
        told("US adds 140 firms to its Entity List", hours=9, **counts(140)),
    )

    assert len(set(names)) == 2


def test_a_part_of_the_names_is_of_the_same_list():
    names = played(
        told("US adds 32 firms, 23 of them Chinese, to its Entity List", **counts(32, 23)),
        told("23 Chinese firms join the Entity List of the US", hours=2, **counts(23)),
        told("32 firms put on the US Entity List", hours=3, **counts(32)),
    )

    assert len(set(names)) == 1


def test_a_reversal_is_a_new_story_that_names_what_it_undoes():
    stories = Stories()
    first = stories.place(*told("China bans rare earth exports", documents=("cn-mofcom-2025-61",)))
    stories.put(first.story)

    after = stories.place(
        *told(
            "China suspends announcement 61 on rare earths",
            hours=700,
            documents=("cn-mofcom-2025-61", "cn-mofcom-2025-70"),
            direction=Direction.EASE,
            action="suspension",
        )
    )

    assert after.change is Change.NEW
    assert after.story.reverses == first.story.id
    assert first.story.id in after.reason


@pytest.mark.parametrize(("action", "undone"), [("lift", True), ("licence-approval", False)])
def test_without_a_number_only_what_lifts_or_pauses_undoes(action, undone):
    stories = Stories()
    first = stories.place(*told("China bans rare earth exports"))
    stories.put(first.story)

    after = stories.place(
        *told("Rare earths flow again", hours=99, action=action, direction=Direction.EASE)
    )

    assert (after.story.reverses == first.story.id) is undone


LICENCES = {"issuers": ("GB",), "topics": ("arms",), "tokens": frozenset({"num:30"})}


@pytest.mark.parametrize(("in_title", "stories"), [(False, 1), (True, 2)])
def test_only_a_title_tells_surely_which_way_a_measure_cuts(in_title, stories):
    """What a text alone seems to tell may be background; two titles that differ are a reversal."""
    heard = {"action": "licence-approval", "direction": Direction.EASE}
    read = Evidence(fact="direction", value="ease", words="licences", in_title=in_title)
    names = played(
        told("Britain stops 30 licences for arms to Israel", **LICENCES),
        told("30 arms licences for Israel: a statement", evidence=(read,), **LICENCES, **heard),
    )

    assert len(set(names)) == stories


@pytest.mark.parametrize(
    ("text", "stories"),
    [
        ("The order of 19 June made Gabon the third country to do so.", 1),
        ("6月19日の措置を受けた動き。", 1),
        ("The order of 14 May made Gabon the third country to do so.", 2),
        ("", 2),
    ],
)
def test_who_looks_back_names_the_day_of_the_event(text, stories):
    """That of `NOON`."""
    gabon = {"issuers": ("GA",), "topics": ("manganese",)}
    names = played(
        told("Gabon halts manganese ore shipments", **gabon),
        told("What smelters of Gabon must pay", text=text, hours=24 * 6, **gabon),
    )

    assert len(set(names)) == stories


@pytest.mark.parametrize(("days", "stories"), [(30, 1), (45, 2)])
def test_a_measure_that_begins_on_the_day_announced_is_the_one_announced(days, stories):
    gabon = {"issuers": ("GA",), "topics": ("manganese",)}
    start = (NOON + timedelta(days=30)).date()
    names = played(
        told("Gabon to stop shipments of manganese ore", effective=(start,), **gabon),
        told("Manganese shipments of Gabon have stopped", hours=24 * days, **gabon),
    )

    assert len(set(names)) == stories


def test_an_unrelated_easing_undoes_nothing():
    stories = Stories()
    first = stories.place(*told("China bans rare earth exports"))
    stories.put(first.story)

    other = stories.place(
        *told("China lifts limits on sugar", topics=("sugar",), direction=Direction.EASE)
    )

    assert other.story.reverses is None


def test_a_follow_up_a_week_later_is_another_story():
    names = played(
        told(
            "China grants rare earth licences to suppliers of carmakers", action="licence-approval"
        ),
        told("Ministry vows quicker review of applications", hours=170, action="statement"),
    )

    assert len(set(names)) == 2


@pytest.mark.parametrize("days", [0, 4, 30, 80])
def test_a_copy_joins_however_late(days):
    title = "Gabon stops shipments of raw manganese as of 2029 to feed local smelters"
    facts = {"issuers": ("GA",), "topics": ("manganese",)}

    assert len(set(played(told(title, **facts), told(title, hours=24 * days, **facts)))) == 1


def test_two_undated_reports_join():
    first, said = told("Zimbabwe bans raw lithium exports", issuers=("ZW",), topics=("lithium",))
    second, _ = told("Raw lithium may not leave Zimbabwe", issuers=("ZW",), topics=("lithium",))
    undated = [(structs.replace(made, published=None), said) for made in (first, second)]

    assert len(set(played(*undated))) == 1


def test_other_goods_of_the_same_day_and_ministry_are_other_stories():
    names = played(
        told("US lifts curbs on chip design software", issuers=("US",), topics=("eda-software",)),
        told("US lets jet engines go to China again", issuers=("US",), topics=("aerospace",)),
    )

    assert len(set(names)) == 2


def test_placing_changes_nothing_that_is_held():
    stories = Stories()
    report = told("China bans rare earth exports")

    once, again = stories.place(*report), stories.place(*report)

    assert once == again
    assert stories.get(once.story.id) is None


def test_a_dropped_story_takes_no_more_reports():
    stories = Stories()
    first = stories.place(*told("China bans rare earth exports")).story
    stories.put(first)
    stories.drop(first.id)
    stories.drop(StoryId("none"))

    assert stories.place(*told("China bans rare earth exports")).change is Change.NEW


def test_stories_read_back_take_the_same_reports_as_before():
    stories, held = Stories(), []
    for report in (told("China bans rare earth exports"), told("India stops wheat exports")):
        held.append(stories.place(*report).story)
        stories.put(held[-1])

    late = told("Rare earth exports banned by China", hours=2)

    assert Stories(held).place(*late) == stories.place(*late)


def test_names_are_short_stable_and_never_taken_twice():
    stories, names = Stories(), set()
    for number in range(1500):
        word = f"{number:x}".translate(str.maketrans("0123456789", "ghijklmnop"))
        made, said = told(word * 3, hours=number * 100, issuers=(), topics=())
        placement = stories.place(structs.replace(made, id=ItemId(f"n{number}")), said)
        stories.put(placement.story)
        names.add(placement.story.id)

    assert len(names) == 1500
    assert all(4 <= len(name) <= 6 and not set(name) & set("01IO") for name in names)


EVENTS = [
    ("China bans exports of gallium", ("CN",), ("gallium",), Direction.RESTRICT),
    ("Chile limits shipments of lithium brine", ("CL",), ("lithium",), Direction.RESTRICT),
    ("Japan eases rules for photoresist", ("JP",), ("semiconductors",), Direction.EASE),
    ("India halts wheat sales abroad", ("IN",), ("wheat",), Direction.RESTRICT),
]


@settings(max_examples=40, deadline=None)
@given(st.permutations([(event, copy) for event in range(4) for copy in range(3)]))
def test_the_order_of_a_day_does_not_matter(order):
    """Law: clear events come apart the same way in whatever order their reports arrive."""
    reports = []
    for at, (event, copy) in enumerate(order):
        title, issuers, topics, direction = EVENTS[event]
        words = [title, f"Report: {title}", f"{title}, ministry says"][copy]
        reports.append(told(words, hours=at, issuers=issuers, topics=topics, direction=direction))

    names = played(*reports)

    parted = defaultdict(set)
    for (event, _), name in zip(order, names, strict=True):
        parted[event].add(name)
    assert sorted(map(len, parted.values())) == [1, 1, 1, 1]
    assert len(set(names)) == 4


def test_old_stories_are_forgotten_and_recent_ones_are_not():
    old, recent = (
        Stories()
        .place(item(id=ItemId(f"i{days}"), seen=NOON - timedelta(days=days)), label())
        .story
        for days in (60, 1)
    )
    held = Stories([old, recent])

    held.forget(NOON - timedelta(days=45))

    assert held.get(old.id) is None
    assert held.get(recent.id) == recent


def test_an_actor_that_one_text_misread_joins_where_the_other_country_is_named():
    """The country at whose head a title stands is not always the one that acts."""
    names = played(
        told("Curbs on magnets for Japan come from China", issuers=("JP",), tokens={"cc:cn"}),
        told("China curbs magnets for Japan", hours=2, issuers=("CN",), targets=("JP",)),
    )

    assert names[0] == names[1]


def test_tit_for_tat_is_two_stories():
    """Each aims at the other: both act."""
    names = played(
        told("China bans magnets for Japan", issuers=("CN",), targets=("JP",)),
        told("Japan bans magnets for China", hours=2, issuers=("JP",), targets=("CN",)),
    )

    assert names[0] != names[1]


def test_lists_that_name_one_company_are_one_though_an_actor_was_misread():
    firm = {"action": "entity-listing", "topics": ("semiconductors",)}
    names = played(
        told(
            "US blacklists Chinese foundry SMIC",
            issuers=("US",),
            tokens={"co:smic", "cc:cn"},
            **firm,
        ),
        told("SMIC, cut off", hours=7, issuers=("CN",), tokens={"co:smic", "cc:us"}, **firm),
    )

    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("text", "stories"),
    [
        ("The ministry granted them on Sunday.", 2),
        ("22日批准", 2),
        ("They were granted on Thursday.", 1),
        ("They were granted.", 1),
    ],
)
def test_a_report_of_days_after_a_story_is_of_another_event(text, stories):
    """`NOON` was a Thursday, the second report comes on the Sunday after."""
    grant = {"action": "licence-approval", "direction": Direction.EASE}
    names = played(
        told("China grants export licences for rare earth magnets", **grant),
        told("More magnet licences from Beijing", hours=72, text=text, **grant),
    )

    assert len(set(names)) == stories


def test_a_day_that_a_story_named_for_its_beginning_is_its_own():
    start = date(2025, 6, 22)
    names = played(
        told("China licenses rare earth magnets from 22 June", effective=(start,)),
        told("China magnet licensing begins", text="It applies since Sunday.", hours=72),
    )

    assert names[0] == names[1]


def test_a_company_s_own_licence_is_not_the_general_approval_of_days_before():
    """Whom a title is about tells events apart more than whom a text names."""
    grant = {"action": "licence-approval", "direction": Direction.EASE}
    general = told("China approves some export licences for rare earth magnets", **grant)

    def later(*tokens):
        title = "JL MAG says it has obtained export licences for magnets"
        return told(title, hours=60, tokens=frozenset({"co:jl-mag", *tokens}), **grant)

    named, titled = later(), later("about:jl-mag")

    assert played(general, named)[1] == played(general, named)[0]
    assert played(general, titled)[1] != played(general, titled)[0]


def test_a_shared_document_settles_who_acts():
    number = ("cn-mofcom-2024-46",)
    names = played(
        told("Announcement No. 46 bans magnets for America", documents=number),
        told("Traders brace as US magnet ban holds", issuers=("US",), hours=9, documents=number),
    )

    assert names[0] == names[1]


def test_where_stories_of_one_matter_crowd_more_must_agree():
    """A vague report joins a lone story, and none of several that it might as well tell."""
    vague = {"hours": 28, "action": "statement", "direction": Direction.NEUTRAL}
    asked = ("Rare earth magnets from China again", vague)
    lone = played(told("Beijing bans magnets abroad"), told(asked[0], **asked[1]))
    crowd = played(
        told("Beijing bans magnets abroad"),
        told("Grain quota for mills", action="quota", direction=Direction.EASE),
        told("Licences granted to carmakers", action="licence-approval", direction=Direction.EASE),
        told(asked[0], **asked[1]),
    )

    assert lone[0] == lone[1]
    assert crowd[-1] not in crowd[:-1]


def test_a_story_that_many_tell_draws_in_no_more_than_one_that_some_do():
    report = sight_of(*told("Magnets again"))
    made, said = told("China bans rare earth magnets")
    story = Stories().place(made, said).story

    some, many = (profile_of(replace(story, reports=story.reports * n)) for n in (9, 90))

    assert match(report, some).score == match(report, many).score


@pytest.mark.parametrize(("month", "stories"), [(5, 1), (10, 2)])
def test_days_that_differ_speak_for_two_measures(month, stories):
    """What starts in May is hardly what starts in October."""
    names = played(
        told("China bans rare earth magnets", effective=(date(2025, 5, 1),)),
        told("中国禁止稀土出口", lang="zh", hours=90, effective=(date(2025, month, 1),)),
    )

    assert len(set(names)) == stories


def test_a_newsroom_tells_an_event_once():
    """What it publishes on the same matter days later is more often the next event."""
    titles = "Beijing bans magnets abroad", "Chinese ban hits Europe's carmakers"
    elsewhere = played(told(titles[0]), told(titles[1], hours=30))
    again = played(
        told(titles[0], outlet="a.example"), told(titles[1], hours=30, outlet="a.example")
    )

    assert elsewhere[0] == elsewhere[1]
    assert again[0] != again[1]


def test_a_denial_is_a_story_of_its_own_that_names_what_it_denies():
    """A reader who was told of a ban must be told, and not by an edit, that it is denied."""
    stories = Stories()
    report = told("Paper: China to ban magnets", action="proposal", direction=Direction.NEUTRAL)
    first = stories.place(*report).story
    stories.put(first)
    denial = {
        "action": "statement",
        "direction": Direction.NEUTRAL,
        "tokens": frozenset({"says:denied"}),
    }

    second = stories.place(*told("Ministry denies report of magnet ban", hours=5, **denial))
    stories.put(second.story)
    third = stories.place(*told("China dismisses report on magnets", hours=6, **denial))

    assert second.change is Change.NEW
    assert second.story.reverses == first.id
    assert third.story.id == second.story.id


def test_a_denial_of_other_goods_undoes_nothing():
    stories = Stories()
    stories.put(stories.place(*told("China to ban magnets")).story)

    denial = told(
        "China denies plan to ban wheat exports",
        hours=5,
        topics=("wheat",),
        action="statement",
        direction=Direction.NEUTRAL,
        tokens=frozenset({"says:denied"}),
    )

    assert stories.place(*denial).story.reverses is None


def test_one_report_that_misreads_the_actor_keeps_no_others_out():
    """Most reports say who acts; the one in between would else part all that come after it."""
    magnets = "China restricts magnets for Japan"
    names = played(
        told(magnets, targets=("JP",)),
        told("Magnets for Japan restricted in China", hours=1, targets=("JP",)),
        told("Japan restricted: magnets from China", hours=2, issuers=("JP",), tokens={"cc:cn"}),
        told("China's magnets restricted for Japan", hours=3, targets=("JP",)),
    )

    assert len(set(names)) == 1


@pytest.mark.parametrize("first", [0, 1], ids=["licences-first", "pause-first"])
def test_a_new_way_of_licensing_is_another_story_than_the_measure_of_that_day(first):
    """General licences are designed on the day on which a control is paused."""
    licences = told(
        "Ministry designs general licences for rare earths",
        action="proposal",
        direction=Direction.NEUTRAL,
        tokens=frozenset({"way:general-licence"}),
    )
    pause = told("商务部暂停稀土出口管制", lang="zh", action="suspension", direction=Direction.EASE)

    assert len(set(played(*(licences, pause)[:: 1 - 2 * first]))) == 2


def test_lists_of_two_countries_stay_apart_in_whatever_words():
    """Who is hit need not have been read: each of two countries lists the other's firms."""
    listing = {"action": "entity-listing", "topics": ("other",)}
    names = played(
        told("US lists Chinese firms", issuers=("US",), tokens={"cc:cn"}, **listing),
        told("商务部列管美国企业", lang="zh", hours=9, tokens={"cc:us"}, **listing),
    )

    assert names[0] != names[1]
