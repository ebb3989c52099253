"""The worst misses: directions turned round, wrong actors, stories merged and split."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from bench.quality.figures import Said, listed
from bench.quality.rows import Row

_OPPOSITE = {"restrict", "ease"}


def facts(rows: Sequence[Row], said: Said, most: int) -> Iterator[str]:
    """Yield a line for each direction that is turned round, then for each wrong actor."""
    found = [(row, said[row["id"]]) for row in rows if row["relevant"]]
    both = [(row, got) for row, got in found if got["relevant"]]
    turned = ((r, got) for r, got in both if {r.get("direction"), got["direction"]} == _OPPOSITE)
    yield from (_told("turned", row, got["direction"]) for row, got in islice(turned, most))
    actors = ((r, got) for r, got in both if listed(r.get("issuer")) != listed(got["issuer"]))
    yield from (_told("actor", row, ",".join(got["issuer"])) for row, got in islice(actors, most))


def stories(rows: Sequence[Row], said: Said, most: int) -> Iterator[str]:
    """Yield each of our stories that holds several events, and each event in several stories."""
    ours: dict[str, set[str]] = defaultdict(set)
    events: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["relevant"] and row.get("story") and (story := said[row["id"]].get("story")):
            ours[str(story)].add(row["story"])
            events[row["story"]].add(str(story))
    for name, groups in (("merged", ours), ("split", events)):
        found = ((key, group) for key, group in groups.items() if len(group) > 1)
        yield from (f"{name} {key}: {', '.join(sorted(g))}" for key, g in islice(found, most))


def _told(kind: str, row: Row, got: object) -> str:
    return f"{kind} {got} {row['id']} {row['lang']} {row['title'][:90]}"
