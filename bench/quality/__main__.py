"""Score a labelled corpus, beside what simpler bots would say of it.

    python -m bench.quality ../shared/corpus/dev.jsonl [--misses 20]

Prints relevance for the bot as it is, for the bot trained without the rows it judges
(folds by story), for the lexicon without weights, and for two baselines; then tables per
language of relevance, topics and facts, stories, and the worst misses of each kind.
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from bench.quality import baselines, figures, wrong
from bench.quality.rows import LANGUAGES, Row, crossed, judged, rows_of, scored
from bench.quality.train import by_lexicon, trained
from bot.classify import classify
from bot.classify.relevance import DEFAULT_THRESHOLD
from bot.cluster import Stories
from bot.stream import item_of, said

_FACTS = ("action", "direction", "flipped", "issuer")
THRESHOLDS = tuple(n / 20 for n in range(3, 13))


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--misses", type=int, default=15, help="how many of the worst to list")
    args = parser.parse_args(given)
    rows = rows_of(args.corpus)
    ours = judged(rows, lambda row: classify(row["title"], row.get("text") or "").score)
    held_out = crossed(rows, trained)
    compare(rows, ours, held_out)
    by_language(rows, ours, held_out)
    labels(rows, args.misses)
    misses(rows, ours, args.misses)


def compare(rows: Sequence[Row], ours: Mapping[str, float], held_out: Mapping[str, float]) -> None:
    """Print one line of relevance for each way to judge."""
    print(
        f"{'relevance':34} {'precision':>9} {'recall':>7} {'F1':>6} {'near-misses let through':>24}"
    )
    for name, scores in (
        ("as installed", ours),
        ("trained on other stories (5 folds)", held_out),
        ("lexicon without weights", judged(rows, by_lexicon())),
        ("TF-IDF (5 folds)", crossed(rows, baselines.by_tfidf)),
        ("keywords", judged(rows, baselines.by_keyword())),
    ):
        f = figures.relevance(rows, partial(_news, scores))
        print(f"{name:34} {f.precision:9.3f} {f.recall:7.3f} {f.f1:6.3f} {f.let_through:24.3f}")


def by_language(
    rows: Sequence[Row], ours: Mapping[str, float], held_out: Mapping[str, float]
) -> None:
    """Print relevance in each language, as installed and across folds."""
    print(
        f"\n{'language':9} {'rows':>5} {'precision':>9} {'recall':>7} {'F1':>6} {'F1, 5 folds':>12}"
    )
    for lang in LANGUAGES:
        some = [row for row in rows if row["lang"] == lang and scored(row)]
        f = figures.relevance(some, partial(_news, ours))
        g = figures.relevance(some, partial(_news, held_out))
        print(f"{lang:9} {len(some):5} {f.precision:9.3f} {f.recall:7.3f} {f.f1:6.3f} {g.f1:12.3f}")


def labels(rows: Sequence[Row], most: int) -> None:
    """Print topics and facts in each language, stories beside TF-IDF at its best, and misses."""
    told, kept = {}, Stories()
    for row in rows:
        told[row["id"]] = said(item_of(row), kept)
    print(f"\n{'language':9} {'topics F1':>9} " + " ".join(f"{name:>9}" for name in _FACTS))
    for lang in (*LANGUAGES, "all"):
        some = [row for row in rows if lang in (row["lang"], "all")]
        f = figures.facts(some, told)
        values = " ".join(f"{f[name]:9.3f}" for name in _FACTS)
        print(f"{lang:9} {figures.topics(some, told):9.3f} {values}")
    told_apart(rows, told)
    for line in (*wrong.facts(rows, told, most), *wrong.stories(rows, told, most)):
        print(line)


def told_apart(rows: Sequence[Row], told: figures.Said) -> None:
    """Print how well stories are told apart, where the corpus says."""
    news = [row for row in rows if row["relevant"] and row.get("story")]
    if not news:
        return
    ours = {key: str(value["story"]) for key, value in told.items() if value["relevant"]}
    tries = [figures.stories(rows, baselines.tfidf_stories(news, t)) for t in THRESHOLDS]
    best = max(tries, key=lambda f: f["b-cubed"])
    print("\nstories  " + _line(figures.stories(rows, ours)))
    print("TF-IDF   " + _line(best) + "  (told which rows are news)\n")


def misses(rows: Sequence[Row], ours: Mapping[str, float], most: int) -> None:
    """Print the rows judged most wrongly."""
    wrong = [
        (abs(ours[row["id"]] - row["relevant"]), row)
        for row in rows
        if scored(row) and (ours[row["id"]] >= DEFAULT_THRESHOLD) != row["relevant"]
    ]
    print(f"\n{len(wrong)} judged wrongly" + (", the worst first:" if wrong else "."))
    for _, row in sorted(wrong, key=lambda entry: (-entry[0], entry[1]["id"]))[:most]:
        what = "missed" if row["relevant"] else "let in"
        print(f"{what} {ours[row['id']]:.2f} {row['id']} {row['lang']} {row['title'][:90]}")


def _news(scores: Mapping[str, float], row: Row) -> bool:
    return scores[row["id"]] >= DEFAULT_THRESHOLD


def _line(found: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in found.items())


if __name__ == "__main__":
    main()
