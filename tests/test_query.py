"""The subscription language: one spelling, clear mistakes, exact matches, linear time."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.language import speaking
from bot.query import canonical, explain, matches, parse, parse_any, plain, slip, subject

FACTS = {
    "topic": frozenset({"rare-earth"}),
    "direction": frozenset({"ease"}),
    "issuer": frozenset({"cn"}),
}
ASKED = subject("China approves some rare earth export licences, 中国批准部分稀土出口许可", FACTS)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("rare-earth", "rare-earth"),
        ("rare earth", "rare-earth"),
        ("Rare Earths", "rare-earth"),
        ("稀土", "rare-earth"),
        ("topic:rare-earth", "rare-earth"),
        ("gallium OR germanium", "gallium OR germanium"),
        ("germanium OR gallium", "gallium OR germanium"),
        ("gallium AND direction:ease", "direction:ease gallium"),
        ("direction:ease gallium", "direction:ease gallium"),
        ("gallium -price", "gallium -price"),
        ("gallium NOT price", "gallium -price"),
        ('"export licence"', '"export licence"'),
        ('"gallium"', '"gallium"'),
        ("lith*", "lith*"),
        ("issuer: China", "issuer:cn"),
        ("Issuer：cn gallium", "gallium issuer:cn"),
        ("lang:chinese", "lang:zh"),
        ("ticker:NYSE:MP", "ticker:mp"),
        ("company:mp-materials", 'company:"mp materials"'),
        ('target:"Hitachi Metals"', "target:proterial"),
        ("(gallium OR germanium) -quota", "(gallium OR germanium) -quota"),
    ],
)
def test_equal_wishes_have_one_spelling(typed, stored):
    assert canonical(parse(typed)) == stored


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("", "Say what to look for"),
        ("direction:up", 'direction:up" is not known'),
        ("issuer:xx", "names no country"),
        ("issuer:", "needs a value"),
        ("lang:xx", "It may be de, en"),
        ("ticker:zzzz", "in quotes"),
        ("company:MPmaterials", 'Did you mean company:"MP Materials"'),
        ("company:nobody", 'Watch its name: "nobody"'),
        ("stage:in force", "Did you mean stage:in-force"),
        ("direction:eas", "Did you mean direction:ease"),
        ("topik:gallium", "Did you mean topic:gallium"),
        ("topic:galium", "Did you mean topic:gallium"),
        ('"export licence', "never closed"),
        ("(gallium", 'without its ")"'),
        ("gallium)", 'without its "("'),
        ("gallium OR", "missing"),
        ("AND gallium", "both sides"),
        ("NOT", "NOT needs a word"),
        ("since:soon", "no time span"),
        ("since:2026-02-30", "2026-11-01"),
        ("li*", "at least three letters"),
        ("x" * 500, "500 characters"),
        ("a " * 60, "60 parts"),
    ],
)
def test_mistakes_name_the_word_and_what_to_type(typed, complaint):
    with pytest.raises(UsageError, match=r".") as caught:
        parse(typed)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("rare-earth", True),
        ("gallium", False),
        ("licence", True),  # the plural stands in the text
        ("icence", False),  # words, not parts of words
        ("approv*", True),
        ('"export licences"', True),
        ('"licences export"', False),
        ('"出口许可"', True),  # no spaces between words: anywhere
        ("许可", True),
        ("rare-earth direction:ease", True),
        ("rare-earth direction:restrict", False),
        ("rare-earth -licences", False),
        ("rare-earth -price", True),
        ("gallium OR rare-earth", True),
        ("rare-earth NOT (price OR quota)", True),
    ],
)
def test_matches(typed, held):
    assert matches(parse(typed), ASKED) is held


def test_since_asks_for_the_age():
    asked = subject("x", {}, timedelta(days=3))

    assert matches(parse("since:7d"), asked)
    assert not matches(parse("since:48h"), asked)


def test_since_a_day_asks_for_the_day_of_the_first_report():
    asked = subject("x", {}, seen=datetime(2026, 11, 1, tzinfo=UTC))

    assert matches(parse("since:2026-11-01"), asked)
    assert not matches(parse("since:2026-11-02"), asked)
    assert explain(parse("since:2026-11-01")) == "first seen since 1 Nov 2026"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("ticker:mp", "company MP Materials (NYSE:MP)"),
        ("company:lynas", "company Lynas (ASX:LYC)"),
        ("company:proterial", "company Proterial"),
    ],
)
def test_a_company_is_explained_by_its_name_and_listing(typed, told):
    assert explain(parse(typed)) == told


def test_any_of_the_stored_queries():
    assert matches(parse_any(["gallium", "rare-earth"]), ASKED)


def test_explains_in_plain_words():
    told = explain(parse("rare-earth direction:ease -price"))

    assert told.startswith("rare earths with ")
    assert told.endswith('in 8 languages and direction ease and not the word "price"')


def test_explains_countries_by_their_names_in_the_language_spoken():
    with speaking("zh"):
        told = explain(parse("issuer:cn target:us"))

    assert explain(parse("issuer:cn")) == "issuer China"
    assert "中国" in told
    assert "美国" in told


@pytest.mark.parametrize("typed", ["\ud800" * 40, "\u202e\u200b", " "])
def test_what_shows_nothing_asks_for_nothing(typed):
    with pytest.raises(UsageError, match="Say what to look for"):
        parse(typed)


def test_a_query_is_bounded_by_what_its_signs_stand_for():
    with pytest.raises(UsageError, match="characters long"):
        parse("\ufdfa" * 390)


@given(st.text(st.characters(), max_size=60))
def test_whatever_is_typed_is_a_query_or_one_line_that_helps(typed):
    try:
        query = parse(typed)
    except UsageError:
        return
    assert parse(canonical(query)) is not None
    assert canonical(query).encode()


QUERIES = st.recursive(
    st.sampled_from(
        ["gallium", "rare-earth", "licence", "pric*", '"export ban"', "direction:ease"]
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]} {two[1]})"),
        inner.map(lambda one: f"NOT ({one})"),
    ),
    max_leaves=8,
)


@given(QUERIES)
def test_the_canonical_spelling_means_the_same(typed):
    query = parse(typed)
    again = parse(canonical(query))

    assert canonical(again) == canonical(query)
    assert matches(again, ASKED) is matches(query, ASKED)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_a_query_or_one_clear_line(typed):
    try:
        stored = canonical(parse(typed))
    except UsageError:
        return
    assert canonical(parse(stored)) == stored


def test_the_beginning_of_a_word_behind_another_sign_is_stored_as_it_is_read():
    assert canonical(parse("10.5:gall*")) == "10 5 gall*"
    with pytest.raises(UsageError, match=r"0\*"):
        parse("0:0*")


def test_hostile_input_takes_no_longer_than_it_is_long():
    began = time.perf_counter()
    for typed in ("(" * 400, "-" * 400, '"a" ' * 100, "a* " * 130, "(a OR " * 60):
        with pytest.raises(UsageError):
            parse(typed)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("gallium or germanium", "gallium OR germanium"),
        ("gallium and direction:ease", "direction:ease gallium"),
        ("rare earths, gallium", "gallium OR rare-earth"),
        ("gallium/germanium", "gallium OR germanium"),
        ("tungsten|molybdenum", "molybdenum OR tungsten"),
        ("gallium –price", "gallium -price"),
        ("“export licence”", '"export licence"'),
        ('"gallium, germanium"', '"gallium germanium"'),
        ("833/2014", '"833 2014"'),
    ],
)
def test_what_phones_and_habits_type_means_what_was_meant(typed, stored):
    assert canonical(parse(typed)) == stored


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("rare-erht", ("rare-erht", "rare-earth")),
        ("galium direction:ease", ("galium", "gallium")),
        ("(germanum OR tin)", ("germanum", "germanium")),
        ('"galium"', None),
        ("copper -galium", None),
        ("price", None),
        ("iron ore", None),
        ("gallium", None),
    ],
)
def test_a_slip_of_the_pen_is_told_from_a_word_that_is_no_topic(typed, found):
    assert slip(typed) == found


@given(st.text(alphabet="aB\u00e9e\u0301\uff21가\u1100\u1161 -'\n", max_size=40))
def test_lines_are_folded_as_the_whole_text_is(text):
    """What is remembered of each line is what the text says."""
    assert subject(text, {}).text.strip() == plain(text)
