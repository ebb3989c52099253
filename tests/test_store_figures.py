"""The store's numbers: of the right day and week, the same after a restart, and quickly told."""

import time
from datetime import timedelta

from bot.model import Changes, DeliveryId, ItemId, Kind, State, StoryId
from bot.store import TinyStore
from tests.builders import NOON, item, report, story
from tests.stores import opened, owed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = NOON.replace(hour=0)


def sent(name, at, **given):
    return owed(name, state=State.SENT, sent=at, created=at, **given)


CHANGES = Changes(
    items=(
        item(id=ItemId("i1"), seen=TODAY),
        item(id=ItemId("i2"), seen=NOON),
        item(id=ItemId("i3"), seen=TODAY - timedelta(seconds=1)),
    ),
    stories=(
        story(),  # published 40 s before it was seen
        story(
            id=StoryId("B210"),
            first_seen=NOON - DAY,
            reports=(report(published=NOON - DAY - HOUR, seen=NOON - DAY),),
        ),
        story(id=StoryId("C300"), first_seen=NOON - DAY, reports=(report(published=None),)),
        story(id=StoryId("D400"), reports=(report(day_only=True),)),
        story(id=StoryId("E500"), baseline=True, first_seen=NOON - DAY),
    ),
    deliveries=(
        sent("a", NOON + HOUR, story=StoryId("A7F3")),
        sent("b", NOON - DAY + HOUR, story=StoryId("B210")),
        sent("edit", NOON, story=StoryId("A7F3"), kind=Kind.EDIT),
        sent("undated", NOON, story=StoryId("C300")),
        sent("digest", NOON, kind=Kind.DIGEST),
        owed("d1", state=State.DEAD),
        owed("d2", state=State.DEAD, created=NOON - 8 * DAY),
        owed("u", state=State.UNCERTAIN, created=NOON - 6 * DAY),
        owed("x", state=State.EXPIRED),
        owed("told in a digest", state=State.EXPIRED, within=DeliveryId("digest")),
        owed("nobody waited", state=State.EXPIRED, kind=Kind.EDIT),
        owed("p"),
    ),
)


async def test_each_number_is_of_its_own_time():
    store = TinyStore.memory()
    await store.commit(CHANGES)

    told = store.figures(TODAY, NOON + 2 * HOUR)

    assert (told.items, told.stories, told.sent) == (2, 2, 3)
    assert (told.uncertain, told.dead, told.expired) == (1, 1, 1)
    assert [each.chat for each in told.owed] == ["console::local"]
    assert told.seen_after == (40, 3600)
    assert told.sent_after == (3640, 7200)
    await store.close()


async def test_a_restart_and_a_glimpse_from_outside_change_none(tmp_path):
    async with opened(tmp_path) as store:
        await store.commit(CHANGES)
        before = store.figures(TODAY, NOON + 2 * HOUR)
        beside = TinyStore.glimpse(tmp_path)
        assert beside.figures(TODAY, NOON + 2 * HOUR).sent_after == before.sent_after
        await store.commit(Changes(deliveries=(owed("p", state=State.CANCELLED),)))
    async with opened(tmp_path) as store:
        after = store.figures(TODAY, NOON + 2 * HOUR)

    assert after.owed == ()
    assert after.bytes_on_disk > before.bytes_on_disk
    assert (after.items, after.sent, after.sent_after) == (2, 3, before.sent_after)


async def test_figures_are_quick():
    """Counts come from indices, and the delays from a thousand rows, however many there are."""
    store = TinyStore.memory()
    minute = timedelta(minutes=1)
    for part in range(0, 10_000, 2000):
        numbers = range(part, part + 2000)
        await store.commit(
            Changes(
                items=tuple(item(id=ItemId(f"i{n}"), seen=NOON - minute * n) for n in numbers),
                stories=tuple(
                    story(id=StoryId(f"S{n}"), updated=NOON - minute * n)
                    for n in numbers
                    if n % 5 == 0
                ),
                deliveries=tuple(
                    sent(f"d{n}", NOON - minute * n, story=StoryId(f"S{n}")) for n in numbers
                ),
            )
        )
    spent = []
    for _ in range(5):
        begun = time.process_time()
        store.figures(TODAY, NOON)
        spent.append(time.process_time() - begun)

    assert min(spent) < 0.05
    await store.close()
