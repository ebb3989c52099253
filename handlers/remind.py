"""/remind ID TIME: a story again at a time that a person chooses; /remind cancel takes it back."""

import hashlib
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import timetable
from bot.bulletin import reminder
from bot.compose import day, moment, said
from bot.errors import UsageError
from bot.language import tr, trn
from bot.model import (
    Button,
    Changes,
    Chat,
    Command,
    Delivery,
    DeliveryId,
    Kind,
    Message,
    State,
    Story,
)
from bot.moments import moment_of
from bot.office import Office
from handlers._handler import Handler
from handlers._story import named

MORNING = time(9)
MOST = 50
USUAL = ("2h", "1d", "7d", "1d before effective date", "1d before end")
_BEFORE = re.compile(
    r"(?:(?P<count>\d{1,3})\s*(?P<unit>[hdw])[a-z]*\s+)?before\s+(?:it\s+|the\s+|its\s+)?"
    r"(?:takes\s+)?(?P<turn>effect|effective|in force|ends?|expir[a-z]*|end)(?:\s+date)?",
    re.IGNORECASE,
)


async def remind(command: Command, office: Office) -> Message:
    first, _, rest = command.argument.strip().partition(" ")
    if first.casefold() == "cancel":
        return await _cancel(rest.strip(), command, office)
    if not rest.strip():
        raise UsageError(
            tr("Say which story and when, for example: /remind A7F3 2d or /remind A7F3 tomorrow"),
            *(f"remind {first} {when}" for when in USUAL if first),
        )
    story, chat, now = named(replace(command, argument=first), office), command.chat, office.clock()
    when, about = _asked(rest.strip(), story, chat, now)
    if len(held(chat, office)) >= MOST:
        raise UsageError(tr("A chat may have {most} reminders; /reminders lists them.", most=MOST))
    made = _owed(story, chat, when, about, now)
    known = office.store.delivery(made.id)
    if known is None or known.state is not State.PENDING:
        await office.commit(Changes(chats=(chat,), deliveries=(made,)))
    return said(
        tr("A reminder of {id} comes on {moment}.", id=story.id, moment=moment(when, chat)),
        tr("/reminders lists all; undo: /remind cancel {id}", id=story.id),
        buttons=[Button(f"/remind cancel {story.id}", "remind", f"cancel {story.id}")],
    )


def held(chat: Chat, office: Office) -> list[Delivery]:
    """Return the reminders that are to come, the next first."""
    owed = (d for d in office.store.owed(chat.id) if d.kind is Kind.REMINDER)
    return sorted(owed, key=lambda d: (d.not_before, d.id))


def _owed(story: Story, chat: Chat, when: datetime, about: str, now: datetime) -> Delivery:
    name = f"reminder|{chat.id}|{story.id}|{when.isoformat()}"
    return Delivery(
        id=DeliveryId(hashlib.sha256(name.encode()).hexdigest()[:24]),
        chat=chat.id,
        kind=Kind.REMINDER,
        message=reminder(story, chat, about),
        created=now,
        not_before=when,
        story=story.id,
        revision=story.revision,
    )


def _asked(words: str, story: Story, chat: Chat, now: datetime) -> tuple[datetime, str]:
    zone = timetable.zone_of(chat)
    found = _BEFORE.fullmatch(words)
    if found is None:
        asked = tr("You asked for this on {day}.", day=day(now.astimezone(zone)))
        return moment_of(words, now, zone, MORNING), asked
    begins = found["turn"].casefold().startswith(("effect", "in force"))
    due = _due(story, now.astimezone(zone).date(), begins=begins)
    when = _before(due, found["count"], found["unit"], zone)
    told = (
        tr("It takes effect on {day}.", day=day(due))
        if begins
        else tr("It ends on {day}.", day=day(due))
    )
    if when <= now:
        raise UsageError(
            tr(
                "{told} That is too near; name a time, for example: /remind {id} 2h",
                told=told,
                id=story.id,
            )
        )
    return when, told


def _due(story: Story, today: date, *, begins: bool) -> date:
    days = story.label.effective if begins else story.label.expires
    due = min((day for day in days if day >= today), default=None)
    if due is None:
        raise UsageError(
            tr(
                "{id} names no such day that is still to come. Name one yourself: /remind {id} 7d",
                id=story.id,
            )
        )
    return due


def _before(due: date, count: str | None, unit: str | None, zone: ZoneInfo) -> datetime:
    """Return the morning some days before a day, or some hours before it begins."""
    number = int(count or 1)
    if (unit or "d").casefold() == "h":
        return timetable.instant(due, time(), zone) - timedelta(hours=number)
    days = number * (7 if (unit or "d").casefold() == "w" else 1)
    return timetable.instant(due - timedelta(days=days), MORNING, zone)


async def _cancel(words: str, command: Command, office: Office) -> Message:
    rows = held(command.chat, office)
    chosen = _chosen(words.strip("# "), rows)
    if not chosen:
        raise UsageError(
            tr("There is no such reminder; /reminders lists them: /remind cancel 2, or all")
        )
    count = await office.withdraw(chosen)
    return said(
        trn("{count} reminder is cancelled.", "{count} reminders are cancelled.", count)
        if count
        else tr("Too late: it is being sent just now.")
    )


def _chosen(words: str, rows: list[Delivery]) -> list[Delivery]:
    if words.casefold() == "all":
        return rows
    if words.isdecimal() and len(words) < 4:
        return rows[int(words) - 1 : int(words)] if int(words) else []
    return [row for row in rows if row.story == words.upper()]


HANDLER = Handler(
    "remind",
    "/remind ID TIME",
    "be told of a story again",
    remind,
    ("/remind A7F3 2d", "/remind A7F3 before effective date"),
    changes=True,
)
