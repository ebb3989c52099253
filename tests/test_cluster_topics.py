"""What one report is said to be about: its own goods, as far as its story bears them out."""

from datetime import timedelta

from bot.cluster import Stories
from bot.cluster.merge import topics_in
from bot.model import Direction, Stage, Topic
from bot.stream import item_of, said
from tests.builders import NOON, item, label

GALLIUM, GRAPHITE, STEEL = Topic("gallium"), Topic("graphite"), Topic("steel")


def story_of(*told):
    """Return one story of reports that name these topics, each by its own publisher."""
    stories = Stories()
    for n, topics in enumerate(told):
        host = f"paper{n}.example"
        placed = stories.place(
            item(
                id=f"i{n}",
                source=f"paper{n}",
                url=f"https://{host}/{n}",
                outlet=host,
                title="China curbs exports of gallium",
                seen=NOON + timedelta(minutes=n),
            ),
            label(
                topics=topics,
                action="new-control",
                direction=Direction.RESTRICT,
                stage=Stage.ANNOUNCED,
            ),
        )
        stories.put(placed.story)
    return placed.story


def test_a_title_without_goods_is_about_all_that_was_told_of_its_young_story():
    """Of two reports neither knows better; but a title that names goods says which."""
    story = story_of((GALLIUM, GRAPHITE), (GALLIUM,), (GALLIUM,))

    assert topics_in(story, [GALLIUM]) == (GALLIUM, GRAPHITE)
    assert topics_in(story, [GALLIUM], frozenset({"gallium"})) == (GALLIUM,)


def test_what_half_of_many_reports_name_goes_for_each():
    story = story_of(*[(GALLIUM, GRAPHITE)] * 3, *[(GALLIUM,)] * 3)

    assert topics_in(story, [GALLIUM]) == (GALLIUM, GRAPHITE)


def test_what_one_of_many_reports_names_in_passing_is_not_its_subject():
    """Unless its title says so: then it tells of other goods besides."""
    story = story_of(*[(GALLIUM,)] * 6, (GALLIUM, STEEL))

    assert topics_in(story, [GALLIUM, STEEL]) == (GALLIUM,)
    assert topics_in(story, [GALLIUM, STEEL], frozenset({"steel"})) == (GALLIUM, STEEL)


def test_a_report_is_never_left_without_a_subject():
    story = story_of(*[(GALLIUM,)] * 6, (STEEL,))

    assert topics_in(story, [STEEL])


def test_who_comments_on_a_measure_is_told_as_who_speaks():
    """A protest is in the story of what it is about, but its country is the one that protests."""
    stories = Stories()
    for title in (
        "Japan adds 23 chipmaking items to its export control list",
        "China's commerce ministry opposes Japan's export controls on chipmaking equipment",
    ):
        row = {"id": title, "title": title, "text": "", "seen": "2023-05-23T08:00:00Z"}
        told = said(item_of(row), stories)

    assert told["issuer"] == ["CN"]
