"""Rooms that close, open and move take their chats along, each time in one commit."""

from dataclasses import replace

from bot.model import Changes, Chat, State, StoryId
from bot.rooms import Rooms
from bot.store import TinyStore
from tests.builders import NOON, story, wish
from tests.stores import owed
from tests.telegrams import chat

GROUP, TOPIC, OTHER = chat(-5), chat(-5, "7"), chat(-6)
NEW, NEW_TOPIC = chat(-1009), chat(-1009, "7")


class Counted(TinyStore):
    """Counts its commits."""

    commits = 0

    async def commit(self, changes: Changes) -> None:
        self.commits += 1
        await super().commit(changes)


async def filled() -> tuple[Counted, Rooms, list[Changes]]:
    store = Counted.memory()
    alert = owed("told", chat=GROUP.id, story=StoryId("A7F3"), state=State.SENT, receipt="12")
    await store.commit(
        Changes(
            stories=(story(updated=NOON),),
            chats=(replace(GROUP, zone="Asia/Tokyo"), TOPIC, OTHER),
            subscriptions=(wish("gallium", GROUP.id), wish("tin", TOPIC.id), wish("tin", OTHER.id)),
            deliveries=(alert, owed("next", chat=GROUP.id), owed("kept", chat=OTHER.id)),
        )
    )
    rooms, told = Rooms(store, lambda: NOON), list[Changes]()
    rooms.follow = told.append
    store.commits = 0
    return store, rooms, told


def held(store: TinyStore, *chats: Chat) -> list[list[str]]:
    return [[each.query for each in store.subscriptions(chat.id)] for chat in chats]


async def test_a_room_that_moved_keeps_what_it_wants_and_is_owed():
    store, rooms, told = await filled()
    await rooms.moved(GROUP, NEW.room)
    assert (store.commits, len(told)) == (1, 1)
    assert held(store, GROUP, TOPIC, NEW, NEW_TOPIC, OTHER) == [
        *([], [], ["gallium"], ["tin"]),
        ["tin"],
    ]
    assert {str(d.id): d.chat for d in store.owed()} == {"next": NEW.id, "kept": OTHER.id}
    assert [d.receipt for d in store.delivered(NEW.id, StoryId("A7F3"))] == [""]
    new = store.chat(NEW.id)
    assert new is not None
    assert (new.zone, new.active) == ("Asia/Tokyo", True)


async def test_a_move_that_is_told_again_changes_nothing():
    store, rooms, told = await filled()
    await rooms.moved(GROUP, NEW.room)
    await rooms.moved(GROUP, NEW.room)
    await rooms.moved(NEW, NEW.room)
    await rooms.moved(OTHER, "")
    assert (store.commits, len(told)) == (1, 1)


async def test_a_room_that_is_closed_rests_with_all_its_topics_and_comes_back():
    store, rooms, _ = await filled()
    await rooms.standing(GROUP, False)  # noqa: FBT003  # the platforms' shape
    assert [c.active for c in store.chats()] == [False, False, True]
    assert held(store, GROUP, TOPIC) == [["gallium"], ["tin"]]
    await rooms.standing(GROUP, True)  # noqa: FBT003  # the platforms' shape
    await rooms.standing(GROUP, True)  # noqa: FBT003  # the platforms' shape
    assert all(c.active for c in store.chats())
    assert store.commits == 2
