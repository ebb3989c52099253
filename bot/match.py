"""Which subscriptions a story is owed to: an index over queries. Pure.

A story has *marks*: its words, and its facts such as "topic:gallium". Where a query is one or more
ways to hold, of which any will do, a way that is one word or field is settled by the index alone:
who waits for a mark gets what has it. Any other way waits for the rarest of its marks, names those
that it needs beside that, and is asked only where all of them are there, once for all who share
it. So a story asks few queries, and a new subscription is live at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from bot import query as ql
from bot.classify.topics import ancestors
from bot.model import Chat, ChatId, Item, Label, Story, Subscription
from bot.query.marks import anchors, conjunction, mark_of, marks_of, needed
from bot.severity import severity

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Way:
    """One way to hold that no single mark settles, and the numbers of those whose query has it."""

    anchors: tuple[str, ...]
    needs: frozenset[str]
    query: ql.Query | None  # None: the marks needed settle it
    held: set[int] = field(default_factory=set)

    def holds(self, marks: frozenset[str], asked: ql.Subject) -> bool:
        """Decide whether it holds for a story with these marks."""
        return self.needs <= marks and (self.query is None or ql.matches(self.query, asked))


class Wishes:
    """All subscriptions, indexed by mark, and numbered in the order in which they came."""

    def __init__(self, subscriptions: Iterable[Subscription] = ()) -> None:
        self._numbers: dict[Subscription, int] = {}
        self._live: dict[int, Subscription] = {}
        self._settled: dict[str, set[int]] = {}
        self._waiting: dict[str, set[_Way]] = {}
        self._ways: dict[ql.Query, _Way] = {}
        self._next = 0
        for subscription in subscriptions:
            self.add(subscription)

    def __len__(self) -> int:
        return len(self._live)

    def add(self, subscription: Subscription) -> None:
        """Make a subscription live; one that is live stays as it is."""
        if subscription in self._numbers:
            return
        number = self._numbers[subscription] = self._next
        self._next += 1
        self._live[number] = subscription
        for part in _ways(ql.parse(subscription.query)):
            if mark := mark_of(part):
                self._settled.setdefault(mark, set()).add(number)
            else:
                (self._ways.get(part) or self._opened(part)).held.add(number)

    def _opened(self, part: ql.Query) -> _Way:
        anchored, settled = tuple(anchors(part, self._count)), conjunction(part)
        way = self._ways[part] = _Way(anchored, needed(part), None if settled else part)
        for mark in way.anchors:
            self._waiting.setdefault(mark, set()).add(way)
        return way

    def _count(self, mark: str) -> int:
        return len(self._waiting.get(mark, ())) + len(self._settled.get(mark, ()))

    def remove(self, subscription: Subscription) -> None:
        """End a subscription; one that is not known is ignored."""
        number = self._numbers.pop(subscription, None)
        if number is None:
            return
        del self._live[number]
        for part in _ways(ql.parse(subscription.query)):
            if mark := mark_of(part):
                _discard(self._settled, mark, number)
            else:
                self._left(part, number)

    def _left(self, part: ql.Query, number: int) -> None:
        way = self._ways[part]
        way.held.discard(number)
        if not way.held:
            del self._ways[part]
            for mark in way.anchors:
                _discard(self._waiting, mark, way)

    def forget(self, chat: ChatId) -> None:
        """End all subscriptions of a chat."""
        for subscription in [s for s in self._numbers if s.chat == chat]:
            self.remove(subscription)

    def matching(self, asked: ql.Subject) -> tuple[Subscription, ...]:
        """Return the subscriptions whose query holds for `asked`, in the order they came."""
        marks = marks_of(asked)
        waiting = set[_Way]().union(*(self._waiting[m] for m in self._waiting.keys() & marks))
        found = set[int]().union(
            *(self._settled[mark] for mark in self._settled.keys() & marks),
            *(each.held for each in waiting if each.holds(marks, asked)),
        )
        return tuple(map(self._live.__getitem__, sorted(found)))


def _discard(index: dict[str, set[T]], mark: str, member: T) -> None:
    index[mark].discard(member)
    if not index[mark]:
        del index[mark]


def _ways(query: ql.Query) -> tuple[ql.Query, ...]:
    """Return the parts of which any one will do."""
    return query.parts if isinstance(query, ql.Join) and query.how == "or" else (query,)


def facts_of(label: Label, story: Story | None, item: Item | None) -> dict[str, frozenset[str]]:
    """Return the fields that a query can ask for, of an item in its story."""
    found = {
        "topic": frozenset(str(t) for topic in label.topics for t in (topic, *ancestors(topic))),
        "issuer": frozenset(code.casefold() for code in label.issuers),
        "target": frozenset(name.casefold() for name in label.targets),
        "action": frozenset({label.action}),
        "direction": frozenset({str(label.direction)}),
        "stage": frozenset({label.stage.replace(" ", "-")}),
        "company": frozenset(name.casefold() for name in label.companies),
        "ticker": frozenset(name.rpartition(":")[2].casefold() for name in label.companies),
    }
    if item is not None:
        found["source"] = frozenset(filter(None, (item.source.casefold(), item.outlet.casefold())))
        found["tier"] = frozenset({str(item.tier)})
        found["lang"] = frozenset({item.lang})
    if story is not None:
        found["severity"] = frozenset({severity(story)[0]})
        publishers = frozenset(name.casefold() for name in story.publishers)
        found["source"] = found.get("source", frozenset()) | publishers
        found["lang"] = frozenset(report.lang for report in story.reports)
        if story.official:
            found["tier"] = found.get("tier", frozenset()) | {"official"}
    return found


def subject_of(story: Story, items: Iterable[Item], now: datetime) -> ql.Subject:
    """Return what queries are asked of a story: its items' words and the facts it carries."""
    kept = tuple(items)
    titles = (report.title for report in story.reports)
    text = "\n".join((*titles, *(report.summary for report in story.reports)))
    text += "\n" + "\n".join(f"{item.title}\n{item.text}" for item in kept)
    facts = facts_of(story.label, story, kept[-1] if kept else None)
    return ql.subject(text, facts, max(now - story.first_seen, timedelta()), story.first_seen)


def by_chat(found: Iterable[Subscription], chats: Iterable[Chat]) -> dict[Chat, list[Subscription]]:
    """Group matching subscriptions by their chat, oldest first; chats that rest are left out."""
    awake = {chat.id: chat for chat in chats if chat.active}
    grouped: dict[Chat, list[Subscription]] = {}
    for subscription in found:
        if chat := awake.get(subscription.chat):
            grouped.setdefault(chat, []).append(subscription)
    for wishes in grouped.values():
        wishes.sort(key=lambda wish: (wish.created, wish.query))
    return grouped
