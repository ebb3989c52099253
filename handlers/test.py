"""/test WORDS: what a subscription would have sent in the last 30 days.

/test URL: what the bot would make of a page, and whom it would reach.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from bot import query as ql
from bot.compose import listing, newest, said, told_at
from bot.errors import UsageError
from bot.language import tr, trn
from bot.model import Command, Message, Story
from bot.office import MONTH, Office
from handlers._choices import choices
from handlers._handler import Handler
from handlers._pages import nothing
from handlers._trial import address, trial

SHOWN, LOUDEST = 5, 3
WEEK = timedelta(days=7)


async def test(command: Command, office: Office) -> Message:
    words = command.argument.strip()
    if not words:
        raise UsageError(
            tr("Say what to try, or give a page's address: /test gallium direction:ease")
        )
    if url := address(words):
        return await trial(url, command, office)
    query, now = ql.parse(words), office.clock()
    found = await would_send(query, office)
    if not found:
        none = tr("Nothing on {name} in the last 30 days.", name=ql.canonical(query))
        return nothing(words, none, tr("/search WORDS looks further back."))
    heading = trn(
        "{name} would have sent {count} alert in the last 30 days.",
        "{name} would have sent {count} alerts in the last 30 days.",
        len(found),
        name=ql.canonical(query),
    )
    shown = listing(tr("Newest:"), islice(found, SHOWN), now, f"/subscribe {ql.canonical(query)}")
    told = said(*filter(None, (heading, _weekly(found, now), _before(found), _loudest(found))))
    lines = (*told.lines, *shown.lines)
    return Message(lines=lines, buttons=choices(ql.canonical(query)))


async def would_send(query: ql.Query, office: Office) -> list[Story]:
    """Return the stories of the last 30 days that a query holds for, the newest first."""
    since = office.clock() - MONTH
    found = await office.found(query, since)
    return newest(story for story in found if told_at(story.lead) >= since)


def _weekly(found: Sequence[Story], now: datetime) -> str:
    weeks = Counter((now - told_at(story.lead)) // WEEK for story in found)
    counts = ", ".join(str(weeks[week]) for week in range(5))
    return tr("By week, this one first: {counts}", counts=counts)


def _before(found: Sequence[Story]) -> str:
    """Say how many were archived when their source was first read, and so were sent to nobody."""
    old = sum(story.baseline for story in found)
    if not old:
        return ""
    return trn(
        "{count} of them is from before this bot read its source.",
        "{count} of them are from before this bot read their sources.",
        old,
    )


def _loudest(found: Sequence[Story]) -> str:
    outlets = Counter(name for story in found for name in story.publishers)
    named = (f"{name} {count}" for name, count in outlets.most_common(LOUDEST))
    return tr("Most from: {outlets}", outlets=", ".join(named))


HANDLER = Handler(
    "test",
    "/test WORDS|URL",
    "what a subscription would have sent, or what a page would become",
    test,
    ("/test gallium direction:ease", "/test https://www.mofcom.gov.cn/"),
    everyday=True,
)
