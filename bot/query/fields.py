"""The facts that a query can ask for, and the values that they may have."""

import difflib

from bot.classify import country_for
from bot.classify.topics import suggest, topic_for
from bot.errors import UsageError
from bot.query.nodes import Field
from bot.query.spans import span

FIELDS = (
    "topic",
    "issuer",
    "target",
    "action",
    "direction",
    "stage",
    "source",
    "tier",
    "lang",
    "severity",
    "company",
    "ticker",
    "since",
)
_CLOSED = {  # fields whose values are few: a typo can be told from a word nobody has used yet
    "direction": ("restrict", "ease", "neutral"),
    "stage": ("rumour", "proposed", "announced", "in-force", "expired"),
    "tier": ("official", "wire", "press", "trade", "aggregator", "law"),
    "severity": ("low", "medium", "high"),
    "action": (
        "new-control",
        "tighten",
        "ban",
        "licence-approval",
        "licence-denial",
        "suspension",
        "lift",
        "entity-listing",
        "delisting",
        "quota",
        "proposal",
        "enforcement",
        "guidance",
        "statement",
    ),
}


def field(name: str, value: str) -> Field:
    if name not in FIELDS:
        near = difflib.get_close_matches(name, FIELDS, 1)
        hint = f" Did you mean {near[0]}:{value}?" if near else f" Fields: {', '.join(FIELDS)}."
        raise UsageError(f'There is no field "{name}:".{hint}')
    value = value.casefold().strip()
    match name:
        case "topic":
            return Field(name, _topic(value))
        case "issuer" | "target":
            return Field(name, country_for(value) or value)
        case "since":
            return Field(name, _since(value))
        case _:
            return Field(name, _one_of(name, value))


def _topic(value: str) -> str:
    if topic := topic_for(value):
        return str(topic)
    near = suggest(value)
    hint = f" Did you mean topic:{near[0]}?" if near else " /topics lists them."
    raise UsageError(f'There is no topic "{value}".{hint}')


def _since(value: str) -> str:
    span(value)
    return value


def _one_of(name: str, value: str) -> str:
    allowed = _CLOSED.get(name, ())
    if not allowed or value in allowed:
        return value
    near = difflib.get_close_matches(value, allowed, 1)
    hint = f" Did you mean {name}:{near[0]}?" if near else f" It may be {', '.join(allowed)}."
    raise UsageError(f'"{name}:{value}" is not known.{hint}')
