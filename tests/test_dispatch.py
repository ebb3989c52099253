"""The sender against a scripted platform, in virtual time: what leaves, when, and how it ends."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import pytest

from bot import outbox
from bot.dispatch import Dispatcher, Options
from bot.dispatch.rekey import migrated
from bot.dispatch.wanted import Wanted
from bot.errors import (
    AccountError,
    ChatGoneError,
    ChatMovedError,
    DiskError,
    FullError,
    RejectedError,
    TryLaterError,
)
from bot.model import Changes, ChatId, Delivery, DeliveryId, Kind, State, StoryId
from bot.store import TinyStore
from tests import virtual
from tests.builders import wish
from tests.fakechats import FakeChats, Limits, chat, owed
from tests.scenarios import ALERT, FATES, UPDATE, explore, scripts
from tests.virtual import START

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def store_of(*deliveries, chats=(), subscriptions=()) -> TinyStore:
    store = TinyStore.memory()
    known = chats or (chat(),)
    await store.commit(
        Changes(chats=tuple(known), deliveries=deliveries, subscriptions=tuple(subscriptions))
    )
    return store


@asynccontextmanager
async def sending(store, *nets, clock=virtual.clock, options=None) -> AsyncIterator[Dispatcher]:
    sender = Dispatcher(
        store,
        {net.name: net for net in nets},
        clock=clock,
        rng=virtual.chance(),
        options=options or Options(),
    )
    task = asyncio.ensure_future(sender.run())
    try:
        yield sender
    finally:
        await sender.stop()
        await asyncio.gather(task, return_exceptions=True)


async def drained(store, *nets, span=HOUR, **given) -> int:
    async with sending(store, *nets, **given) as sender:
        return await sender.drain(span)


def row_of(store, name) -> Delivery:
    found = store.delivery(DeliveryId(name))
    assert found is not None
    return found


def is_active(store, name) -> bool:
    found = store.chat(name)
    assert found is not None
    return found.active


def states(store, *names):
    return [row_of(store, name).state for name in names]


def ids(net):
    return [accepted.delivery for accepted in net.accepted]


# -- the usual day --------------------------------------------------------------------------------


def test_sends_once_and_keeps_the_receipt():
    async def main():
        store, net = await store_of(owed("a")), FakeChats()
        left = await drained(store, net)

        assert (left, ids(net)) == (0, ["a"])
        row = row_of(store, "a")
        assert (row.state, row.receipt, row.attempts) == (State.SENT, "r1", 1)
        assert row.sent is not None
        assert row.sent > START

    virtual.run(main())


def test_what_is_committed_while_it_runs_is_sent_after_a_wake():
    async def main():
        store, net = await store_of(), FakeChats()
        async with sending(store, net) as sender:
            await sender.drain(MINUTE)
            await store.commit(Changes(deliveries=(owed("a"),)))
            sender.wake([owed("a")])
            await store.commit(Changes(deliveries=(owed("b"),)))
            sender.wake()
            await sender.drain(MINUTE)

        assert ids(net) == ["a", "b"]

    virtual.run(main())


def test_what_nobody_woke_it_for_is_found_within_a_minute_or_so():
    """Even while another chat's failures keep it busy."""

    class OneIll(FakeChats):
        async def send(self, at, delivery, *, reply_to=""):
            if at.room == "1":
                raise TryLaterError("busy", timedelta(seconds=7))
            return await super().send(at, delivery, reply_to=reply_to)

    async def main():
        store, net = await store_of(owed("ill"), chats=(chat(1), chat(2))), OneIll()
        async with sending(store, net):
            await asyncio.sleep(1)
            await store.commit(Changes(deliveries=(owed("a", chat(2)),)))
            await asyncio.sleep(70)

            assert ids(net) == ["a"]

    virtual.run(main())


def test_an_update_waits_for_its_alert_and_replies_to_it():
    async def main():
        rows = (owed("s-1"), owed("s-2", kind=Kind.UPDATE, revision=2), owed("t-1"))
        net = FakeChats(script=["refused", "refused"])
        await drained(await store_of(*rows), net)

        order = {str(a.delivery): a.reply_to for a in net.accepted}
        assert list(order).index("s-1") < list(order).index("s-2")
        assert order["s-2"].startswith("r")
        assert order["s-1"] == order["t-1"] == ""

    virtual.run(main())


def test_a_reversal_replies_to_the_alert_that_it_undoes():
    async def main():
        reversal = owed("t-1", below=StoryId("s"))
        net = FakeChats()
        await drained(await store_of(owed("s-1"), reversal, owed("u-1", below=StoryId("x"))), net)

        order = {str(a.delivery): a.reply_to for a in net.accepted}
        assert order["t-1"].startswith("r")
        assert order["s-1"] == order["u-1"] == ""

    virtual.run(main())


def test_a_thread_keeps_its_order_though_the_clock_was_set_back_between():
    async def main():
        update = owed("s-2", kind=Kind.UPDATE, revision=2, created=START - HOUR)
        net = FakeChats()
        await drained(await store_of(owed("s-1"), update), net)

        assert ids(net) == ["s-1", "s-2"]

    virtual.run(main())


def test_an_update_whose_alert_never_arrived_stands_alone():
    async def main():
        rows = (owed("s-1"), owed("s-2", kind=Kind.UPDATE, revision=2))
        net = FakeChats(script=[RejectedError("too long")])
        store = await store_of(*rows)
        await drained(store, net)

        assert states(store, "s-1", "s-2") == [State.DEAD, State.SENT]
        assert net.accepted[0].reply_to == ""

    virtual.run(main())


def test_only_the_newest_edit_is_made():
    async def main():
        edits = [owed(f"s-{n}", kind=Kind.EDIT, revision=n) for n in range(2, 6)]
        store, net = await store_of(owed("s-1"), *edits), FakeChats()
        await drained(store, net)

        assert [(receipt, text.split("\n")[1]) for _, receipt, text in net.edits] == [("r1", "s-5")]
        assert states(store, "s-2", "s-5") == [State.CANCELLED, State.SENT]

    virtual.run(main())


@pytest.mark.parametrize("newer", [State.PENDING, State.SENT])
def test_an_older_edit_is_not_made_though_a_restart_finds_it_last(newer):
    """Of the time they were made nothing follows: the clock was set back between them."""

    async def main():
        alert = outbox.sent(owed("s-1"), "r1", START)
        fresh = owed("s-9", kind=Kind.EDIT, revision=9, state=newer, created=START - HOUR)
        store = await store_of(alert, fresh, owed("s-8", kind=Kind.EDIT, revision=8))
        net = FakeChats()
        await drained(store, net)

        assert [text.split("\n")[1] for _, _, text in net.edits] == ["s-9"] * (newer != State.SENT)
        assert states(store, "s-8", "s-9") == [State.CANCELLED, State.SENT]

    virtual.run(main())


def test_edits_of_an_alert_that_never_arrived_are_dropped():
    async def main():
        net = FakeChats(script=[RejectedError("too long")])
        store = await store_of(owed("s-1"), owed("s-2", kind=Kind.EDIT))
        await drained(store, net)

        assert states(store, "s-1", "s-2") == [State.DEAD, State.CANCELLED]

    virtual.run(main())


@pytest.mark.parametrize("edits", [0.1, 0], ids=["a method of their own", "shared slots"])
def test_edits_never_hold_up_an_alert(edits):
    """Twenty edits are due when an alert comes: it leaves within its own next slot."""

    async def main():
        known = [chat(n) for n in range(21)]
        told = [outbox.sent(owed(f"s{n}-1", known[n]), f"r{n}", START) for n in range(20)]
        rows = [owed(f"s{n}-2", known[n], kind=Kind.EDIT) for n in range(20)]
        store = await store_of(*told, *rows, chats=known)
        net = FakeChats(Limits(account=1, edits=edits))
        async with sending(store, net) as sender:
            await asyncio.sleep(3)
            alert = owed("t-1", known[20], created=virtual.clock())
            await store.commit(Changes(deliveries=(alert,)))
            sender.wake([alert])
            await asyncio.sleep(2.5)

            assert ids(net) == ["t-1"]
            assert edits or min(b - a for a, b in pairwise(net.calls)) >= 1

    virtual.run(main())


# -- failures -------------------------------------------------------------------------------------


def test_a_poison_message_leaves_the_head_after_three_failures():
    class Poisoned(FakeChats):
        async def send(self, at, delivery, *, reply_to=""):
            if delivery.id == "0-poison":
                raise TryLaterError("this one fails for ever")
            return await super().send(at, delivery, reply_to=reply_to)

    async def main():
        store = await store_of(owed("0-poison"), owed("a"), owed("b"))
        net = Poisoned()
        async with sending(store, net) as sender:
            await sender.drain(MINUTE)

        assert ids(net) == ["a", "b"]
        assert row_of(store, "0-poison").attempts >= 3

    virtual.run(main())


def test_a_chat_that_fails_for_hours_does_not_close_the_account_for_others():
    class OneIll(FakeChats):
        async def send(self, at, delivery, *, reply_to=""):
            if at.room == "1":
                raise TryLaterError("this chat fails for ever")
            return await super().send(at, delivery, reply_to=reply_to)

    async def main():
        store = await store_of(owed("ill"), chats=(chat(1), chat(2)))
        net = OneIll()
        async with sending(store, net) as sender:
            await asyncio.sleep(2 * 3600)
            alert = owed("a", chat(2), created=virtual.clock())
            await store.commit(Changes(deliveries=(alert,)))
            sender.wake([alert])
            await asyncio.sleep(1)

            assert ids(net) == ["a"]

    virtual.run(main())


def test_late_alerts_of_a_chat_come_as_one_digest_and_each_story_stays_told():
    async def main():
        rows = [
            owed(f"s{n}-1", late=True, not_before=START + timedelta(seconds=20 + n))
            for n in range(5)
        ]
        store, net = await store_of(*rows), FakeChats()
        left = await drained(store, net)

        (only,) = net.accepted
        assert left == 0
        assert all(f"• {row.id} · " in only.text for row in rows)
        assert states(store, *(row.id for row in rows)) == [State.EXPIRED] * 5
        assert all(store.delivered(row.chat, StoryId(f"s{n}")) for n, row in enumerate(rows))

    virtual.run(main())


def test_an_update_is_looked_up_below_the_alert_that_it_was_sent_below():
    class Seeking(FakeChats):
        sought: tuple[str, ...] = ()

        async def find(self, at, delivery, *, reply_to=""):
            self.sought += (reply_to,)
            return await super().find(at, delivery, reply_to=reply_to)

    async def main():
        told = owed("s1", state=State.SENT, sent=START, receipt="r9")
        store = await store_of(told, owed("s1-2", kind=Kind.UPDATE, state=State.SENDING))
        net = Seeking(Limits(lookup=timedelta(seconds=30)))
        await drained(store, net)

        assert net.sought == ("r9", "r9")

    virtual.run(main())


@pytest.mark.parametrize("error", [RejectedError("no such method"), AccountError("missing scope")])
def test_where_look_ups_are_refused_a_doubtful_alert_is_repeated(error):
    class Blindfolded(FakeChats):
        async def find(self, at, delivery, *, reply_to=""):
            raise error

    async def main():
        store = await store_of(owed("a"), owed("b"))
        net = Blindfolded(Limits(lookup=timedelta(seconds=30)), ["timeout-lost"])
        left = await drained(store, net, span=2 * MINUTE)

        assert (left, sorted(ids(net))) == (0, ["a", "b"])

    virtual.run(main())


def test_what_fails_for_hours_is_told_in_a_digest(caplog):
    """Which is no loss to be warned of."""
    caplog.set_level(logging.INFO)

    async def main():
        known = (chat(1), chat(2))
        rows = (owed("a", known[0]), owed("b", known[0]), owed("c", known[1]))
        store, net = await store_of(*rows, chats=known), FakeChats(script=["refused"] * 60)
        left = await drained(store, net, span=timedelta(hours=30))

        told = "\n".join(a.text for a in net.accepted)
        assert left == 0
        for name in "abc":
            assert told.count(f"• {name} · {name}") == 1

    virtual.run(main())
    assert {r.levelno for r in caplog.records if r.msg == "expired"} == {logging.INFO}


def test_a_digest_outlasts_an_outage_of_days():
    async def main():
        store, net = await store_of(owed("a")), FakeChats(script=["refused"] * 500)
        left = await drained(store, net, span=timedelta(days=6))

        assert (left, len(net.accepted)) == (0, 1)
        assert len(net.calls) == 501

    virtual.run(main())


def test_a_notice_to_the_operator_outlasts_an_outage_since_no_digest_could_tell_it():
    async def main():
        notice = owed("a", kind=Kind.OPERATOR)
        store, net = await store_of(notice), FakeChats(script=["refused"] * 60)
        left = await drained(store, net, span=timedelta(hours=30))

        assert (left, ids(net), states(store, "a")) == (0, ["a"], [State.SENT])

    virtual.run(main())


def test_a_platform_that_asks_to_wait_is_not_called_before():
    async def main():
        known = [chat(n) for n in range(5)]
        rows = [owed(f"s{n}-1", known[n]) for n in range(5)]
        told = TryLaterError("429", timedelta(seconds=30), "account", told=True)
        store, net = await store_of(*rows, chats=known), FakeChats(Limits(account=1), [told])
        await drained(store, net)

        first, *rest = net.calls
        assert min(rest) - first >= 30
        assert all(row_of(store, row.id).attempts == 1 for row in rows)

    virtual.run(main())


def test_edits_that_share_slots_wait_for_messages_that_are_told_to_wait():
    """Only messages are paused; an edit that waits behind one must not keep the loop spinning."""

    async def main():
        known = [chat(n) for n in range(3)]
        sent = outbox.sent(owed("s-1", known[0]), "r0", START)
        edit = owed("s-2", known[0], kind=Kind.EDIT)
        told = TryLaterError("429", timedelta(seconds=60), "method", told=True)
        net = FakeChats(Limits(account=1, edits=0), [told])
        rows = (sent, edit, owed("t-1", known[1]), owed("u-1", known[2]))
        store = await store_of(*rows, chats=known)
        await drained(store, net, span=3 * MINUTE)

        assert sorted(ids(net)) == ["t-1", "u-1"]
        assert len(net.edits) == 1

    virtual.run(main())


def test_after_failures_in_a_row_an_account_is_only_probed():
    async def main():
        known = [chat(n) for n in range(40)]
        rows = [owed(f"s{n}-1", known[n]) for n in range(40)]
        store = await store_of(*rows, chats=known)
        net = FakeChats(Limits(account=2), ["refused"] * 10_000)
        await drained(store, net, span=timedelta(minutes=30))

        assert len(net.calls) < 25
        assert max(row_of(store, row.id).attempts for row in rows) < 12

    virtual.run(main())


def test_a_request_without_an_answer_ends_at_the_deadline():
    async def main():
        store, net = await store_of(owed("a")), FakeChats(script=["timeout-lost"])
        await drained(store, net)

        assert 20 <= net.calls[1] - net.calls[0] < 23
        assert states(store, "a") == [State.SENT]

    virtual.run(main())


def test_a_chat_that_wants_no_repeats_gets_none():
    async def main():
        store = await store_of(owed("a"), chats=[chat(repeat=False)])
        net = FakeChats(script=["timeout-delivered"])
        await drained(store, net)

        assert ids(net) == ["a"]
        assert states(store, "a") == [State.UNCERTAIN]

    virtual.run(main())


def test_a_closed_chat_rests_and_what_it_was_owed_is_cancelled():
    async def main():
        rows = (owed("a"), owed("b"), owed("c", kind=Kind.EDIT))
        store = await store_of(*rows, subscriptions=[wish(chat=chat().id)])
        net = FakeChats(script=[ChatGoneError("kicked")])
        left = await drained(store, net)

        assert (left, ids(net)) == (0, [])
        assert not is_active(store, chat().id)
        assert states(store, "a", "b", "c") == [State.CANCELLED] * 3
        assert len(store.subscriptions(chat().id)) == 1

    virtual.run(main())


def test_a_moved_chat_takes_everything_along_in_one_commit():
    async def main():
        told = outbox.sent(owed("s-1"), "r9", START)
        rows = (told, owed("s-2", kind=Kind.UPDATE, revision=2), owed("t-1"))
        store = await store_of(*rows, subscriptions=[wish(chat=chat().id)])
        net = FakeChats(script=[ChatMovedError("upgraded", "-100")])
        moves: list[Changes] = []
        await drained(store, net, options=Options(moved=moves.append))

        new = ChatId("fake:a:-100")
        assert len(moves) == 1
        assert [(a.chat, a.delivery) for a in net.accepted] == [(new, "s-2"), (new, "t-1")]
        assert is_active(store, new)
        assert not is_active(store, chat().id)
        assert [w.chat for w in store.subscriptions()] == [new]
        assert row_of(store, "t-1").chat == new

    virtual.run(main())


@pytest.mark.parametrize("fate", ["refused", "ok"])
def test_what_is_in_flight_when_its_room_moves_moves_too(fate):
    """What then failed would be owed to a room that is no more."""

    async def main():
        store, net = await store_of(owed("a")), FakeChats(script=[fate], takes=1)
        async with sending(store, net) as sender:
            await asyncio.sleep(0.5)
            changes = migrated(store, chat(), "9", virtual.clock())
            assert changes is not None
            await store.commit(changes)
            sender.wake(changes.deliveries)
            await sender.drain(HOUR)

        row = row_of(store, "a")
        assert (row.state, row.chat) == (State.SENT, chat(9).id)
        assert [a.chat for a in net.accepted] == [chat(9 if fate == "refused" else 1).id]
        assert store.told(chat(9).id, StoryId("a"))

    virtual.run(main())


def test_a_refused_account_rests_the_operator_is_told_once_and_others_go_on():
    async def main():
        here, there, desk = (
            chat(1),
            chat("x", id=ChatId("fake:b:x"), account="b"),
            chat("ops", id=ChatId("fake:b:ops"), account="b"),
        )
        rows = (owed("a", here), owed("b", here), owed("c", there))
        store = await store_of(*rows, chats=(here, there, desk))

        class OneOut(FakeChats):
            out = True

            async def send(self, at, delivery, *, reply_to=""):
                if at.account == "a" and self.out:
                    self.calls.append(asyncio.get_running_loop().time())
                    raise AccountError("token revoked")
                return await super().send(at, delivery, reply_to=reply_to)

        net = OneOut()
        async with sending(store, net, options=Options(operator=desk.id)) as sender:
            await sender.drain(MINUTE)
            assert states(store, "a", "b", "c") == [State.PENDING, State.PENDING, State.SENT]
            notices = [a for a in net.accepted if a.chat == desk.id]
            assert "token revoked" in notices[0].text
            net.out = False
            await asyncio.sleep(20 * 60)

        assert states(store, "a", "b") == [State.SENT, State.SENT]
        assert len([a for a in net.accepted if a.chat == desk.id]) == 1

    virtual.run(main())


def test_a_chat_forgotten_while_its_alert_is_in_flight_stays_forgotten():
    async def main():
        store, net = await store_of(owed("a")), FakeChats(takes=2)
        async with sending(store, net) as sender:
            await asyncio.sleep(1)
            await store.commit(Changes(forgotten=(chat().id,)))
            await sender.drain(MINUTE)

        assert store.delivery(DeliveryId("a")) is None
        assert store.chat(chat().id) is None

    virtual.run(main())


def test_what_waits_for_its_slot_does_not_leave_once_its_chat_is_forgotten():
    async def main():
        store, net = await store_of(owed("a-1"), owed("b-1")), FakeChats(Limits(chat=5))
        async with sending(store, net) as sender:
            await asyncio.sleep(0.15)  # the first has left; the second is claimed for a slot ahead
            await store.commit(Changes(forgotten=(chat().id,)))
            await sender.drain(MINUTE)

        assert [accepted.delivery for accepted in net.accepted] == ["a-1"]
        assert store.delivery(DeliveryId("b-1")) is None

    virtual.run(main())


# -- pace -----------------------------------------------------------------------------------------


def test_a_broadcast_to_5000_chats_meets_no_refusal_and_takes_little_more_than_the_limit_allows():
    """The server refuses the 31st request within any second; the optimum is 5,000 / 30 s."""

    class Strict(FakeChats):
        refused = 0

        async def send(self, at, delivery, *, reply_to=""):
            now = asyncio.get_running_loop().time()
            if len(self.calls) >= 30 and now - self.calls[-30] < 1:
                self.refused += 1
                raise TryLaterError("429", timedelta(seconds=5), "account", told=True)
            return await super().send(at, delivery, reply_to=reply_to)

    async def main():
        known = [chat(n) for n in range(5000)]
        rows = [owed(f"s-{n}", at) for n, at in enumerate(known)]
        store, net = await store_of(*rows, chats=known), Strict(Limits(chat=1, account=30))
        left = await drained(store, net)

        assert (left, net.refused, len(net.accepted)) == (0, 0, 5000)
        assert net.accepted[-1].at <= 1.1 * 5000 / 30

    logging.disable(logging.INFO)
    virtual.run(main())
    logging.disable(logging.NOTSET)


def test_a_chat_is_not_written_to_faster_than_it_may_be():
    async def main():
        rows = [owed(f"s{n}-1") for n in range(10)]
        store, net = await store_of(*rows), FakeChats(Limits(chat=1, account=30))
        await drained(store, net)

        assert min(b - a for a, b in pairwise(net.calls)) >= 1
        assert ids(net) == [row.id for row in rows]

    virtual.run(main())


def test_an_account_that_was_refused_rests_and_others_do_not():
    async def main():
        store, net = await store_of(owed("a")), FakeChats(script=[AccountError("revoked")])
        async with sending(store, net) as sender:
            await sender.drain(timedelta(seconds=10))
            resting = [sender.resting(name) for name in ("fake:a", "fake", "fake:b", "other:a")]

        assert resting == [True, True, False, True]

    virtual.run(main())


# -- starting, stopping, clocks and disks ---------------------------------------------------------


class FailingStore:
    """A store whose next commits fail."""

    def __init__(self, store, errors):
        self._store, self._errors = store, errors

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def commit(self, changes):
        if self._errors:
            raise self._errors.pop(0)
        await self._store.commit(changes)


def test_drain_says_what_is_still_owed_and_does_not_wait_for_what_cannot_be_sent():
    async def main():
        elsewhere = chat("z", id=ChatId("other:a:z"), platform="other")
        planned = owed("c", not_before=START + 9 * HOUR)
        store = await store_of(owed("a"), owed("b", elsewhere), planned, chats=[chat(), elsewhere])
        net = FakeChats()
        left = await drained(store, net, span=timedelta(seconds=30))

        assert (left, ids(net)) == (1, ["a"])
        assert virtual.clock() < START + timedelta(seconds=2)

    virtual.run(main())


def test_stop_finishes_what_is_in_flight_and_leaves_the_rest_owed():
    async def main():
        known = [chat(n) for n in range(9)]
        rows = [owed(f"s{n}-1", known[n]) for n in range(9)]
        store, net = await store_of(*rows, chats=known), FakeChats(Limits(account=8), takes=3)
        async with sending(store, net):
            await asyncio.sleep(0.3)

        done = {State.SENT, State.PENDING}
        assert set(states(store, *(row.id for row in rows))) == done
        assert {d.attempts for d in store.owed()} == {0}

    virtual.run(main())


def test_stop_gives_up_after_its_grace():
    async def main():
        store, net = await store_of(owed("a")), FakeChats(takes=19)
        sender = Dispatcher(store, {"fake": net}, clock=virtual.clock, rng=virtual.chance())
        task = asyncio.ensure_future(sender.run())
        await asyncio.sleep(1)
        await sender.stop(timedelta(seconds=5))
        await asyncio.wait([task], timeout=1)

        assert task.done()
        assert states(store, "a") == [State.SENDING]

    virtual.run(main())


@pytest.mark.parametrize("jump", [-HOUR, HOUR, timedelta(days=-365), timedelta(hours=5)])
def test_a_clock_that_jumps_delays_and_loses_nothing(jump):
    async def main():
        shift = timedelta()

        def wall():
            return virtual.clock() + shift

        known = [chat(n) for n in range(60)]
        rows = [owed(f"s{n}-1", known[n]) for n in range(60)]
        store, net = await store_of(*rows, chats=known), FakeChats(Limits(account=2))
        async with sending(store, net, clock=wall) as sender:
            await asyncio.sleep(10)
            shift = jump
            await sender.drain(2 * MINUTE)

        assert sorted(ids(net)) == sorted(row.id for row in rows)
        assert net.accepted[-1].at < 40

    virtual.run(main())


def test_a_plan_follows_a_clock_that_jumps_whatever_else_is_sent_before_that_is_noticed():
    shift = timedelta()

    async def main():
        nonlocal shift
        plan = owed("plan", kind=Kind.REMINDER, not_before=START + timedelta(hours=5))
        store, net = await store_of(plan), FakeChats()
        async with sending(store, net, clock=lambda: virtual.clock() + shift) as sender:
            await sender.drain(MINUTE)
            shift = timedelta(hours=5)
            await store.commit(Changes(deliveries=(owed("a"),)))
            sender.wake([owed("a")])
            await asyncio.sleep(100)

        assert ids(net) == ["a", "plan"]

    virtual.run(main())


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
def test_look_ups_keep_their_distance_whatever_the_wall_clock_does(jump):
    async def main():
        shift = timedelta()

        def wall():
            return virtual.clock() + shift

        store = await store_of(owed("a"))
        net = FakeChats(Limits(lookup=timedelta(seconds=30)), ["timeout-lost"])
        async with sending(store, net, clock=wall) as sender:
            await asyncio.sleep(30)
            shift = jump
            sender.wake()
            await sender.drain(3 * MINUTE)

        first, second = net.looked
        assert 30 < second - first < 60
        assert states(store, "a") == [State.SENT]

    virtual.run(main())


def test_a_backoff_is_not_stretched_by_a_clock_that_was_set_back():
    async def main():
        shift = timedelta()

        def wall():
            return virtual.clock() + shift

        store = await store_of(owed("a"))
        told = TryLaterError("429", timedelta(seconds=30), told=True)
        net = FakeChats(script=[told])
        async with sending(store, net, clock=wall) as sender:
            await asyncio.sleep(5)
            shift = -2 * HOUR
            sender.wake()
            await sender.drain(3 * MINUTE)

        assert 30 < net.accepted[0].at < 40

    virtual.run(main())


def test_a_claim_whose_lease_ran_short_is_given_back_unsent():
    """The claim's commit takes 40 of the lease's 60 s; the request needs 35."""

    class Slow(FailingStore):
        async def commit(self, changes):
            if self._errors:
                await asyncio.sleep(self._errors.pop(0))
            await self._store.commit(changes)

    async def main():
        store = await store_of(owed("a"))
        net = FakeChats()
        await drained(Slow(store, [40]), net)

        assert len(net.calls) == 1
        row = row_of(store, "a")
        assert (row.state, row.attempts, row.token) == (State.SENT, 1, 2)

    virtual.run(main())


def test_a_full_disk_is_waited_out():
    async def main():
        store = await store_of(owed("a"))
        net = FakeChats()
        full = FailingStore(store, [FullError("no space")] * 3)
        left = await drained(full, net)

        assert (left, ids(net)) == (0, ["a"])

    virtual.run(main())


def test_a_broken_disk_stops_the_sender_at_once():
    async def main():
        store = await store_of(owed("a"))
        broken = FailingStore(store, [DiskError("EIO")])
        sender = Dispatcher(
            broken, {"fake": FakeChats()}, clock=virtual.clock, rng=virtual.chance()
        )  # as above
        with pytest.raises(DiskError):
            await sender.run()

    virtual.run(main())


# -- crashes, explored ----------------------------------------------------------------------------


@pytest.fixture
def quiet():
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("lookup", [True, False], ids=["with look-up", "without"])
def test_a_crash_at_any_step_loses_nothing_and_repeats_only_what_is_in_doubt(lookup):
    """Every fate of the first request x a crash at every step; the torture run has all pairs."""
    seen = 0
    for script in scripts(1):
        whole = virtual.run(explore(script, (), lookup=lookup))
        for crash in range(1, whole.steps + 1):
            verdict = virtual.run(explore(script, (crash,), lookup=lookup))
            seen += 1
            assert (verdict.lost, verdict.disorder) == (0, False), (script, crash)
            assert verdict.extra <= (0 if lookup else verdict.doubts), (script, crash)
    assert seen > len(FATES) * 8


@pytest.mark.usefixtures("quiet")
def test_the_exploration_would_notice_a_look_up_that_lags_more_than_it_says():
    script = ("timeout-delivered",)
    verdict = virtual.run(explore(script, (), lookup=True, lag=3600))

    assert verdict.extra > 0
    assert {ALERT, UPDATE} == {"story-1", "story-2"}


@pytest.mark.parametrize(
    ("kind", "sent", "fate"),
    [(Kind.EDIT, [], State.CANCELLED), (Kind.UPDATE, ["next"], State.SENT)],
)
def test_what_follows_a_digest_waits_for_it_and_not_in_a_spin(kind, sent, fate):
    """While the digest cannot be sent, it is looked at now and then, at no cost."""

    async def main():
        alert = owed("alert", story="A7F3", state=State.EXPIRED, within=DeliveryId("digest"))
        digest = owed("digest", kind=Kind.DIGEST, first_try=START, not_before=START + 5 * MINUTE)
        later = owed("next", story="A7F3", kind=kind, created=START - MINUTE)
        store, net = await store_of(alert, digest, later), FakeChats()
        commits = 0
        commit = store.commit

        async def counted(changes):
            nonlocal commits
            commits += 1
            assert commits < 100, "it spins"
            await commit(changes)

        store.commit = counted  # type: ignore[method-assign]  # counted, and then done
        async with sending(store, net):
            await asyncio.sleep(60)
            waiting = commits
            await asyncio.sleep(600)
        assert waiting <= 2
        assert ids(net) == ["digest", *sent]
        assert states(store, "next") == [fate]

    virtual.run(main())


def test_chats_are_looked_at_again_in_the_order_asked():
    """So that the same day is the same in every process, whatever it hashes names to."""
    asked = tuple(chat(number).id for number in range(20))
    wanted = Wanted(dict.fromkeys(asked))

    assert wanted.free(lambda name: name == asked[3]) == (*asked[:3], *asked[4:])
    assert list(wanted.chats) == [asked[3]]
