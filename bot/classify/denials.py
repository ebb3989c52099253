"""Whether an item denies what was reported: "ministry denies plan to ban exports"."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from bot.classify.passages import Passage
from bot.classify.terms import Matcher, lexicon
from bot.model import Direction, Evidence, Label, Stage

DENIED = "says:denied"
"""The token of a denial, by which stories are compared."""


@cache
def _denials() -> Matcher:
    return Matcher({DENIED: [term for terms in lexicon("denials").values() for term in terms]})


def denied(label: Label, passages: Sequence[Passage]) -> Label:
    """Return the label as that of a denial where the title denies something; else as it is.

    A denial does nothing by itself and begins on no day. Texts recall many denials: only
    the title counts.
    """
    found = _denials().find(passages[0].text)
    if not found:
        return label
    said = Evidence(fact="denial", value="denied", words=found[0].words, in_title=True)
    kept = (e for e in label.evidence if e.fact not in ("action", "direction"))
    return replace(
        label,
        action="statement",
        direction=Direction.NEUTRAL,
        stage=Stage.ANNOUNCED,
        hedged=False,
        effective=(),
        expires=(),
        tokens=label.tokens | {DENIED},
        evidence=(*kept, said),
    )
