"""What an item says: relevance, topics, facts, gist and summary. Pure."""

from bot.classify.explanation import explain
from bot.classify.label import classify

__all__ = ["classify", "explain"]
