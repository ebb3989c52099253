"""Which subscriptions a story is owed to: an index over queries. Pure.

Every query has *anchors*: tokens of which a matching text must hold at least one. The index maps
an anchor to the subscriptions that wait for it, so that a story is only asked of the few whose
anchor it holds, and a new subscription is live at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot import query as ql
from bot.classify.topics import ancestors
from bot.model import Chat, ChatId, Item, Label, Story, Subscription
from bot.severity import severity

ANYTHING = "*"  # the anchor of queries that only say what must not be there
_STEM = 3


class Wishes:
    """All subscriptions, indexed by anchor."""

    def __init__(self, subscriptions: Iterable[Subscription] = ()) -> None:
        self._queries: dict[Subscription, ql.Query] = {}
        self._waiting: defaultdict[str, dict[Subscription, None]] = defaultdict(dict)
        for subscription in subscriptions:
            self.add(subscription)

    def __len__(self) -> int:
        return len(self._queries)

    def add(self, subscription: Subscription) -> None:
        """Make a subscription live."""
        query = ql.parse(subscription.query)
        self._queries[subscription] = query
        for anchor in anchors(query):
            self._waiting[anchor][subscription] = None

    def remove(self, subscription: Subscription) -> None:
        """End a subscription; one that is not known is ignored."""
        query = self._queries.pop(subscription, None)
        for anchor in anchors(query) if query else ():
            waiting = self._waiting[anchor]
            waiting.pop(subscription, None)
            if not waiting:
                del self._waiting[anchor]

    def forget(self, chat: ChatId) -> None:
        """End all subscriptions of a chat."""
        for subscription in [s for s in self._queries if s.chat == chat]:
            self.remove(subscription)

    def matching(self, asked: ql.Subject) -> tuple[Subscription, ...]:
        """Return the subscriptions whose query holds for `asked`, oldest first."""
        waiting = self._waiting
        candidates = {s for token in tokens(asked) if token in waiting for s in waiting[token]}
        found = (s for s in candidates if ql.matches(self._queries[s], asked))
        return tuple(sorted(found, key=lambda s: (s.created, s.chat, s.query)))


def anchors(query: ql.Query) -> frozenset[str]:
    """Return tokens of which every match holds at least one."""
    match query:
        case ql.Word(text, prefix):
            return frozenset({_wide(text) or (f"p:{text[:_STEM]}" if prefix else f"w:{text}")})
        case ql.Phrase(text):
            return frozenset({_wide(text) or f"w:{max(text.split(' '), key=len)}"})
        case ql.Field("since", _) | ql.Not(_):
            return frozenset({ANYTHING})
        case ql.Field(name, value):
            return frozenset({f"{name}:{value}"})
        case ql.Join("and", parts):
            return min(map(anchors, parts), key=_cost)
        case ql.Join(_, parts):
            return frozenset[str]().union(*map(anchors, parts))


def _cost(found: frozenset[str]) -> tuple[bool, bool, int]:
    """Order anchors by how many texts hold them: words and topics are rarer than other facts."""
    common = any(not token.startswith(("w:", "topic:", "c:", "company:")) for token in found)
    return ANYTHING in found, common, len(found)


def _wide(text: str) -> str:
    return f"c:{text[:2]}" if ql.wide(text) else ""


def tokens(asked: ql.Subject) -> Iterator[str]:
    """Return every token that an anchor could wait for in `asked`."""
    yield ANYTHING
    for name, values in asked.facts.items():
        yield from (f"{name}:{value}" for value in values)
    for word in asked.words:
        yield f"w:{word}"
        yield f"p:{word[:_STEM]}"
        yield from (f"w:{word[:-1]}",) if word.endswith("s") else ()
        if ql.wide(word):
            yield from (f"c:{word[at : at + 2]}" for at in range(len(word)))
            yield from (f"c:{character}" for character in set(word))


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
    return ql.subject(text, facts, max(now - story.first_seen, timedelta()))


def by_chat(found: Iterable[Subscription], chats: Iterable[Chat]) -> dict[Chat, list[Subscription]]:
    """Group matching subscriptions by their chat; chats that rest are left out."""
    awake = {chat.id: chat for chat in chats if chat.active}
    grouped: dict[Chat, list[Subscription]] = {}
    for subscription in found:
        if chat := awake.get(subscription.chat):
            grouped.setdefault(chat, []).append(subscription)
    return grouped
