"""The outbox at work: what is owed is claimed, paced, sent and settled."""

from bot.dispatch.dispatcher import Dispatcher
from bot.dispatch.options import Options

__all__ = ["Dispatcher", "Options"]
