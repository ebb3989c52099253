"""What waits for its time: settings that change meanwhile, updates that come before, mutes."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.dispatch import Dispatcher
from bot.model import Changes, ChatId, DeliveryId, Kind, State
from bot.store import TinyStore
from tests import virtual
from tests.builders import wish
from tests.fakechats import FakeChats, chat, owed

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7).total_seconds()


def lived(rows, *steps, place=None, delivery="daily 08:00", span=WEEK):
    """Run a dispatcher over rows; each step is (hours, what to commit). Return store and net."""

    async def main():
        store, net, at = TinyStore.memory(), FakeChats(), place or chat()
        asked = wish("gallium", at.id, delivery=delivery)
        await store.commit(Changes(chats=(at,), subscriptions=(asked,), deliveries=tuple(rows)))
        sender = Dispatcher(store, {"fake": net}, clock=virtual.clock, rng=virtual.chance())
        task = asyncio.ensure_future(sender.run())
        for hours, changes in steps:
            await asyncio.sleep(hours * 3600)
            await store.commit(changes)
            sender.wake(changes.deliveries)
            sender.review([ChatId(at.id)])
        await asyncio.sleep(span)
        await sender.stop()
        await asyncio.gather(task, return_exceptions=True)
        return store, net

    return virtual.run(main())


def alert(name="a-1", **given):
    return owed(name, **({"wishes": ("gallium",)} | given))


def states(store, *names):
    return [store.delivery(DeliveryId(name)).state for name in names]


def hours(net):
    return [round(accepted.at / 3600, 2) for accepted in net.accepted]


def test_a_daily_digest_tells_once_what_came_since():
    store, net = lived([alert(), alert("b-1")])

    assert hours(net) == [20.0]  # noon to eight
    assert "2 stories" in net.accepted[0].text
    assert states(store, "a-1", "b-1") == [State.EXPIRED] * 2


def test_high_severity_comes_at_once_unless_it_is_to_wait():
    assert hours(lived([alert(urgent=True)])[1]) == [0.0]
    assert hours(lived([alert(urgent=True)], delivery="daily 08:00 strict")[1]) == [20.0]


def test_a_pause_holds_and_resuming_tells_all_in_one_digest():
    paused = chat(paused=virtual.START + 99 * HOUR)
    resumed = Changes(chats=(replace(paused, paused=None),))
    _, net = lived([alert(), alert("b-1")], (5, resumed), place=paused, delivery="now")

    assert hours(net) == [5.0]
    assert "2 stories" in net.accepted[0].text


def test_a_new_schedule_holds_for_what_waits_already():
    old, new = (wish("gallium", chat().id, delivery=how) for how in ("daily 08:00", "hourly"))
    changed = Changes(unsubscribed=(old,), subscriptions=(new,))

    assert hours(lived([alert()], (2, changed))[1]) == [2.0]


def test_muting_and_unsubscribing_cancel_what_is_owed():
    muted = Changes(chats=(chat(muted=("a",)),))
    store, net = lived([alert(), alert("b-1")], (1, muted))
    assert states(store, "a-1", "b-1") == [State.CANCELLED, State.EXPIRED]
    assert len(net.accepted) == 1

    ended = Changes(unsubscribed=(wish("gallium", chat().id),))
    store, net = lived([alert()], (1, ended))
    assert (states(store, "a-1"), net.accepted) == ([State.CANCELLED], [])


def test_an_update_before_the_digest_is_told_in_it_and_an_urgent_one_brings_the_alert():
    update = alert("a-2", kind=Kind.UPDATE, revision=2, created=virtual.START + HOUR)
    store, net = lived([alert()], (1, Changes(deliveries=(update,))))
    assert states(store, "a-1", "a-2") == [State.EXPIRED] * 2
    assert "1 story" in net.accepted[0].text

    urgent = Changes(deliveries=(replace(update, urgent=True),))
    store, net = lived([alert()], (1, urgent))
    assert states(store, "a-1", "a-2") == [State.SENT, State.CANCELLED]
    assert hours(net) == [1.0]


def test_a_reminder_comes_at_its_time_and_holds_up_nothing_of_its_story():
    later = owed("a-9", kind=Kind.REMINDER, not_before=virtual.START + 30 * HOUR)
    update = alert("a-2", kind=Kind.UPDATE, revision=2)
    _, net = lived([alert(), later, update], delivery="now")

    assert [a.delivery for a in net.accepted] == ["a-1", "a-2", "a-9"]
    assert hours(net)[-1] == 30.0


def test_what_is_withdrawn_is_cancelled_and_what_was_sent_is_not():
    async def main():
        store, net = TinyStore.memory(), FakeChats()
        rows = (owed("a"), owed("b", kind=Kind.REMINDER, not_before=virtual.START + HOUR))
        await store.commit(Changes(chats=(chat(),), deliveries=rows))
        sender = Dispatcher(store, {"fake": net}, clock=virtual.clock, rng=virtual.chance())
        task = asyncio.ensure_future(sender.run())
        await asyncio.sleep(60)

        assert await sender.withdraw([DeliveryId("a"), DeliveryId("b")]) == {"b"}
        assert states(store, "a", "b") == [State.SENT, State.CANCELLED]
        await sender.stop()
        await asyncio.gather(task, return_exceptions=True)

    virtual.run(main())
