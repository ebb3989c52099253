"""What the reports of a story agree on, in words that a trader understands."""

from bot.cluster.profile import profile_of
from bot.model import Story

KINDS = {
    "doc": "document",
    "issuer": "country that acts",
    "goods": "goods",
    "aim": "country aimed at",
    "word": "product",
    "co": "company",
    "num": "number",
    "act": "measure",
    "dir": "direction",
}
"""Kinds of marks as they are called to people."""


def agreement(story: Story) -> str:
    """Return "the same country that acts, goods": what most reports state; "" of one report."""
    if len(story.reports) == 1:
        return ""
    held = profile_of(story)
    agreed = [
        name
        for kind, name in KINDS.items()
        if max(held.told(kind).values(), default=0.0) * len(story.reports) > 1
    ]
    return f"the same {', '.join(agreed) or 'wording'}"
