"""Relevance: how likely a text is new export-control news, and the evidence that says so.

The score is a logistic sum of the weights of a text's features (`evidence`). The weights are in
lexicon/weights.toml, written by `python -m bench.quality.train`; each has the sign of its table
in lexicon/relevance.toml, so that no quirk of the training rows can turn evidence around.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import exp

from bot.classify.evidence import GROUPS, STRONG, Reading, features_in, place_of, signs
from bot.classify.terms import Hit, lexicon
from bot.model import Evidence

DEFAULT_THRESHOLD = 0.5
"""The score from which an item is news; an operator may move it."""
FOR, AGAINST = "relevance", "doubt"
"""The facts of `Evidence`: what speaks for relevance, and what against it."""
_SHOWN_FOR, _SHOWN_AGAINST = 5, 3
_STEEPEST = 30.0
_Weighed = tuple[float, Reading, Hit]


def score_of(features: Iterable[str], given: Mapping[str, float] | None = None) -> float:
    """Return the probability (0..1) that a text with these features is news."""
    table = weights() if given is None else given
    return chance_of(
        table.get("bias", 0.0) + sum(table.get(name, 0.0) for name in sorted(features))
    )


def chance_of(total: float) -> float:
    """Return the probability (0..1) that a sum of weights stands for."""
    return 1 / (1 + exp(-max(-_STEEPEST, min(_STEEPEST, total))))


def reasons_of(readings: Sequence[Reading]) -> tuple[Evidence, ...]:
    """Return the words that weighed most, for and against: first what names export control."""
    weighed: dict[str, _Weighed] = {}
    for reading in readings:
        features = features_in(reading)
        for hit in reading.evidence:
            weight = _weight(hit.concept, place_of(reading), features)
            if weight > weighed.get(hit.concept, (0.0,))[0]:
                weighed[hit.concept] = (weight, reading, hit)
    heaviest = sorted(weighed.values(), key=lambda entry: (-entry[0], entry[2].start))
    telling = sorted(heaviest, key=lambda entry: entry[2].concept not in STRONG)
    speaking = [entry for entry in telling if signs()[entry[2].concept] > 0]
    against = [entry for entry in heaviest if signs()[entry[2].concept] < 0]
    shown = [*_apart(speaking)[:_SHOWN_FOR], *_apart(against)[:_SHOWN_AGAINST]]
    return tuple(_evidence(reading, hit) for _, reading, hit in shown)


def _apart(entries: Sequence[_Weighed]) -> list[_Weighed]:
    """Leave out words that an earlier entry shows already."""
    return [
        entry
        for n, entry in enumerate(entries)
        if not any(entry[2].words in shown[2].words for shown in entries[:n])
    ]


def _evidence(reading: Reading, hit: Hit) -> Evidence:
    fact = FOR if signs()[hit.concept] > 0 else AGAINST
    name = lexicon("relevance")[hit.concept]["name"]
    return Evidence(fact=fact, value=name, words=hit.words, in_title=reading.passage.place == 0)


def _weight(concept: str, place: str, features: frozenset[str]) -> float:
    """Return how much a concept moved the score here: by itself and its share of each pair."""
    own = abs(weights().get(f"{place}:{concept}", 0.0))
    return own + sum(share for name, share in _shares()[concept] if name in features)


@cache
def _shares() -> Mapping[str, Sequence[tuple[str, float]]]:
    """Return what each concept has a share in: features of several, and how much of their weight."""
    joint = [name for name in weights() if "+" in name or name.endswith(":against")]
    parts = {name: name.partition(":")[2].split("+") for name in joint}
    return {
        concept: [
            (name, abs(weights()[name]) / len(groups))
            for name, groups in parts.items()
            if any(concept in GROUPS[group] for group in groups)
        ]
        for concept in signs()
    }


@cache
def weights() -> Mapping[str, float]:
    """Return the weight of each feature, and the bias."""
    table = lexicon("weights")
    return {"bias": table["bias"], **table["weights"]}
