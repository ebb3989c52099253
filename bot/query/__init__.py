"""The subscription language: parse what a person typed, read it back, decide a match. Pure."""

from bot.query.asked import Subject, plain, subject, wide
from bot.query.evaluate import excludes_only, literal, matches
from bot.query.nodes import Field, Join, Not, Phrase, Query, Word
from bot.query.parse import parse, parse_any
from bot.query.slips import slip
from bot.query.spelling import canonical, explain

__all__ = [
    "Field",
    "Join",
    "Not",
    "Phrase",
    "Query",
    "Subject",
    "Word",
    "canonical",
    "excludes_only",
    "explain",
    "literal",
    "matches",
    "parse",
    "parse_any",
    "plain",
    "slip",
    "subject",
    "wide",
]
