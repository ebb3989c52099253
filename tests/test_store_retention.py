"""Old rows go, identities stay."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from bot.model import Changes, DeliveryId, ItemId, Line, Message, Span, State, StoryId
from bot.store import TinyStore
from bot.store.retention import Dropped
from tests.builders import NOON, item, story
from tests.stores import opened, owed

DAY = timedelta(days=1)
TEXT = Message(lines=(Line((Span("a line"),)),))


async def test_old_items_go_and_stay_known(tmp_path):
    async with opened(tmp_path) as store:
        met = [
            item(id=ItemId(f"i{n}"), keys=(f"a{n}", f"b{n}"), seen=NOON - n * DAY)
            for n in range(1200)
        ]
        await store.commit(Changes(items=tuple(met)))

        dropped = await store.drop(NOON - 90 * DAY, NOON - 730 * DAY)

        assert dropped == Dropped(items=1109, stories=0, deliveries=0)
        assert len(store.database.table("items")) == 91
        assert store.item(ItemId("i90"))
        assert store.item(ItemId("i91")) is None

    async with opened(tmp_path) as store:
        await store.compact()
    async with opened(tmp_path) as store:
        keys = {key for each in met for key in each.keys}
        assert store.known([*keys, "a1200"]) == keys


async def test_dropped_identities_take_little_room():
    store = TinyStore.memory()
    met = tuple(item(id=ItemId(f"i{n}"), keys=(f"https://news.example/{n}",)) for n in range(1000))
    await store.commit(Changes(items=met))
    await store.drop(NOON + DAY, NOON)

    size = sum(map(len, store.database.engine.docs("identities").values()))

    assert size < 12 * 1000
    await store.close()


async def test_others_have_their_turn_while_old_texts_go():
    """By what the loop's thread works between two turns, which a busy machine makes no longer."""
    store = TinyStore.memory()
    text = Message(lines=TEXT.lines * 50)
    sent = owed(state=State.SENT, message=text, story=StoryId("S"), created=NOON - 100 * DAY)
    told = tuple(replace(sent, id=DeliveryId(f"d{n}")) for n in range(2000))
    await store.commit(Changes(stories=(story(id=StoryId("S")),), deliveries=told))
    dropping, turns = asyncio.ensure_future(store.drop(NOON, NOON - DAY)), [time.thread_time()]

    while not dropping.done():
        await asyncio.sleep(0)
        turns.append(time.thread_time())

    assert store.delivery(DeliveryId("d1999")) == replace(told[1999], message=Message(lines=()))
    assert max(after - before for before, after in pairwise(turns)) < 0.02
    await store.close()


async def test_stories_go_by_their_last_update_and_deliveries_with_them():
    store = TinyStore.memory()
    old, live = StoryId("OLD"), StoryId("LIVE")
    sent = owed(story=live, state=State.SENT, message=TEXT, created=NOON - 100 * DAY)
    told = [
        replace(sent, id=DeliveryId("gone"), story=old, created=NOON - 800 * DAY),
        replace(sent, id=DeliveryId("kept"), receipt="7"),
        replace(sent, id=DeliveryId("fresh"), created=NOON - DAY),
        owed("digest", state=State.EXPIRED, message=TEXT, created=NOON - 100 * DAY),
        owed("waits", message=TEXT, created=NOON - 100 * DAY),
    ]
    tales = (story(id=old, updated=NOON - 800 * DAY), story(id=live, updated=NOON - 500 * DAY))
    await store.commit(Changes(stories=tales, deliveries=tuple(told)))

    dropped = await store.drop(NOON - 90 * DAY, NOON - 730 * DAY)

    assert dropped == Dropped(items=0, stories=1, deliveries=2)
    assert (store.story(old), store.delivery(DeliveryId("gone"))) == (None, None)
    assert store.delivery(DeliveryId("kept")) == replace(told[1], message=Message(lines=()))
    assert store.delivery(DeliveryId("fresh")) == told[2]
    assert store.delivery(DeliveryId("digest")) is None
    assert list(store.owed()) == [told[4]]
    assert await store.drop(NOON - 90 * DAY, NOON - 730 * DAY) == Dropped(0, 0, 0)
    await store.close()
