"""The quality bench on our own rows: what it prints, and floors for the facts of each language."""

from pathlib import Path

import pytest

from bench.quality import figures, wrong
from bench.quality.__main__ import main
from bench.quality.rows import LANGUAGES, rows_of
from bot.classify.label import label_of
from bot.cluster import Stories
from bot.stream import item_of, said

HERE = Path(__file__).parent
BENCH = HERE.parent / "bench" / "quality"
ROWS = rows_of(HERE / "data" / "labelled.jsonl")


@pytest.fixture(scope="module")
def told():
    """Each row by itself: they are no stream, and a story would lend its facts to another."""
    return {row["id"]: said(item_of(row), Stories()) for row in ROWS}


def test_floors_of_all_rows(told):
    """Below what is reached, so that a lexicon edited by hand loses little unnoticed."""
    found = figures.facts(ROWS, told)

    assert found["action"] >= 0.8
    assert found["direction"] >= 0.92
    assert found["flipped"] <= 0.02
    assert found["issuer"] >= 0.95


@pytest.mark.parametrize("lang", LANGUAGES)
def test_floors_in_each_language(told, lang):
    found = figures.facts([row for row in ROWS if row["lang"] == lang], told)

    assert found["action"] >= 0.7
    assert found["direction"] >= 0.8
    assert found["issuer"] >= 0.85


@pytest.mark.parametrize(
    ("name", "action", "direction", "flipped"),
    [("hard.jsonl", 0.66, 0.84, 0.03), ("actions.jsonl", 0.83, 0.94, 0.015)],
)
def test_floors_of_the_rows_that_the_bench_learns_from(name, action, direction, flipped):
    """Oblique wording, and the wording of newsrooms in each language: what is done, which way."""
    rows = [row for row in rows_of(BENCH / name) if row.get("action")]
    told = {row["id"]: _judged(row) for row in rows}
    found = figures.facts(rows, told)

    assert found["action"] >= action
    assert found["direction"] >= direction
    assert found["flipped"] <= flipped


def _judged(row):
    label = label_of(item_of(row), threshold=0.0)
    return {
        "relevant": True,
        "action": label.action,
        "direction": str(label.direction),
        "issuer": list(label.issuers),
    }


def test_what_one_report_leaves_open_is_told_as_its_story_knows_it():
    """The bot alerts on a story: its labels are those of the event so far."""
    first = {
        "id": "1",
        "title": "China bans exports of antimony to the United States",
        "seen": "2025-03-03T08:00:00+00:00",
    }
    vague = {
        "id": "2",
        "title": "China antimony move: export controls hit US buyers",
        "seen": "2025-03-03T10:00:00+00:00",
    }
    stories = Stories()
    one, other = (said(item_of(row), stories, explained=True) for row in (first, vague))

    assert other["story"] == one["story"]
    assert (one["action"], other["action"]) == ("ban", "ban")
    assert said(item_of(vague), Stories())["action"] != "ban"
    assert isinstance(other["explain"], list)
    assert other["explain"][-1].startswith("Told as: China · bans exports")


def test_a_report_that_names_no_goods_is_told_with_those_of_its_story():
    titles = (
        "China bans exports of antimony to the United States",
        "China's ban on exports of antimony to the United States takes effect",
        "China bans exports of the metal to the United States",
    )
    hours = [f"2025-03-03T{hour:02}:00:00+00:00" for hour in range(8, 11)]
    rows = [
        {"id": hour, "title": title, "seen": hour, "outlet": f"{hour[11:13]}.example"}
        for title, hour in zip(titles, hours, strict=True)
    ]
    stories = Stories()
    first, _, vague = (said(item_of(row), stories) for row in rows)

    assert first["story"] == vague["story"]
    assert vague["topics"] == ["antimony", "critical-minerals"]


def test_the_worst_misses_name_what_was_turned_and_merged():
    gold = {"relevant": True, "lang": "en", "title": "A title", "direction": "ease", "issuer": "CN"}
    rows = [gold | {"id": name, "story": f"event{name}"} for name in "01"]
    made = {"relevant": True, "direction": "restrict", "issuer": ["CN"], "story": "A7F3"}
    by_id = dict.fromkeys("01", made)

    assert list(wrong.facts(rows, by_id, 1)) == ["turned restrict 0 en A title"]
    assert list(wrong.stories(rows, by_id, 9)) == ["merged A7F3: event0, event1"]


def test_one_command_scores_a_corpus(tmp_path, capsys):
    """Every table is there: relevance beside the baselines, languages, stories, misses."""
    some = tmp_path / "rows.jsonl"
    lines = (HERE / "data" / "events.jsonl").read_text("utf-8").splitlines()[:12]
    lines += (HERE / "data" / "labelled.jsonl").read_text("utf-8").splitlines()[-12:]
    some.write_text("\n".join(lines), "utf-8")

    main([str(some)])

    out = capsys.readouterr().out
    for word in ("as installed", "TF-IDF", "keywords", "language", "flipped", "stories", "judged"):
        assert word in out
