"""Polite, bounded, guarded HTTP: the only way out to the sources."""

from bot.fetch.client import Fetcher
from bot.fetch.limits import Limits

__all__ = ["Fetcher", "Limits"]
