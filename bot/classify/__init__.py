"""What an item says: relevance, topics, facts, gist and summary. Pure."""

from bot.classify.explanation import explain
from bot.classify.gist import gist, named
from bot.classify.label import classify, label_of
from bot.classify.places import country_for
from bot.classify.summary import summary

__all__ = ["classify", "country_for", "explain", "gist", "label_of", "named", "summary"]
