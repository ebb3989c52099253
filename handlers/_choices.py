"""Buttons for what a person may want to do with a query next."""

from bot.language import tr
from bot.model import Button


def choices(query: str) -> tuple[Button, ...]:
    """Return buttons that subscribe to a query and that list its newest stories."""
    return Button(tr("Subscribe"), "subscribe", query), Button(tr("Latest"), "latest", query)
