"""The store: TinyDB on a delta journal."""

from bot.store.tiny import TinyStore

__all__ = ["TinyStore"]
