"""Which story an item belongs to, and whether it says anything that a reader must know. Pure."""

from bot.cluster.agreement import agreement
from bot.cluster.publisher import publisher_of
from bot.cluster.stories import Stories

__all__ = ["Stories", "agreement", "publisher_of"]
