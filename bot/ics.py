"""Days as a calendar file (RFC 5545) that every calendar opens. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.agenda import Due

if TYPE_CHECKING:
    from icalendar import Event


def calendar(dues: Iterable[Due], describe: Callable[[Due], str], now: datetime) -> str:
    """Return what is due as a file's text: one all-day event each, named by `describe`.

    An event keeps its identity however often it is written, so a calendar updates it.
    """
    from icalendar import Calendar  # noqa: PLC0415  # a tenth of a second, when asked for

    file = Calendar()
    file.add("prodid", "-//Exportwire//Upcoming//EN")
    file.add("version", "2.0")
    for due in dues:
        file.add_component(_event(due, describe(due), now))
    return str(file.to_ical(), "utf-8")


def _event(due: Due, summary: str, now: datetime) -> "Event":
    from icalendar import Event  # noqa: PLC0415  # as above

    lead, event = due.story.lead, Event()
    event.add("uid", f"{due.story.id}-{due.turn}-{due.day.isoformat()}@exportwire")
    event.add("dtstamp", now)
    event.add("dtstart", due.day)
    event.add("dtend", due.day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", lead.title)
    event.add("url", lead.url)
    return event
