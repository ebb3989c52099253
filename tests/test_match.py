"""The index answers as asking every subscription would, and changes at once."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.match import Wishes, subject_of
from bot.query import matches, parse
from bot.query.marks import conceivable, marks_of
from tests.builders import NOON, item, label, story, wish

WORDS = [
    "gallium",
    "3",
    "ban",
    "licence",
    "licences",
    "price",
    "approved",
    "出口",
    "许可证",
    "稀土",
]
PARTS = st.sampled_from(
    [
        "gallium",
        "rare-earth",
        "licence",
        "pric*",
        "appr*",
        '"export ban"',
        '"gallium 出口"',
        '"3 许可证"',
        "出口*",
        "许可",
        "-price",
        "direction:ease",
        "-direction:restrict",
        "issuer:cn",
        '"ban licence"',
        "since:2d",
    ]
)
QUERIES = st.lists(
    st.lists(PARTS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3
).map(" OR ".join)


@settings(deadline=None)  # the first example reads the lexicons
@given(st.lists(QUERIES, max_size=12, unique=True), st.lists(st.sampled_from(WORDS), max_size=8))
def test_index_agrees_with_the_plain_evaluator(queries, words):
    wishes = [wish(query) for query in queries]
    asked = subject_of(story(), [item(title=" ".join(words))], NOON + timedelta(days=1))

    found = Wishes(wishes).matching(asked)

    assert set(found) == {w for w in wishes if matches(parse(w.query), asked)}


@settings(deadline=None)  # likewise
@given(QUERIES, st.lists(st.sampled_from(WORDS), max_size=8))
def test_a_query_that_holds_is_conceivable_by_the_marks_alone(query, words):
    asked = subject_of(story(), [item(title=" ".join(words))], NOON + timedelta(days=1))
    marks = marks_of(asked)

    if matches(parse(query), asked):
        assert conceivable(parse(query), marks.__contains__)


def test_a_phrase_that_begins_in_latin_letters_finds_its_story():
    asked = subject_of(story(), [item(title="关于 nvidia 芯片 的公告")], NOON)

    assert Wishes([wish('"nvidia 芯片"')]).matching(asked) == (wish('"nvidia 芯片"'),)


def test_a_new_subscription_is_live_at_once_and_a_removed_one_is_not():
    index = Wishes()
    asked = subject_of(story(), [], NOON)

    index.add(wish("rare-earth"))
    assert [w.query for w in index.matching(asked)] == ["rare-earth"]

    index.remove(wish("rare-earth"))
    assert index.matching(asked) == ()
    assert len(index) == 0


@settings(deadline=None)  # the first example reads the lexicons
@given(st.lists(QUERIES, max_size=12, unique=True), st.sets(st.integers(0, 11)))
def test_an_index_that_was_emptied_in_part_is_as_one_that_never_had_more(queries, ended):
    """Ways that several queries share stay while one of them does."""
    wishes = [wish(query) for query in queries]
    left = [w for at, w in enumerate(wishes) if at not in ended]
    asked = subject_of(story(), [item(title=" ".join(WORDS))], NOON + timedelta(days=1))

    index = Wishes(wishes)
    for at in ended & set(range(len(wishes))):
        index.remove(wishes[at])

    assert index.matching(asked) == Wishes(left).matching(asked)
    assert len(index) == len(left)


def test_a_wider_topic_gets_the_narrower_one():
    asked = subject_of(story(label=label(topics=("dysprosium",))), [], NOON)

    assert Wishes([wish("rare-earth")]).matching(asked)


def test_forgetting_a_chat_ends_its_subscriptions_alone():
    index = Wishes([wish("gallium"), wish("rare-earth", chat="console::other")])

    index.forget(wish().chat)

    assert len(index) == 1
