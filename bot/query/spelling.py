"""Read a query back: in its one stored spelling, and in plain words."""

from datetime import timedelta

from bot.classify.companies import company_of, listed
from bot.classify.gist import named
from bot.classify.topics import expand, topics
from bot.language import day, spoken, tr
from bot.model import Topic
from bot.query.nodes import Field, Join, Not, Phrase, Query, Word
from bot.query.spans import since

_CODE = 2  # letters of a country's code
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
        case Word(text, prefix=True):
            return tr('words that start with "{text}"', text=text)
        case Word(text):
            return tr('the word "{text}"', text=text)
        case Phrase(text):
            return tr('the exact words "{text}"', text=text)
        case Field(name, value):
            return _fact(name, value)
        case Not(part):
            return tr("not {part}", part=explain(part))
        case Join(how, parts):
            told = (f"({explain(p)})" if isinstance(p, Join) else explain(p) for p in parts)
            return (tr(" and ") if how == "and" else tr(" or ")).join(told)


def _fact(name: str, value: str) -> str:
    match name:
        case "topic":
            return _described(Topic(value))
        case "since":
            begin = since(value)
            if isinstance(begin, timedelta):
                return tr("first seen in the last {span}", span=value)
            return tr("first seen since {day}", day=day(begin))
        case "company" | "ticker":
            company = company_of(value) if name == "ticker" else value
            return tr("company {name}", name=listed(company))
        case _:
            return tr("{field} {value}", field=name, value=_value(name, value))


def _value(name: str, value: str) -> str:
    """Return a value as people say it: a country by its name; a target may be a company too."""
    country = name in {"issuer", "target"} and len(value) == _CODE
    return named(value.upper(), spoken()) if country else value


def _name(topic: Topic) -> str:
    """Return what the language spoken calls a topic."""
    language = spoken()
    return topics()[topic].name.lower() if language == "en" else named(topic, language)


def _described(topic: Topic) -> str:
    narrower = sorted(_name(t) for t in expand(topic) if t != topic)
    name, shown = _name(topic), ", ".join(narrower[:_SHOWN])
    if not narrower:
        return tr("{name}, in 8 languages", name=name)
    left = len(narrower) - _SHOWN
    if left <= 0:
        return tr("{name} with {narrower}, in 8 languages", name=name, narrower=shown)
    return tr(
        "{name} with {narrower} and {count} more, in 8 languages",
        name=name,
        narrower=shown,
        count=left,
    )
