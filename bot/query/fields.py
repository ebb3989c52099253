"""The facts that a query can ask for, and the values that they may have."""

import difflib
from collections.abc import Callable, Iterable, Mapping

from bot.classify import country_for
from bot.classify.companies import company_for, near_company, ticker_for
from bot.classify.topics import suggest, topic_for
from bot.errors import UsageError
from bot.language import tr
from bot.query.nodes import Field
from bot.query.spans import since

EXAMPLES = {
    "topic": "topic:gallium",
    "issuer": "issuer:cn",
    "target": "target:us",
    "action": "action:quota",
    "direction": "direction:ease",
    "stage": "stage:in-force",
    "source": "source:reuters.com",
    "tier": "tier:official",
    "lang": "lang:zh",
    "severity": "severity:high",
    "company": 'company:"MP Materials"',
    "ticker": "ticker:MP",
    "since": "since:7d",
}
FIELDS = tuple(EXAMPLES)
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

_LANGUAGES = {
    "english": "en",
    "chinese": "zh",
    "japanese": "ja",
    "korean": "ko",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "russian": "ru",
    "norwegian": "no",
    "dutch": "nl",
}


def field(name: str, value: str) -> Field:
    if name not in FIELDS:
        near = difflib.get_close_matches(name, FIELDS, 1)
        raise _unknown(f"{name}:", f"{near[0]}:{value}" if near else "", FIELDS)
    value = value.casefold().strip()
    read = _READ.get(name)
    return Field(name, read(value) if read else _one_of(name, value))


def _country(value: str) -> str:
    if code := country_for(value):
        return code
    raise UsageError(
        tr(
            '"issuer:{value}" names no country. '
            'Use a code or a name: issuer:cn, issuer:"South Korea".',
            value=value,
        )
    )


def _company(value: str) -> str:
    if name := company_for(value):
        return name.casefold()
    near = near_company(value)
    if near:
        raise _unknown(f"company:{value}", f'company:"{near}"')
    raise UsageError(
        tr('No company "{name}" is on the list. Watch its name: "{name}".', name=value)
    )


def _ticker(value: str) -> str:
    if symbol := ticker_for(value):
        return symbol
    raise UsageError(
        tr(
            'No listing "{name}" is on the list. Watch the company\'s name in quotes instead.',
            name=value.upper(),
        )
    )


def _language(value: str) -> str:
    code = _LANGUAGES.get(value, value)
    if code in _LANGUAGES.values():
        return code
    raise _unknown(f"lang:{value}", "", sorted(_LANGUAGES.values()))


def _topic(value: str) -> str:
    if topic := topic_for(value):
        return str(topic)
    if near := suggest(value):
        raise _unknown(f"topic:{value}", f"topic:{near[0]}")
    raise UsageError(tr('No topic "{word}". /topics lists all.', word=value))


def _since(value: str) -> str:
    since(value)
    return value


def _one_of(name: str, value: str) -> str:
    allowed = _CLOSED.get(name, ())
    if not allowed or value in allowed:
        return value
    begun = [word for word in allowed if word.startswith(value)]
    near = begun or difflib.get_close_matches(value, allowed, 1)
    raise _unknown(f"{name}:{value}", f"{name}:{near[0]}" if near else "", allowed)


def _unknown(typed: str, near: str, allowed: Iterable[str] = ()) -> UsageError:
    if near:
        return UsageError(
            tr('"{typed}" is not known. Did you mean {near}?', typed=typed, near=near),
            slip=(typed, near),
        )
    return UsageError(
        tr('"{typed}" is not known. It may be {names}.', typed=typed, names=", ".join(allowed))
    )


def _target(value: str) -> str:
    """Return a country's code, or a company as labels name it; other names are taken as typed."""
    return country_for(value) or (company_for(value) or value).casefold()


_READ: Mapping[str, Callable[[str], str]] = {
    "topic": _topic,
    "issuer": _country,
    "target": _target,
    "company": _company,
    "ticker": _ticker,
    "lang": _language,
    "since": _since,
}
