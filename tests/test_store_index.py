"""The law of the indices: kept from change to change, they are what they would be built anew."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import (
    Changes,
    ChatId,
    ItemId,
    State,
    StoryId,
)
from bot.store.codec import digest
from bot.store.index import Digests, Groups
from tests.builders import NOON, item, story, wish
from tests.stores import MINUTE, answers, opened, owed

STEPS = st.lists(
    st.builds(
        Changes,
        items=st.lists(
            st.builds(
                lambda n, keys, of: item(id=ItemId(f"i{n}"), keys=tuple(keys), story=of),
                st.integers(0, 3),
                st.lists(st.sampled_from("abcdef"), max_size=3),
                st.sampled_from([None, StoryId("S0"), StoryId("S1")]),
            ),
            max_size=2,
        ).map(tuple),
        stories=st.lists(
            st.builds(
                lambda n, m: story(id=StoryId(f"S{n}"), updated=NOON + m * MINUTE),
                st.integers(0, 2),
                st.integers(0, 3),
            ),
            max_size=2,
        ).map(tuple),
        deliveries=st.lists(
            st.builds(
                lambda n, chat, state, of: owed(f"d{n}", chat, state=state, story=of),
                st.integers(0, 3),
                st.sampled_from(["x", "y"]),
                st.sampled_from(State),
                st.sampled_from([None, StoryId("S0"), StoryId("S1")]),
            ),
            max_size=2,
        ).map(tuple),
        subscriptions=st.lists(
            st.builds(wish, st.sampled_from(["q", "r"]), st.sampled_from(["x", "y"])), max_size=2
        ).map(tuple),
        unsubscribed=st.lists(st.builds(wish, st.just("q"), st.just("x")), max_size=1).map(tuple),
        forgotten=st.lists(st.just(ChatId("y")), max_size=1).map(tuple),
    ),
    max_size=8,
)


@settings(max_examples=30, deadline=None)
@given(STEPS)
def test_indices_kept_are_indices_built_anew(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("store")

    async def run() -> None:
        async with opened(folder) as store:
            for changes in steps:
                await store.commit(changes)
            kept = answers(store)
        async with opened(folder) as store:
            assert answers(store) == kept

    asyncio.run(run())


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from("ab"), st.integers(0, 12)), max_size=80))
def test_groups_are_sets_of_documents(steps):
    """Small and large groups are held differently; they must not differ otherwise."""
    groups, plain = Groups(), {"a": set[int](), "b": set[int]()}
    for adding, name, doc_id in steps:
        (groups.add if adding else groups.discard)(name, doc_id)
        (plain[name].add if adding else plain[name].discard)(doc_id)

        assert groups[name] == plain[name]


@given(st.lists(st.text()), st.lists(st.text()))
def test_digests_are_a_set_that_grows(keys, others):
    digests = Digests()
    digests.update(map(digest, keys))
    digests.update(map(digest, keys))

    assert digests.known(keys) == keys
    assert set(digests.known(others)) == {*keys} & {*others}
