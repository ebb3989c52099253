"""What the settings of a chat mean, in words."""

from datetime import datetime

from bot import schedules, timetable
from bot.compose import moment
from bot.language import tr
from bot.model import Chat, Subscription
from bot.timetable import FOREVER, STRICT


def delivery(wish: Subscription, chat: Chat, now: datetime) -> str:
    """Say when a wish that is not told at once comes; "" where it is told at once."""
    if wish.delivery == "now":
        return ""
    told = tr(
        "It comes {when}, next on {moment} (/timezone changes the zone).",
        when=schedules.told(wish.delivery),
        moment=moment(timetable.next_slot(wish.delivery, now, timetable.zone_of(chat)), chat),
    )
    if wish.delivery.endswith(STRICT):
        return told
    urgent = tr("High severity comes at once; add strict and that waits too.")
    return f"{told} {urgent}"


def quiet(chat: Chat) -> str:
    """Say when it is quiet in a chat, "" where it never is."""
    if not chat.quiet:
        return ""
    start, _, end = chat.quiet.partition(" ")[0].partition("-")
    told = tr(
        "Quiet from {start} to {end} {zone}: what comes then is told in one digest at {end}.",
        start=start,
        end=end,
        zone=chat.zone,
    )
    if chat.quiet.endswith(STRICT):
        strict = tr("High severity waits too.")
        return f"{told} {strict}"
    urgent = tr(
        "High severity comes all the same; /quiet {start}-{end} strict holds that too.",
        start=start,
        end=end,
    )
    return f"{told} {urgent}"


def pause(chat: Chat, now: datetime) -> str:
    """Say until when a chat is paused, "" where it is not."""
    if chat.paused is None or chat.paused <= now:
        return ""
    if chat.paused == FOREVER:
        return tr("Paused: nothing comes until /resume, and then one digest of what was held.")
    return tr(
        "Paused until {moment}: then one digest tells what was held. /resume ends it sooner.",
        moment=moment(chat.paused, chat),
    )
