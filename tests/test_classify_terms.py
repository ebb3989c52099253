"""The term engine: what the notation of the lexicons finds, and what it must not find."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.terms import Matcher, lexicon, normalise, tidy


def found(term: str, text: str) -> list[str]:
    return [hit.words for hit in Matcher({"x": [term]}).find(tidy(text))]


@pytest.mark.parametrize(
    ("term", "text", "words"),
    [
        ("rare earth(s)", "rare earth and RARE EARTHS", ["rare earth", "RARE EARTHS"]),
        ("rare earth", "rare-earth items", ["rare-earth"]),
        ("rare-earth", "rare earth items", ["rare earth"]),
        ("ausfuhrbeschränk*", "Neue Ausfuhrbeschränkungen", ["Ausfuhrbeschränkungen"]),
        ("*kontrolle", "Exportkontrolle", ["kontrolle"]),
        ("экспортн* контрол*", "об экспортном контроле", ["экспортном контроле"]),
        ("ban ... exports", "to ban all raw tin exports", ["ban all raw tin exports"]),
        ("ban ... exports", "a ban. Later exports", []),
        ("ban ... exports", "ban one two three four five six exports", []),
        ("禁止...出口", "禁止稀土及其制品出口。", ["禁止稀土及其制品出口"]),
        ("禁止...出口", "禁止进口。出口", []),
        ("=BIS", "BIS bis Bis", ["BIS"]),
        ("=GPU(s)", "gpu GPU GPUs", ["GPU", "GPUs"]),
        ("tin", "tin, satin; tinny", ["tin"]),
        ("출통제", "수출통제", []),
        ("수출통제", "수출통제를 강화", ["수출통제"]),
        ("出口管制", "新出口管制法", ["出口管制"]),
        ("mofcom", "据MOFCOM称", ["MOFCOM"]),
        ("Maßnahme", "MASSNAHME", ["MASSNAHME"]),
    ],
)
def test_notation(term, text, words):
    """Each way to write a term finds just what its description promises."""
    assert found(term, text) == words


def test_the_first_and_longest_term_wins():
    """A longer term shields the shorter ones inside it."""
    matcher = Matcher({"metal": ["rare earth"], "magnet": ["rare earth magnet"]})
    assert [hit.concept for hit in matcher.find(normalise("a rare earth magnet"))] == ["magnet"]


def test_apart_concepts_do_not_shield_one_another():
    matcher = Matcher({"ban": ["ban ... exports"], "country": ["china"]}, apart=True)
    hits = matcher.find(normalise("ban China exports"))
    assert {hit.concept for hit in hits} == {"ban", "country"}


def test_one_term_may_name_two_concepts():
    matcher = Matcher({"a": ["export"], "b": ["export"]})
    assert [hit.concept for hit in matcher.find("export")] == ["a", "b"]


def test_offsets_point_into_the_text():
    text = tidy("China’s  “rare\u2011earth” rules")
    (hit,) = Matcher({"x": ["rare earth"]}).find(text)
    assert text[hit.start : hit.end] == hit.words == "rare-earth"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＡＢＣ　１２", "abc 12"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth", "zerowidth"),
        ("“x” «y»", '"x" "y"'),
        ("it’s – a", "it's - a"),
        ("line\n\tbreak ", "line break"),
        ("Éclair", "éclair"),
    ],
)
def test_normalise_unifies_spelling_and_keeps_accents(text, plain):
    assert normalise(text) == plain


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_small_letters_stand_at_the_same_offsets(text):
    """Hits of either spelling can be shown in the other."""
    assert len(normalise(text)) == len(tidy(text))


@given(st.text(alphabet="ab cd-.出口수출", max_size=40))
def test_hits_are_ordered_and_never_overlap(text):
    matcher = Matcher({"x": ["a", "ab", "b c", "出口", "수출", "a ... d"], "y": ["b", "口수"]})
    hits = matcher.find(tidy(text))
    assert all(left.end <= right.start for left, right in pairwise(hits))


TERMS = {"x": ["a", "ab", "b c", "出口", "수출", "a ... d", "=Cd", "ac*"], "y": ["b", "口수", "*d"]}
TEXTS = st.lists(st.text(alphabet="ab cCdD-.出口수출", max_size=30).map(tidy), max_size=6)


@given(TEXTS, st.booleans())
def test_texts_looked_through_together_give_what_each_gives_alone(texts, apart):
    """No term reaches from one text into the next, and what is remembered is what was found."""
    together = Matcher(TERMS, apart=apart)
    alone = [Matcher(TERMS, apart=apart).find(text) for text in texts]
    assert together.find_each(texts) == alone
    assert together.find_each(texts[::-1]) == alone[::-1]


@given(TEXTS)
def test_what_a_sentence_names_is_suspected_of_the_whole(texts):
    matcher = Matcher(TERMS)
    named = {hit.concept for hits in matcher.find_each(texts) for hit in hits}
    assert named <= matcher.suspects(" ".join(texts))


def test_what_is_remembered_is_bounded_and_found_again():
    matcher = Matcher({"x": ["a"]})
    texts = [f"a {number}" for number in range(500)]
    assert all(len(matcher.find(text)) == 1 for text in texts)
    assert matcher.find_each(texts) == [matcher.find(text) for text in texts]


def test_lexicons_are_read_only():
    with pytest.raises(TypeError):
        lexicon("topics")["tin"] = {}  # type: ignore[index]  # that it fails is the point
