"""What must hold after every commit of a simulated day, and at its end."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from zlib import crc32

from bot import query as ql
from bot.match import subject_of
from bot.model import Changes, ChatId, Delivery, DeliveryId, Item, Kind, State, Story, StoryId
from bot.outbox import ENDS
from bot.store import TinyStore
from bot.store.codec import doc_id
from tests.simulation.chats import Service, now
from tests.simulation.press import Press
from tests.virtual import clock

LEGAL = {
    None: {State.PENDING},
    State.PENDING: set(State) - {State.SENT, State.UNCERTAIN, State.AMBIGUOUS},
    State.SENDING: set(State) - {State.SENDING, State.EXPIRED},
    State.AMBIGUOUS: {State.SENT, State.PENDING, State.AMBIGUOUS, State.UNCERTAIN, State.CANCELLED},
}
JUST_NOW = 5.0  # seconds in which a person's change may not be live yet


@dataclass(slots=True)
class Laws:
    """Checks what it is shown; `fail` is told of the first law that is broken, and raises."""

    press: Press
    services: Mapping[str, Service]
    fail: Callable[[str], None]
    rows: dict[DeliveryId, Delivery] = field(default_factory=dict)
    urls: set[str] = field(default_factory=set)
    alerts: Counter[tuple[ChatId, StoryId]] = field(default_factory=Counter)
    changed: dict[ChatId, float] = field(default_factory=dict)
    forgotten: set[ChatId] = field(default_factory=set)
    read: dict[DeliveryId, tuple[Delivery, bytes | None]] = field(default_factory=dict)
    commits: int = 0
    trace: int = 0  # a checksum of all steps: the same seed takes the same ones

    # -- after a commit -------------------------------------------------------------------------

    def committed(self, changes: Changes, store: TinyStore) -> None:
        """Check everything that a commit touched."""
        self.commits += 1
        for row in changes.deliveries:
            self._row(row, store)
        for item in changes.items:
            self.urls.add(item.url)
            self._item(item, changes, store)
        for state in changes.sources:
            self._validators(state.name, state.cursor.get("etag", "0"))

    def _row(self, row: Delivery, store: TinyStore) -> None:
        before = self.rows.get(row.id)
        self.trace = crc32(f"{now()} {row.id} {row.state}".encode(), self.trace)
        if before is None and row.chat in self.forgotten:
            self._hold(store.delivery(row.id) is None, f"{row.id} came back to a forgotten chat")
            return
        self._step(before, row)
        self._copies(row)
        self._order(row, store)
        self.rows[row.id] = row

    def _step(self, before: Delivery | None, row: Delivery) -> None:
        state = before.state if before else None
        moved = before is not None and before.chat != row.chat
        legal = moved or row == before or row.state in LEGAL.get(state, {state})
        self._hold(legal, f"{row.id} went from {state} to {row.state}")
        if before is None and row.kind is Kind.ALERT and row.story:
            place = self.now_at(row.chat), row.story
            self.alerts[place] += 1
            self._hold(self.alerts[place] == 1, f"{row.chat} is owed {row.story} twice")

    def _copies(self, row: Delivery) -> None:
        """Check that the service holds what the row says, and no copy that nothing explains."""
        service = self._service(row.chat)
        if row.kind is Kind.EDIT:
            return
        copies = len(service.accepted.get(row.id, ()))
        most = 1 if service.pace.lookup else 1 + service.doubts[row.id]
        self._hold(copies <= most, f"{row.id} has {copies} copies, {service.doubts[row.id]} doubts")
        if row.state is State.SENT:
            self._hold(copies > 0, f"{row.id} is settled and was never sent")

    def _order(self, row: Delivery, store: TinyStore) -> None:
        """Check that an update leaves only once its alert's fate is known."""
        if row.state is not State.SENDING or row.kind is not Kind.UPDATE or not row.story:
            return
        told = store.told(row.chat, row.story)
        left = [d for d in told if d.kind is Kind.ALERT and d.state not in ENDS]
        self._hold(not left, f"{row.id} overtakes its alert")

    def _item(self, item: Item, changes: Changes, store: TinyStore) -> None:
        """Check that an item was seen for what it is, and matched with every wish there is."""
        news = next(n for n in self.press.site(item.source).news if n.url == item.url)
        self._hold((item.story is not None) is news.relevant, f"{news.title!r} was misjudged")
        made = next((s for s in changes.stories if s.id == item.story), None)
        if made is None or made.baseline or item.baseline:
            return
        for chat in self._asked(made, item, store):
            told = store.told(chat, made.id)
            self._hold(bool(told), f"{made.id} ({item.title}) was not matched with {chat}")

    def _asked(self, made: Story, item: Item, store: TinyStore) -> Iterable[ChatId]:
        """Yield the chats that want a story, found without the index that the bot uses."""
        subject = subject_of(made, (item,), clock())
        for wish in store.subscriptions():
            chat = store.chat(wish.chat)
            old = self.changed.get(wish.chat, -JUST_NOW) + JUST_NOW <= now()
            if chat and chat.active and old and ql.matches(ql.parse(wish.query), subject):
                yield wish.chat

    def _validators(self, name: str, etag: str) -> None:
        """Check that what the server will not show again is kept."""
        shown = self.press.site(name).news[: int(etag)]
        missing = [news.url for news in shown if news.url not in self.urls]
        self._hold(not missing, f"{name}: validators without items {missing[:3]}")

    # -- people, and restarts -------------------------------------------------------------------

    def person(self, chat: ChatId) -> None:
        """Note that a person changes what a chat gets."""
        self.changed[chat] = now()
        self.forgotten.discard(chat)

    def forget(self, chat: ChatId) -> None:
        """Check and note that a chat was forgotten, whose past counts no more."""
        rows = [row for row in self.rows.values() if row.chat == chat]
        flying = {row.id for row in rows if row.state is State.SENDING}
        self._service(chat).forget(chat, flying)
        for row in rows:
            del self.rows[row.id]
        for place in [place for place in self.alerts if place[0] == chat]:
            del self.alerts[place]
        self.forgotten.add(chat)

    def restarted(self, store: TinyStore, flying: Iterable[Changes]) -> None:
        """Check a store that was read back: all that was acknowledged, and whole commits."""
        asked = list(flying)
        for changes in asked:
            if self._landed(changes, store):
                self.committed(changes, store)
        open_ = {row.id for changes in asked for row in changes.deliveries}
        for name, row in self.rows.items():
            if name not in open_ and not self._is_kept(row, store):
                is_now = store.delivery(name)
                self.fail(f"{name} was acknowledged as {row.state} and is {is_now}")
        for row in store.owed():
            if row.state is State.SENDING:
                self._service(row.chat).doubts[row.id] += 1

    def _is_kept(self, row: Delivery, store: TinyStore) -> bool:
        """Whether a row was read back. What it was read from once need not be decoded again."""
        data = store._engine.docs("deliveries").get(doc_id(row.id))  # noqa: SLF001  # undecoded
        before, read = self.read.get(row.id, (None, None))
        if (before is row and read == data) or store.delivery(row.id) == row:
            self.read[row.id] = row, data
            return True
        return False

    def _landed(self, changes: Changes, store: TinyStore) -> bool:
        """Return whether a commit without an answer became durable. Part of it must not."""
        there = [store.delivery(row.id) == row for row in changes.deliveries]
        there += [store.item(item.id) is not None for item in changes.items]
        self._hold(all(there) or not any(there), "half of a commit was read back")
        return bool(there) and all(there)

    # -- at the end -----------------------------------------------------------------------------

    def ended(self, store: TinyStore) -> None:
        """Check that whatever was published was met, and whatever was owed told or given up."""
        for site in self.press.sites:
            missed = [news.url for news in site.news if news.url not in self.urls]
            self._hold(not missed, f"{site.row.name} published {missed[:3]}, never met")
        left = [d for d in store.owed() if d.state is not State.UNCERTAIN]
        self._hold(not left, f"{len(left)} are left owed")
        digests = "\n".join(text for s in self.services.values() for text in s.texts)
        for row in self.rows.values():
            if row.kind is Kind.ALERT:
                self._fate(row, store, digests)

    def _fate(self, alert: Delivery, store: TinyStore, digests: str) -> None:
        service, room = self._service(alert.chat), alert.chat.split(":")[2]
        chat = store.chat(alert.chat)
        gives_up = chat is None or not chat.active or not chat.repeat
        fair = {
            State.SENT: True,
            State.DEAD: alert.reason == "too long",
            State.EXPIRED: f"{alert.story}" in digests or gives_up,
            State.CANCELLED: room in service.closed,
            State.UNCERTAIN: not service.pace.lookup,
        }.get(alert.state, False)
        self._hold(fair, f"{alert.id} ended as {alert.state} ({alert.reason})")

    def now_at(self, chat: ChatId) -> ChatId:
        """Return the id that a chat has by now."""
        name, account, room = chat.split(":")
        return ChatId(f"{name}:{account}:{self.services[name].moved.get(room, room)}")

    def _service(self, chat: ChatId) -> Service:
        return self.services[chat.partition(":")[0]]

    def _hold(self, holds: bool, text: str) -> None:  # noqa: FBT001  # like assert
        if not holds:
            self.fail(text)
