"""A broadcast by the real process; in full size: `python -m bench.broadcast`."""

from collections import Counter

from tests.broadcasts import FIRST, SECOND, playing, until
from tests.servers.windows import BUSY


async def test_a_broadcast_keeps_the_pace_answers_commands_and_outlasts_a_stop(tmp_path):
    """Each chat has each event exactly once; a command is answered while others still wait."""
    async with playing(tmp_path, 40, 8, BUSY) as play:
        play.news.news.append(FIRST)
        await until(lambda: play.missing(FIRST) < 48, "the first alerts")
        await play.asked()
        assert play.missing(FIRST)
        await until(lambda: not play.missing(FIRST), "the alerts")

        play.news.news.append(SECOND)
        await until(lambda: play.missing(SECOND) < 48, "the first alerts of the second event")
        assert await play.stop() < 20
        assert play.missing(SECOND)
        await play.start()
        await until(lambda: not play.missing(SECOND), "what was owed at the stop")
        await play.stop()
    for news in (FIRST, SECOND):
        assert set(Counter(play.copies(news)).values()) == {1}
    assert (play.talk.violations, play.work.violations) == (0, 0)
