"""A labelled corpus: its rows, and folds that never split an event."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.demo.wire import load

Row = dict[str, Any]
LANGUAGES = ("en", "zh", "ja", "ko", "de", "fr", "es", "ru")
NEAR = ("near-miss", "evergreen")


def rows_of(path: Path) -> list[Row]:
    """Return the rows of a JSON-lines corpus."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def wire_rows() -> list[Row]:
    """Return the demo's items as rows: its events are dense neighbours."""
    wire = load()
    return [
        {
            "id": f"wire-{number}",
            "url": f"https://{wire.outlets[piece.outlet].host}/{number}",
            "lang": piece.lang,
            "published": piece.published.isoformat(),
            "title": piece.title,
            "text": piece.text,
            "relevant": piece.relevant,
            "story": piece.story,
        }
        for number, piece in enumerate(wire.pieces)
    ]


def scored(row: Row) -> bool:
    """Whether a row counts for relevance: borderline ones do not."""
    return not row.get("borderline")


def fold_of(row: Row, folds: int, salt: str = "") -> int:
    """Return the fold of a row: all rows of a story, or of an outlet's other news, share one."""
    key = row.get("story") or row.get("outlet") or row["id"]
    return int(hashlib.sha256(f"{salt}{key}".encode()).hexdigest(), 16) % folds


Judge = Callable[[Row], float]
"""Says how likely a row is news (0..1)."""


def crossed(
    rows: Sequence[Row], learn: Callable[[Sequence[Row]], Judge], folds: int = 5, salt: str = ""
) -> dict[str, float]:
    """Return each row's score by a judge that learned from the other folds only."""
    said: dict[str, float] = {}
    for fold in range(folds):
        judge = learn([row for row in rows if fold_of(row, folds, salt) != fold])
        held = (row for row in rows if fold_of(row, folds, salt) == fold)
        said |= {row["id"]: judge(row) for row in held}
    return said


def judged(rows: Iterable[Row], judge: Judge) -> dict[str, float]:
    """Return each row's score."""
    return {row["id"]: judge(row) for row in rows}
