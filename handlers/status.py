"""/status: how the bot itself does."""

from collections import Counter

from bot.compose import said, span
from bot.model import Command, Message, State
from bot.office import Office
from handlers._handler import Handler


async def status(_command: Command, office: Office) -> Message:
    tally, now = office.tally, office.clock()
    owed = Counter(delivery.state for delivery in office.store.owed())
    median = tally.median()
    speed = f" Seen and sent {median:.0f} s after publication at the median." if median else ""
    return said(
        f"Up {span(now - office.started)}: {tally.polls} checks ({tally.failures} failed), "
        f"{tally.new} items, {tally.stories} stories, {tally.alerts} alerts.{speed}",
        f"Owed now: {owed.total()}. Uncertain: {owed[State.UNCERTAIN]}.",
    )


HANDLER = Handler(
    "status", "/status", "how the bot itself does", status, ("/status", "/exportwire status")
)
