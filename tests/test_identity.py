"""Feeds' habits give no false news and lose none: a day of polls for each habit."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.identity import canonical_url, flood, fresh, keys_of, told_apart
from tests.builders import NOON, entry, row

ROW = row(url="https://news.example/feed")
POLLS = 288


@pytest.mark.parametrize(
    "same",
    [
        [
            "https://news.example/a/1",
            "http://www.news.example/a/1/",
            "https://m.news.example/a/1#top",
        ],
        ["https://news.example/a/1", "https://news.example/a/1?utm_source=x&fbclid=y"],
        [
            "https://news.example/a/1",
            "https://news.example/a/1/amp/",
            "https://amp.news.example/a/1",
        ],
        ["https://news.example/a/1", "https://news.example/a/1;jsessionid=4F2A?sid=9"],
        ["https://news.example/a?x=1&y=2", "https://news.example:443/a?y=2&x=1"],
        [
            "https://news.example/a/1",
            "http://www.bing.com/news/apiclick.aspx?tid=7&url=https%3a%2f%2fnews.example%2fa%2f1",
        ],
    ],
    ids=["host and fragment", "tracking", "amp", "session", "order and port", "wrapper"],
)
def test_spellings_of_one_address(same):
    assert len({canonical_url(url) for url in same}) == 1


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///x",
        "",
        "https://",
        "http://[bad",
        "http://a.b/" + "/amp" * 5000,
    ],
)
def test_what_is_no_web_address_is_none(url):
    assert canonical_url(url) == ""


SPELLINGS = st.lists(
    st.sampled_from(
        ["/", "amp", ".amp", " ", "#", "?", "a", "amp=1", ";jsessionid=4", ".amp.html"]
    ),
    max_size=9,
).map("".join)


@given(st.text(max_size=60) | SPELLINGS)
def test_canonical_addresses_are_stable(text):
    once = canonical_url(f"https://news.example/{text}")

    assert canonical_url(f"https://{once}") == once


@pytest.mark.parametrize("name", ["id", "cid", "from"])
def test_different_articles_stay_different(name):
    one, two = (canonical_url(f"https://n.example/a.php?{name}={n}") for n in (1001, 1002))

    assert one != two


def listed(count, at=NOON):
    return [
        entry(
            key=f"guid-{n}",
            url=f"https://news.example/story/{10_000 + n}",
            title=f"Headline number {n}",
            published=at - timedelta(hours=n),
        )
        for n in range(count)
    ]


def news(n):
    return entry(
        key=f"guid-new-{n}",
        url=f"https://news.example/story/{20_000 + n}",
        title=f"Fresh news {n}",
        published=NOON + timedelta(hours=4 * n),
    )


def churned(e, poll, at):
    return replace(e, key=f"{e.key}-{poll}")


def sessions(e, poll, at):
    return replace(e, url=f"{e.url}?sid={poll}x{at}", key=f"{e.url}?sid={poll}x{at}")


def constant_key(e, poll, at):
    return replace(e, key="42")


def no_key(e, poll, at):
    return replace(e, key="")


def index_links(e, poll, at):
    return replace(e, url="https://news.example/", key="")


def moved_host(e, poll, at):
    return (
        e
        if poll < 100
        else replace(e, url=e.url.replace("news.example", "new.example"), key=e.url + "x")
    )


def moved_path(e, poll, at):
    return (
        e if poll < 100 else replace(e, url=e.url.replace("/story/", "/archive/"), key=e.url + "x")
    )


def edited_title(e, poll, at):
    return replace(e, title=e.title + " (corrected)") if poll > 100 and at % 16 == 0 else e


def blanks(e, poll, at):
    return replace(e, title=e.title.replace(" ", "\u00a0 " if poll % 2 else " "), key="")


def feed_as_key(e, poll, at):
    return replace(e, key="https://news.example/feed")


HABITS = [
    feed_as_key,
    churned,
    sessions,
    constant_key,
    no_key,
    index_links,
    moved_host,
    moved_path,
    edited_title,
    blanks,
]


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
def test_a_day_of_polls_reports_the_news_once_and_nothing_else(habit):
    old, found = listed(50), []
    met: set[str] = set()
    for poll in range(POLLS):
        shown = [news(n) for n in range(5) if poll >= 48 * n + 1] + old
        told = [habit(e, poll, at) for at, e in enumerate(shown)]
        sightings = fresh(told, lambda keys: frozenset(met.intersection(keys)), ROW)
        met.update(key for sighting in sightings for key in sighting.keys)
        found += [sighting.entry.title for sighting in sightings] if poll else []

    assert sorted(title.replace("\u00a0", "").split(" (")[0] for title in found) == sorted(
        f"Fresh news {n}" for n in range(5)
    )


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
def test_a_feed_that_shows_its_latest_entry_alone_loses_none(habit):
    met: set[str] = set()
    found: list[str] = []
    for poll in range(POLLS):
        shown = [news(poll // 48)]
        told = [habit(e, poll, at) for at, e in enumerate(shown)]
        sightings = fresh(told, lambda keys: frozenset(met.intersection(keys)), ROW)
        met.update(key for sighting in sightings for key in sighting.keys)
        found += [sighting.entry.title for sighting in sightings]

    assert len(found) == 6


@pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.__name__)
def test_an_edit_is_noticed_once_and_no_habit_is_taken_for_one(habit):
    old, found = listed(50), []
    met: set[str] = set()

    def known(keys):
        return frozenset(met.intersection(keys))

    for poll in range(POLLS):
        told = [habit(e, poll, at) for at, e in enumerate(old)]
        new, edits = told_apart(told, known, ROW)
        met.update(key for sighting in (*new, *edits) for key in sighting.keys)
        found += [sighting.entry.title for sighting in edits]

    expected = [f"Headline number {n} (corrected)" for n in (0, 16, 32, 48)]
    assert found == (expected if habit is edited_title else [])


def test_one_title_for_many_issues_is_many_entries():
    issues = [
        entry(key=f"k{n}", url=f"https://news.example/bulletin/{n}", title="Weekly bulletin")
        for n in range(3)
    ]
    met = set(keys_of(issues[0], ROW))

    found = fresh(issues, lambda keys: frozenset(met.intersection(keys)), ROW)

    assert [s.entry.key for s in found] == ["k1", "k2"]


def test_an_official_number_is_the_same_in_every_source():
    first = keys_of(entry(documents=("us-fr-2025-05887",)), row(name="inspection"))
    second = keys_of(
        entry(documents=("us-fr-2025-05887",), url="https://other.example/x"), row(name="documents")
    )

    assert {key for key in first if key in second and key[0] != "v"} == {"d:us-fr-2025-05887"}


def test_a_short_undated_list_whose_links_change_each_time_is_not_new():
    """Neither date nor address says that they are the same: that all titles are known does."""
    known, counts = set[str](), []
    for visit in range(3):
        entries = [
            entry(key="", url=f"https://n.example/{n}?tkn=a{visit}z", title=f"Measure {n}")
            for n in range(8)
        ]
        found = fresh(entries, lambda keys: frozenset(known.intersection(keys)), row())
        known.update(key for sighting in found for key in sighting.keys)
        counts.append(len(found))

    assert counts == [8, 0, 0]


def test_an_entry_with_neither_title_nor_text_is_nothing():
    assert fresh([entry(title="", text="")], lambda keys: frozenset(), ROW) == ()


def test_a_dumped_archive_is_held_and_the_foundpart_of_it_is_not():
    sightings = fresh(
        [*listed(500, NOON - timedelta(days=30)), news(0)], lambda k: frozenset(), ROW
    )

    held = flood(sightings, len(sightings), NOON + timedelta(hours=1))

    assert len(held) == 500
    assert 500 not in held


def test_a_busy_morning_is_no_flood():
    sightings = fresh(listed(9), lambda keys: frozenset(), ROW)

    assert flood(sightings, 20, NOON + timedelta(days=9)) == frozenset()
