"""Read a query back: in its one stored spelling, and in plain words."""

from bot.classify.topics import expand, topics
from bot.model import Topic
from bot.query.nodes import Field, Join, Not, Phrase, Query, Word

_SHOWN = 4  # narrower topics that are named


def canonical(query: Query) -> str:
    """Return the one spelling of a query: equal wishes are stored as equal text."""
    match query:
        case Word(text, prefix):
            return text + ("*" if prefix else "")
        case Phrase(text):
            return f'"{text}"'
        case Field("topic", value):
            return value
        case Field(name, value):
            return f'{name}:"{value}"' if " " in value else f"{name}:{value}"
        case Not(part):
            return f"-{_inner(part)}"
        case Join("and", parts):
            return " ".join(sorted(map(_inner, parts), key=_positive_first))
        case Join(_, parts):
            return " OR ".join(sorted(_inner(part) for part in parts))


def _positive_first(text: str) -> tuple[bool, str]:
    return text.startswith("-"), text


def _inner(part: Query) -> str:
    text = canonical(part)
    return f"({text})" if isinstance(part, Join) else text


def explain(query: Query) -> str:
    """Return a query in plain words, for the answer to /subscribe."""
    match query:
        case Word(text, prefix):
            return f'words that start with "{text}"' if prefix else f'the word "{text}"'
        case Phrase(text):
            return f'the exact words "{text}"'
        case Field("topic", value):
            return _described(Topic(value))
        case Field("since", value):
            return f"first seen in the last {value}"
        case Field(name, value):
            return f"{name} {value}"
        case Not(part):
            return f"not {explain(part)}"
        case Join(how, parts):
            return f" {how} ".join(
                f"({explain(part)})" if isinstance(part, Join) else explain(part) for part in parts
            )


def _described(topic: Topic) -> str:
    narrower = sorted(topics()[t].name.lower() for t in expand(topic) if t != topic)
    name = topics()[topic].name.lower()
    if not narrower:
        return f"{name}, in 8 languages"
    left = len(narrower) - _SHOWN
    shown = ", ".join(narrower[:_SHOWN]) + (f" and {left} more" if left > 0 else "")
    return f"{name} with {shown}, in 8 languages"
