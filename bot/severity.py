"""How much a story matters to a desk, and why. Pure.

high    a measure that bites or lets go now: restrict or ease, not hedged, and told by an
        official source or by three publishers
low     neutral or hedged, and told by one publisher alone
medium  all else
"""

from bot.model import Direction, Stage, Story

BROAD = 3  # publishers that make a story broad


def severity(story: Story) -> tuple[str, str]:
    """Return ("high" | "medium" | "low", the reason in words that a trader understands)."""
    cuts = story.label.direction is not Direction.NEUTRAL
    firm = not story.label.hedged and story.label.stage not in {Stage.RUMOUR, Stage.PROPOSED}
    broad = len(story.publishers) >= BROAD
    if cuts and firm and (story.official or broad):
        teller = "an official source" if story.official else f"{len(story.publishers)} publishers"
        return "high", f"{_does(story)}, not hedged, told by {teller}"
    if not (cuts and firm) and not broad and not story.official:
        return (
            "low",
            f"{'not firm yet' if not firm else 'changes nothing by itself'}, one publisher",
        )
    return "medium", f"{_does(story)}, {'firm' if firm else 'not firm yet'}"


def _does(story: Story) -> str:
    return {
        Direction.RESTRICT: "restricts exports",
        Direction.EASE: "eases exports",
        Direction.NEUTRAL: "neither restricts nor eases",
    }[story.label.direction]
