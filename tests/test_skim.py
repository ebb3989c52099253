"""Stories are skimmed: most need not be read, and none that a query holds for is passed over."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from bot.match import Wishes, subject_of
from bot.model import Changes
from bot.office import ALWAYS, Office
from bot.query import matches, parse
from bot.query.marks import marks_of
from bot.skim import Skim
from bot.store import TinyStore
from bot.tally import Tally
from tests.builders import NOON, item, story

WORDS = st.lists(st.text("abcs稀土", min_size=1, max_size=3), min_size=1, max_size=30)


@settings(deadline=None)  # the first example reads the lexicons
@given(WORDS, WORDS)
def test_no_story_that_a_query_holds_for_is_passed_over(held, asked_for):
    skim, edition = Skim(), object()
    asked = subject_of(story(), [item(text=" ".join(held))], NOON)
    skim.learn(1, edition, marks_of(asked))

    for query in map(parse, asked_for):
        assert skim.may_hold(1, edition, query) or not matches(query, asked)


def test_what_a_story_surely_lacks_is_known_of_the_edition_that_was_read():
    skim, read, later = Skim(), object(), object()
    skim.learn(1, read, ["harbour"])

    assert not skim.may_hold(1, read, parse("zanzibar"))
    assert skim.may_hold(1, read, parse("harbor OR harbour"))
    assert skim.may_hold(1, read, parse("-zanzibar"))
    assert skim.may_hold(1, later, parse("zanzibar"))
    assert skim.may_hold(2, read, parse("zanzibar"))


async def test_a_rare_word_is_found_without_reading_what_lacks_it_and_news_of_it_at_once():
    store = TinyStore.memory()
    office = Office(store, Wishes(), [], lambda: NOON + timedelta(hours=1), Tally(), NOON)
    kept = item(text="Told in Zanzibar.")
    await store.commit(Changes(items=(kept,), stories=(story(),)))
    await office.skim_all()

    assert [told.id for told in await office.found(parse("zanzibar"), ALWAYS)] == [story().id]
    assert await office.found(parse("timbuktu"), ALWAYS) == []

    fuller = structs.replace(kept, text="Told in Timbuktu.")
    later = replace(story(), updated=NOON + timedelta(minutes=1))
    await store.commit(Changes(items=(fuller,), stories=(later,)))
    assert [told.id for told in await office.found(parse("timbuktu"), ALWAYS)] == [story().id]
    await store.close()
