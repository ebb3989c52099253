"""The sample wire holds what the demo is to show, tells it consistently, and plays in order."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cluster import Stories
from bot.demo.dialects import DIALECTS
from bot.demo.reel import Reel
from bot.demo.wire import LONGEST_LIST, Role, load, slug_of
from bot.stream import item_of, said

WIRE = load()
NOON = datetime(2025, 6, 19, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def of_story(slug):
    return [piece for piece in WIRE.pieces if piece.story == slug]


def test_holds_enough_of_everything():
    """The demo's promise: 60 items, 12 sources, every dialect, four languages, several days."""
    assert len(WIRE.news) >= 64
    assert len({piece.outlet for piece in WIRE.news}) >= 13
    assert {outlet.dialect for outlet in WIRE.outlets.values()} == set(DIALECTS)
    assert {piece.lang for piece in WIRE.news} == {"en", "zh", "ja", "de"}
    assert len({piece.published.date() for piece in WIRE.news}) >= 5


def test_holds_what_fools_filters():
    roles = Counter(piece.role for piece in WIRE.news)

    assert roles[Role.NEAR_MISS] >= 12
    assert roles[Role.UNRELATED] >= 4
    assert roles[Role.FOLLOW_UP] >= 2


def test_a_subscriber_to_rare_earths_is_told_a_readable_number_of_stories():
    told = [e for e in WIRE.events.values() if "rare-earth" in e.topics and not e.archive]
    copies = [p for event in told for p in of_story(event.slug) if p.role is Role.COPY]

    assert 8 <= len(told) <= 14
    assert len(copies) >= 15


@pytest.mark.parametrize("event", WIRE.events.values(), ids=lambda event: event.slug)
def test_a_story_has_one_first_item_and_it_is_the_oldest(event):
    pieces = of_story(event.slug)

    assert [piece.role for piece in pieces].count(Role.FIRST) == 1
    assert pieces[0].role is Role.FIRST
    assert event.archive == (pieces[-1].published < WIRE.begins)


@pytest.mark.parametrize("piece", WIRE.pieces, ids=lambda piece: f"{piece.outlet}-{piece.key}")
def test_an_item_is_whole(piece):
    """What is not news belongs to no story; a register's document has a number."""
    assert piece.relevant == (piece.role in {Role.FIRST, Role.COPY, Role.FOLLOW_UP})
    assert not piece.story or piece.story in WIRE.events
    assert piece.title
    assert all(piece.paragraphs)
    assert bool(piece.number) == (WIRE.outlets[piece.outlet].dialect == "register")


@pytest.mark.parametrize("outlet", WIRE.outlets.values(), ids=lambda outlet: outlet.slug)
def test_an_outlet_names_its_items_apart_and_can_write_them(outlet):
    """A key or address that two items share would be one item; a list always holds something."""
    pieces = [piece for piece in WIRE.pieces if piece.outlet == outlet.slug]
    now = WIRE.pieces[-1].published

    assert len({piece.key for piece in pieces}) == len(pieces)
    assert len({piece.path for piece in pieces}) == len(pieces)
    assert len(pieces) <= LONGEST_LIST
    assert WIRE.listed(outlet, WIRE.begins)
    assert WIRE.listed(outlet, now) == tuple(reversed(pieces))
    assert outlet.host.endswith(".example")
    if outlet.charset in {"gb18030", "shift_jis"}:  # German names its foreigners by reference
        assert "".join(piece.title + piece.text for piece in pieces).encode(outlet.charset)


def test_the_article_of_the_card_is_there_in_every_language():
    pieces = of_story("approvals-june")
    card = next(piece for piece in pieces if WIRE.outlets[piece.outlet].dialect == "wordpress")

    assert card.title == "China approves some rare earth export licences, commerce ministry says"
    assert {piece.lang for piece in pieces} == {"en", "zh", "ja", "de"}


def test_an_article_is_found_from_its_publication_on():
    piece = WIRE.news[0]
    outlet = WIRE.outlets[piece.outlet]

    assert WIRE.found(outlet, piece.path, piece.published) == piece
    assert WIRE.found(outlet, piece.path, piece.published - MINUTE) is None


def test_a_title_becomes_an_address():
    assert slug_of("China's Größe: 5% of it") == "chinas-groe-5-of-it"


def test_a_reel_plays_a_rest_after_each_moment_and_cuts_what_lies_between():
    reel = Reel.of(NOON, [NOON + 10 * MINUTE], MINUTE)

    assert reel.length == 2 * MINUTE
    assert reel.at(MINUTE / 2) == NOON + MINUTE / 2
    assert reel.at(MINUTE * 3 / 2) == NOON + MINUTE * 21 / 2
    assert reel.at(5 * MINUTE) == NOON + 14 * MINUTE


@given(
    st.lists(st.integers(0, 3_000), max_size=20),
    st.lists(st.integers(0, 5_000), min_size=2, max_size=20),
)
def test_a_reel_never_runs_back_and_shows_each_moment(moments, played):
    """Law: the clock is monotonic, no slower than what is played, and stops at each moment."""
    rest = timedelta(seconds=90)
    reel = Reel.of(NOON, [NOON + timedelta(seconds=s) for s in moments], rest)

    for earlier, later in pairwise(sorted(played)):
        step = reel.at(timedelta(seconds=later)) - reel.at(timedelta(seconds=earlier))
        assert step >= timedelta(seconds=later - earlier)
    for second in moments:
        moment = NOON + timedelta(seconds=second)
        assert any(start <= moment and moment + rest <= end for start, end in reel.stretches)


def test_the_bot_tells_the_wire_s_events_apart():
    """As a newcomer sees it: no two events in one story, and no event in many."""
    stories, events, told = Stories(), defaultdict(set), defaultdict(set)
    for number, piece in enumerate(sorted(WIRE.pieces, key=lambda piece: piece.published)):
        row = {"id": number, "title": piece.title, "text": piece.text, "lang": piece.lang}
        host = WIRE.outlets[piece.outlet].host
        row |= {"url": f"https://{host}/{number}", "published": piece.published.isoformat()}
        story = said(item_of(row), stories)["story"]
        if piece.story and story:
            events[story].add(piece.story)
            told[piece.story].add(story)

    assert [found for found in events.values() if len(found) > 1] in ([], [PAUSE])
    assert sum(map(len, told.values())) <= 1.1 * len(told)


PAUSE = {"announcement-70", "eu-suspension-covers"}
"""That the pause holds for the EU as well is told as an update of it."""
