"""What changed in a story, said in any language. Pure."""

from datetime import date

from bot.classify.gist import named
from bot.language import day, mark, speaking, tr
from bot.model import Remark, Story

STAGES = (mark("rumour"), mark("proposed"), mark("announced"), mark("in force"), mark("expired"))


def remark(text: str, /, **values: str) -> Remark:
    """Return a remark. `day` is an ISO date, `stage` and `was` are stages, `names` divided by |."""
    return Remark(text, tuple(values.items()))


def say(told: Remark, lang: str) -> str:
    """Return a remark in a language."""
    with speaking(lang):
        return tr(told.text, **{name: _value(name, value, lang) for name, value in told.values})


def reason(story: Story, lang: str) -> str:
    """Return why a story has its revision, in a language."""
    return "; ".join(say(each, lang) for each in story.remarks) or story.reason


def _value(name: str, value: str, lang: str) -> str:
    match name:
        case "day":
            return day(date.fromisoformat(value))
        case "stage" | "was":
            return tr(value)
        case "names":
            return ", ".join(named(each, lang) for each in value.split("|"))
        case _:
            return value
