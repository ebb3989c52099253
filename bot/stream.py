"""`exportwire classify`: JSON lines in, labels out, by the very code that the bot runs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TextIO
from urllib.parse import urlsplit

from bot.classify import classify, explain, gist
from bot.cluster import Stories
from bot.cluster.merge import in_title, topics_in
from bot.model import Item, ItemId, Label, Tier

LONGEST = 1_000_000  # bytes of a line
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def main(source: Iterable[bytes], out: TextIO, errors: TextIO, *, explain: bool = False) -> int:
    """Label every line; report bad ones by number. Returns 1 where there was one, else 0."""
    stories, bad = Stories(), 0
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            row = read(line)
            item = item_of(row)
        except ValueError as error:
            bad += 1
            errors.write(f"line {number}: {error}\n")
            continue
        told = {"id": row["id"], **said(item, stories, explained=explain)}
        out.write(json.dumps(told, ensure_ascii=False) + "\n")
        out.flush()
    return 1 if bad else 0


def read(line: bytes) -> Mapping[str, Any]:
    """Return the object on a line. Raises ValueError saying what is wrong with it."""
    if len(line) > LONGEST:
        raise ValueError(f"longer than {LONGEST} bytes")
    try:
        row = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise ValueError("not an object")  # noqa: TRY004  # a bad line, whatever is bad about it
    if not isinstance(row.get("id"), str | int) or isinstance(row["id"], bool):
        raise ValueError('"id" must be there, as text or a whole number')  # noqa: TRY004  # likewise
    if not isinstance(row.get("title"), str):
        raise ValueError('"title" must be there, as text')  # noqa: TRY004  # likewise
    return row


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number in JSON")


def item_of(row: Mapping[str, Any]) -> Item:
    """Return a line's object as an item; fields of the wrong type are a ValueError."""
    for name in ("text", "url", "outlet", "lang", "published", "seen"):
        if not isinstance(row.get(name) or "", str):
            raise ValueError(f'"{name}" must be text')  # noqa: TRY004  # a bad line, whatever is bad about it
    published = _instant(row, "published")
    seen = _instant(row, "seen") or published or EPOCH
    url = row.get("url") or ""
    return Item(
        id=ItemId(str(row["id"])),
        source="classify",
        url=url,
        title=row["title"],
        text=row.get("text") or "",
        lang=row.get("lang") or "",
        published=published,
        day_only=len(row.get("published") or "") == len("2025-06-19"),
        seen=seen,
        outlet=row.get("outlet") or urlsplit(url).hostname or "",
        tier=Tier.PRESS,
        keys=(str(row["id"]),),
    )


def _instant(row: Mapping[str, Any], name: str) -> datetime | None:
    text = row.get(name)
    if not text:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{name}" is not an ISO 8601 date: {text[:40]!r}') from None
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)


def said(item: Item, stories: Stories, *, explained: bool = False) -> dict[str, object]:
    """Return what is printed of an item; a relevant one is put into its story.

    As in an alert, the facts are those of the story so far: where one report is vague, those
    before it may have said what is done, to what and by whom. Topics are its own, and those that
    most reports name: one of many may tell of other goods besides.
    """
    label = classify(
        item.title,
        item.text,
        lang=item.lang,
        url=item.url,
        outlet=item.outlet,
        published=item.published or (item.seen if item.seen > EPOCH else None),
        tier=item.tier,
    )
    known, story, why = label, None, explain(label)
    if label.relevant:
        placement = stories.place(item, label)
        stories.put(placement.story)
        known, story = placement.story.label, placement.story.id
        why = (*why, placement.reason, f"Told as: {gist(known)}.")
        topics = topics_in(placement.story, label.topics, in_title(label, item.title))
        known = replace(known, topics=topics, issuers=_speaker(label, known))
    told = {"relevant": label.relevant, "score": round(label.score, 4), **_facts(known)}
    return told | {"story": story} | ({"explain": list(why)} if explained else {})


def _speaker(label: Label, known: Label) -> tuple[str, ...]:
    """Return who acts by the story, or who speaks where a report tells what is said of it."""
    return label.issuers if label.action == "statement" and label.issuers else known.issuers


def _facts(label: Label) -> dict[str, object]:
    return {
        "topics": list(label.topics),
        "issuer": list(label.issuers),
        "targets": list(label.targets),
        "action": label.action,
        "direction": str(label.direction),
    }
