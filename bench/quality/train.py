"""Fit the weights of lexicon/weights.toml to a labelled corpus.

    python -m bench.quality.train CORPUS [CORPUS ...]

Logistic regression over the features of `bot.classify.evidence`, with an L2 penalty and with
signs held: evidence for may not count against, nor the reverse. Learns from hard.jsonl too.
Plain Python, a few seconds, no randomness: the same corpus gives the same file.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from math import exp, sqrt
from pathlib import Path

from bench.quality.rows import Judge, Row, rows_of, scored
from bot.classify import evidence, relevance
from bot.classify.passages import passages_of

PENALTY = 2.0
STEPS = 400
RATE = 0.5
RAREST = 3
"""A feature of fewer training rows than this is left out."""
CAUTION = 2.0
"""A false alarm costs so much more than a miss, classes being balanced."""
TARGET = Path(__file__).parents[2] / "bot/classify/lexicon/weights.toml"
HARD = Path(__file__).with_name("hard.jsonl")
"""Rows of our own wording, written to be hard; always learned from, never scored."""
_AGAINST = {"strong+against", "against", "silent", "acted-0"}


def features_of(row: Row) -> frozenset[str]:
    return _features(row["title"], row.get("text") or "")


@cache
def _features(title: str, text: str) -> frozenset[str]:
    return evidence.features_of(evidence.read(passages_of(title, text)))


def sign_of(feature: str) -> int:
    """Return whether a feature may only speak for (1) or only against (-1)."""
    name = feature.partition(":")[2]
    return -1 if name in _AGAINST or name.startswith("not-") else 1


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """Return the weight of each feature, and the "bias"."""
    kept = [row for row in rows if scored(row)]
    count = Counter(name for row in kept for name in features_of(row))
    names = sorted(name for name, n in count.items() if n >= RAREST)
    index = {name: k for k, name in enumerate(names)}
    data = [[index[name] for name in sorted(features_of(row)) if name in index] for row in kept]
    weights, bias = _descend(data, [bool(row["relevant"]) for row in kept], names)
    return {"bias": bias} | dict(zip(names, weights, strict=True))


def _descend(
    data: list[list[int]], truth: list[bool], names: list[str]
) -> tuple[list[float], float]:
    """Minimise by projected, adaptive gradient steps."""
    signs = [sign_of(name) for name in names]
    weights, steps = [0.0] * len(names), [1e-8] * len(names)
    bias, bias_steps = 0.0, 1e-8
    share = sum(truth) / len(truth)
    cost = {True: 0.5 / share, False: CAUTION * 0.5 / (1 - share)}
    for _ in range(STEPS):
        slope = [PENALTY * weight for weight in weights]
        bias_slope = 0.0
        for present, true in zip(data, truth, strict=True):
            miss = (_squashed(bias + sum(weights[k] for k in present)) - true) * cost[true]
            bias_slope += miss
            for k in present:
                slope[k] += miss
        bias_steps += bias_slope**2
        bias -= RATE * bias_slope / sqrt(bias_steps)
        for k, value in enumerate(slope):
            steps[k] += value**2
            moved = weights[k] - RATE * value / sqrt(steps[k])
            weights[k] = moved if signs[k] * moved >= 0 else 0.0
    return weights, bias


def _squashed(total: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def trained(rows: Sequence[Row]) -> Judge:
    """Return a judge that learned from `rows` and from our own hard ones."""
    weights = fit([*rows, *rows_of(HARD)])
    return lambda row: relevance.score_of(features_of(row), weights)


def by_lexicon(_rows: Sequence[Row] = ()) -> Judge:
    """Return a judge that learned nothing: each table counts 1 by its sign, the title twice."""
    worth = {"title": 2.0, "lead": 1.0, "rest": 0.5}

    def judge(row: Row) -> float:
        total = -4.0
        for feature in features_of(row):
            place, _, name = feature.partition(":")
            if place in worth and (name in evidence.signs() or "+" in name):
                total += worth[place] * sign_of(feature) * (1.5 if name[:4] == "not-" else 0.7)
        return _squashed(total)

    return judge


def as_toml(weights: Mapping[str, float]) -> str:
    """Return the weights as the text of the file."""
    lines = [
        "# How much each piece of evidence moves the score: written by",
        "# `python -m bench.quality.train`, from labelled rows that are not kept here.",
        '# "title:ban": the table "ban" of relevance.toml was found in the title; "lead" is the',
        '# first sentences, "rest" what follows; "export+act": both in one sentence.',
        "# Positive speaks for news, negative against; a step of 1 is odds of nearly 3 to 1.",
        "",
        f"bias = {weights['bias']:.3f}",
        "",
        "[weights]",
    ]
    shown = sorted(name for name, w in weights.items() if name != "bias" and abs(w) >= 0.005)
    return "\n".join([*lines, *(f'"{name}" = {weights[name]:.3f}' for name in shown)]) + "\n"


def main() -> None:
    rows = [row for path in sys.argv[1:] for row in rows_of(Path(path))]
    if not rows:
        sys.exit("Name a corpus: python -m bench.quality.train ../shared/corpus/dev.jsonl")
    rows += rows_of(HARD)
    TARGET.write_text(as_toml(fit(rows)), encoding="utf-8")
    print(f"Wrote {TARGET} from {len(rows)} rows.")


if __name__ == "__main__":
    main()
