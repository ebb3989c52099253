"""What simpler bots would say of the same rows: a keyword filter, and TF-IDF."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import log, sqrt

from bench.quality.rows import Judge, Row, scored

KEYWORDS = (
    "export control",
    "export ban",
    "export restriction",
    "export curb",
    "export licen",
    "entity list",
    "出口管制",
    "出口许可",
    "出口禁",
    "輸出規制",
    "輸出管理",
    "輸出許可",
    "수출 통제",
    "수출통제",
    "수출 규제",
    "exportkontroll",
    "exportbeschränk",
    "ausfuhrverbot",
    "contrôle des exportations",
    "restrictions à l'exportation",
    "control de exportaciones",
    "controles de exportación",
    "экспортн",
    "запрет на экспорт",
    "rare earth",
    "稀土",
    "レアアース",
    "희토류",
)
_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

Vector = Mapping[str, float]


def by_keyword(_rows: Sequence[Row] = ()) -> Judge:
    """Return a judge that looks for any of a list of words, as alert services do."""
    return lambda row: float(any(word in _plain(row) for word in KEYWORDS))


def by_tfidf(rows: Sequence[Row]) -> Judge:
    """Return a judge that asks whether news or other texts of `rows` are nearer, by TF-IDF."""
    weigh = weigher(rows)
    news = _sum(weigh(row) for row in rows if scored(row) and row["relevant"])
    rest = _sum(weigh(row) for row in rows if scored(row) and not row["relevant"])

    def judge(row: Row) -> float:
        vector = weigh(row)
        near, far = cosine(vector, news), cosine(vector, rest)
        return near / (near + far) if near + far else 0.0

    return judge


def tfidf_stories(rows: Sequence[Row], threshold: float) -> dict[str, str]:
    """Return the story of each row: that of the first earlier row that is near enough."""
    weigh = weigher(rows)
    seen: list[tuple[Vector, str]] = []
    placed: dict[str, str] = {}
    for row in rows:
        vector = weigh(row)
        best = max(((cosine(vector, v), s) for v, s in seen), default=(0.0, ""))
        placed[row["id"]] = best[1] if best[0] >= threshold else row["id"]
        seen.append((vector, placed[row["id"]]))
    return placed


def weigher(rows: Sequence[Row]) -> Callable[[Row], Vector]:
    """Return what turns a row into a TF-IDF vector of length 1."""
    spread = Counter(token for row in rows for token in set(_tokens(row)))

    def weigh(row: Row) -> Vector:
        counts = Counter(_tokens(row))
        vector = {t: n * log((1 + len(rows)) / (1 + spread[t])) for t, n in counts.items()}
        length = sqrt(sum(value**2 for value in vector.values())) or 1.0
        return {token: value / length for token, value in vector.items()}

    return weigh


def cosine(left: Vector, right: Vector) -> float:
    """Return the cosine of two vectors, of which the left has length 1."""
    length = sqrt(sum(value**2 for value in right.values())) or 1.0
    return sum(value * right.get(token, 0.0) for token, value in left.items()) / length


def _sum(vectors: Iterable[Vector]) -> Vector:
    total: defaultdict[str, float] = defaultdict(float)
    for vector in vectors:
        for token, value in vector.items():
            total[token] += value
    return total


def _plain(row: Row) -> str:
    return unicodedata.normalize("NFKC", f"{row['title']} {row.get('text') or ''}").casefold()


def _tokens(row: Row) -> list[str]:
    """Return words, and pairs of signs where a language writes no spaces."""
    found: list[str] = []
    for word in _WORD.findall(_plain(row)):
        wide = _WIDE.search(word)
        found += [word[i : i + 2] for i in range(len(word) - 1)] if wide else [word]
    return found
