"""/test WORDS: what a subscription would have sent in the last 30 days."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from bot import query as ql
from bot.compose import listing, newest, said, told_at
from bot.errors import UsageError
from bot.model import Command, Message, Story
from bot.office import MONTH, Office
from handlers._handler import Handler
from handlers._pages import nothing

SHOWN, LOUDEST = 5, 3
WEEK = timedelta(days=7)


async def test(command: Command, office: Office) -> Message:
    words = command.argument.strip()
    if not words:
        raise UsageError("Say what to try, for example: /test gallium direction:ease")
    query, now = ql.parse(words), office.clock()
    found = would_send(query, office)
    if not found:
        return nothing(words, f"{ql.canonical(query)} in the last 30 days, or")
    heading = f"{ql.canonical(query)} would have sent {_alerts(len(found))} in the last 30 days."
    shown = listing("Newest:", islice(found, SHOWN), now, f"/subscribe {ql.canonical(query)}")
    lines = (heading, _weekly(found, now), _before(found), _loudest(found))
    told = said(*filter(None, lines))
    return Message(lines=(*told.lines, *shown.lines))


def would_send(query: ql.Query, office: Office) -> list[Story]:
    """Return the stories of the last 30 days that a query holds for, the newest first."""
    since = office.clock() - MONTH
    found = (story for story in office.found(query, since) if told_at(story.lead) >= since)
    return newest(found)


def _alerts(count: int) -> str:
    return "1 alert" if count == 1 else f"{count} alerts"


def _weekly(found: Sequence[Story], now: datetime) -> str:
    weeks = Counter((now - told_at(story.lead)) // WEEK for story in found)
    counts = ", ".join(str(weeks[week]) for week in range(5))
    return f"By week, this one first: {counts}"


def _before(found: Sequence[Story]) -> str:
    """Say how many were archived when their source was first read, and so were sent to nobody."""
    old = sum(story.baseline for story in found)
    return f"{old} of them from before this bot read their source." if old else ""


def _loudest(found: Sequence[Story]) -> str:
    outlets = Counter(name for story in found for name in story.publishers)
    named = (f"{name} {count}" for name, count in outlets.most_common(LOUDEST))
    return f"Most from: {', '.join(named)}"


HANDLER = Handler(
    "test",
    "/test WORDS",
    "what a subscription would have sent in the last 30 days",
    test,
    ("/test gallium direction:ease", "/test rare-earth severity:high"),
    everyday=True,
)
