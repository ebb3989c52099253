"""How a source does: tables of what each answer and each failure makes of its state."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.condition import describe, notice
from bot.errors import FetchError, GoneError, RefusedError, ShapeError, WaitError
from bot.health import Answer, after_failure, after_success
from bot.model import Health, SourceState
from tests.builders import NOON, row

ROW = row(every=timedelta(minutes=10), cadence=timedelta(days=4))
WELL = SourceState(
    name="harbour",
    health=Health.OK,
    baselined=True,
    checked=NOON,
    succeeded=NOON,
    newest=NOON - timedelta(days=2),
    held=50,
    day=NOON.date(),
)
DOWN = FetchError("news.example answered 502, which is no page")


def low():
    return 0.0


def high():
    return 0.999


def failed(error, *hours, state=WELL, source=ROW):
    """Return the state after `error` at each of `hours` from noon on."""
    for hour in hours:
        state = after_failure(state, error, source, NOON + timedelta(hours=hour), low)
    return state


def succeeded(state=WELL, source=ROW, now=NOON, entries: int | None = 50, new=0, **told):
    answer = None if entries is None else Answer(entries, **told)
    return after_success(state, source, now, answer, new=new)


# -- success --------------------------------------------------------------------------------------


def test_a_good_answer_clears_all_trouble():
    state = succeeded(failed(DOWN, 1, 2, 3), now=NOON + timedelta(hours=4))

    assert state.health is Health.OK
    assert (state.failures, state.alike, state.trouble, state.error) == (0, 0, "", "")
    assert state.not_before is None
    assert state.since is None
    assert state.succeeded == NOON + timedelta(hours=4)


@pytest.mark.parametrize("before", [Health.BLOCKED, Health.SUSPENDED, Health.SILENT, Health.NEW])
def test_a_good_answer_ends_every_state(before):
    assert succeeded(replace(WELL, health=before)).health is Health.OK


@pytest.mark.parametrize(
    ("entries", "held", "damaged", "expected"),
    [
        (0, 50, True, Health.DEGRADED),
        (0, 0, True, Health.OK),  # it never held any
        (0, 50, False, Health.OK),  # its kind finds an empty answer normal
        (7, 50, False, Health.OK),
        (7, 0, True, Health.DEGRADED),
    ],
    ids=["emptied", "always empty", "may be empty", "flawed", "broken"],
)
def test_a_damaged_list_is_shown_and_a_remark_alone_is_not(entries, held, damaged, expected):
    state = succeeded(
        replace(WELL, held=held), entries=entries, flaws=("a remark",), damaged=damaged
    )

    assert state.health is expected
    assert state.error == "a remark"
    assert state.held == (entries or held)


def test_unchanged_keeps_what_the_last_whole_answer_looked_like():
    emptied = succeeded(entries=0, flaws=("holds no entry",), damaged=True)

    unchanged = succeeded(emptied, entries=None)
    refilled = succeeded(unchanged, entries=9)

    assert (unchanged.health, unchanged.error) == (Health.DEGRADED, "holds no entry")
    assert (refilled.health, refilled.error) == (Health.OK, "")


def test_unchanged_after_failures_is_well():
    assert succeeded(failed(DOWN, 1, 2, 3, 4), entries=None).health is Health.OK


@pytest.mark.parametrize(
    ("age", "cadence", "expected"),
    [
        (timedelta(days=4), timedelta(days=4), Health.OK),
        (timedelta(days=4, seconds=1), timedelta(days=4), Health.SILENT),
        (timedelta(days=900), None, Health.OK),
        (None, timedelta(days=4), Health.OK),  # it dates nothing: no age to judge
    ],
)
def test_silent_is_longer_than_its_cadence(age, cadence, expected):
    newest = NOON - age if age is not None else None
    state = replace(WELL, newest=newest)

    assert succeeded(state, row(cadence=cadence)).health is expected


def test_counts_are_of_the_day():
    state = WELL
    for hour in (1, 2, 3):
        state = succeeded(state, now=NOON + timedelta(hours=hour), new=2)
    assert (state.checks_today, state.items_today) == (3, 6)

    state = failed(DOWN, 5, state=state)
    assert (state.checks_today, state.items_today) == (4, 6)

    state = succeeded(state, now=NOON + timedelta(hours=12), new=1)
    assert (state.checks_today, state.items_today) == (1, 1)


# -- failure --------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [DOWN, WaitError("later"), ShapeError("odd"), GoneError("gone")])
def test_one_failure_degrades_and_keeps_what_we_had(error):
    state = failed(error, 1)

    assert state.health is Health.DEGRADED
    assert state.error == str(error)
    assert (state.cursor, state.newest, state.succeeded, state.held) == (
        WELL.cursor,
        WELL.newest,
        WELL.succeeded,
        WELL.held,
    )


@pytest.mark.parametrize(
    ("error", "hours", "expected"),
    [
        (RefusedError("captcha"), (0, 1), Health.DEGRADED),
        (RefusedError("captcha"), (0, 1, 2), Health.BLOCKED),
        (GoneError("gone", 410), (0, 23), Health.DEGRADED),
        (GoneError("gone", 410), (24,), Health.DEGRADED),
        (GoneError("gone", 410), (0, 24), Health.SUSPENDED),
        (GoneError("not found", 404), (0, 24, 24 * 13), Health.DEGRADED),
        (GoneError("not found", 404), (0, 24 * 14), Health.SUSPENDED),
        (DOWN, (0, 24 * 14, 24 * 40), Health.DEGRADED),
        (ShapeError("odd"), range(0, 99, 3), Health.DEGRADED),
    ],
)
def test_what_lasts_is_named(error, hours, expected):
    assert failed(error, *hours).health is expected


def test_another_trouble_in_between_starts_the_count_anew():
    refused = RefusedError("captcha")
    state = failed(refused, 2, 3, state=failed(DOWN, 1, state=failed(refused, 0)))
    gone = failed(GoneError("x", 410), 25, state=failed(GoneError("x", 404), 0))

    assert state.health is Health.DEGRADED
    assert gone.health is Health.DEGRADED


def test_blocked_and_suspended_last_until_a_good_answer():
    blocked = failed(RefusedError("captcha"), 0, 1, 2)

    assert failed(DOWN, 3, 4, state=blocked).health is Health.BLOCKED


# -- when to ask again ----------------------------------------------------------------------------


def pause(error, failures, rng=low, every=timedelta(minutes=10)):
    state = replace(WELL, failures=failures - 1)
    after = after_failure(state, error, row(every=every), NOON, rng)
    return (after.not_before or NOON) - NOON


@pytest.mark.parametrize(
    ("failures", "least", "most"),
    [(1, 5, 10), (2, 10, 20), (3, 20, 40), (4, 40, 80), (5, 60, 120), (99, 60, 120),
     (100_000, 60, 120)],
)  # fmt: skip
def test_pauses_double_up_to_two_hours_and_spread_upward(failures, least, most):
    """The first failure costs no poll: its pause is over when the next one is due."""
    assert pause(DOWN, failures) == timedelta(minutes=least)
    assert timedelta(minutes=most * 0.99) < pause(DOWN, failures, high) <= timedelta(minutes=most)


@pytest.mark.parametrize(
    ("error", "most"),
    [(GoneError("x"), 24), (RefusedError("x"), 6), (ShapeError("x"), 2), (DOWN, 2)],
)
def test_the_longest_pause_fits_the_trouble(error, most):
    assert timedelta(hours=most * 0.99) < pause(error, 50, high) <= timedelta(hours=most)


def test_a_slow_source_is_never_asked_faster_for_failing():
    assert pause(DOWN, 50, low, every=timedelta(days=1)) == timedelta(hours=12)
    assert pause(DOWN, 1, low, every=timedelta(days=1)) == timedelta(hours=12)


@pytest.mark.parametrize(
    ("wait", "least"),
    [
        (timedelta(minutes=45), timedelta(minutes=45)),
        (timedelta(seconds=1), timedelta(minutes=5)),
        (None, timedelta(minutes=5)),
        (timedelta(days=400), timedelta(hours=24)),
    ],
)
def test_the_servers_wish_is_a_floor(wait, least):
    assert pause(WaitError("later", wait), 1) == least


def test_a_suspended_source_is_asked_once_a_week():
    gone = failed(GoneError("x", 410), 0, 24)

    assert gone.not_before == NOON + timedelta(days=8)


@given(
    failures=st.integers(1, 10_000),
    wait=st.none() | st.timedeltas(timedelta(), timedelta(days=30)),
    minutes=st.integers(1, 10_000),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_no_poll_before_the_servers_wish_and_none_later_than_a_day_or_an_interval(
    failures, wait, minutes, chance
):
    every = timedelta(minutes=minutes)

    span = pause(WaitError("later", wait), failures, lambda: chance, every)

    assert span >= min(wait or timedelta(), timedelta(hours=24))
    assert timedelta() < span <= max(every, timedelta(hours=24))


# -- notices --------------------------------------------------------------------------------------


def told(*errors, state=WELL):
    """Return the notices of a run of failures (None: a good answer), an hour apart."""
    notices = []
    for hour, error in enumerate(errors, 1):
        now = NOON + timedelta(hours=hour)
        if error is None:
            after = succeeded(state, now=now)
        else:
            after = after_failure(state, error, ROW, now, low)
        notices.append(notice(state, after))
        state = after
    return notices


def test_a_hiccup_is_no_news():
    assert told(DOWN, DOWN, None, DOWN, None) == [None] * 5


def test_a_lasting_trouble_is_told_once_and_its_end_once():
    notices = told(DOWN, DOWN, DOWN, DOWN, DOWN, None, None)

    assert [bool(each) for each in notices] == [False, False, True, False, False, True, False]
    assert "harbour is degraded: news.example answered 502" in notices[2]
    assert notices[5] == "Source harbour is well again."


def test_each_change_is_told_with_what_to_do():
    notices = told(*[RefusedError("news.example refuses us (403)")] * 4, None)

    assert [bool(each) for each in notices] == [False, False, True, False, True]
    assert "blocked: news.example refuses us (403)" in notices[2]
    assert "enabled = false" in notices[2]


def test_the_first_good_answer_is_no_news():
    new = SourceState(name="harbour")

    assert notice(new, succeeded(new)) is None


@pytest.mark.parametrize(
    ("health", "words"),
    [
        (Health.SILENT, "nothing for longer than is usual"),
        (Health.SUSPENDED, "once a week"),
        (Health.BLOCKED, "proxy"),
    ],
)
def test_advice_fits_the_state(health, words):
    assert words in (notice(WELL, replace(WELL, health=health)) or "")


def test_a_question_is_followed_by_no_full_stop():
    asked = replace(WELL, health=Health.BLOCKED, error="there is no list: did the API change?")

    assert "did the API change? Open its address" in (notice(WELL, asked) or "")


# -- the line of /sources -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "source", "line"),
    [
        (
            replace(WELL, checks_today=288),
            ROW,
            (
                "ok  checked 288 times today, nothing new · newest 2 days old (usual pause: up to"
                " 4 days) · next in 5 min"
            ),
        ),
        (
            replace(WELL, checks_today=1, items_today=3, newest=None),
            row(every=timedelta(minutes=10)),
            "ok  checked once today, 3 new · next in 5 min",
        ),
        (
            replace(WELL, checks_today=2, error="one entry has no date", newest=None),
            row(every=timedelta(hours=1), hours="09:00-18:00", zone="Asia/Tokyo"),
            (
                "ok  one entry has no date · checked 2 times today, nothing new"
                " · next in 55 min, within 09:00-18:00 Asia/Tokyo"
            ),
        ),
        (SourceState(name="harbour"), ROW, "new  not checked yet"),
        (WELL, row(enabled=False, why_off="the site is closed"), "off  the site is closed"),
    ],
    ids=["quiet", "new items", "remark and hours", "new", "off"],
)
def test_a_line_says_how_a_source_does(state, source, line):
    assert describe(state, source, NOON + timedelta(minutes=5)) == line


def test_a_line_says_what_is_wrong_since_when_and_what_comes_next():
    state = failed(DOWN, 1, 2, 3)

    line = describe(state, ROW, NOON + timedelta(hours=3, minutes=5))

    assert line == (
        "degraded  news.example answered 502, which is no page (3 times in a row, first 2 h ago)"
        " · last good answer 3 h ago · checked 3 times today, nothing new"
        " · newest 2 days old (usual pause: up to 4 days) · next in 15 min"
    )


def test_a_source_that_never_answered_says_so():
    state = failed(DOWN, 1, state=SourceState(name="harbour"))

    line = describe(state, ROW, NOON + timedelta(days=1, hours=2))

    assert "never a good answer · not checked today" in line
    assert line.endswith("next in 0 min")
