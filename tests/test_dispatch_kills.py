"""Real senders, really killed: nothing is lost, and only what is in doubt is told again."""

from pathlib import Path

from tests.chatserver import Copy
from tests.torture.dispatch import faults, figures, nursery, series
from tests.torture.services import FLAVOURS


async def test_a_few_kills_over_each_service(tmp_path: Path):
    """Slack and Telegram by their real clients, over loopback."""
    async with nursery() as forks:
        for flavour in FLAVOURS:
            folder = tmp_path / flavour
            folder.mkdir()
            found = await series(forks, 5, folder, flavour, seed=11)

            assert found.owed > 0
            assert (found.kills, faults(found, flavour)) == (5, [])


def test_the_count_sees_what_was_lost_repeated_or_out_of_order():
    """The same log and arrivals, once as they should be and once as they should not."""

    def copy(name, at):
        return Copy(at, "fake:a:1", name, "", "", doubtful=False)

    log = "owed s-1 0\nowed s-2 0\nowed t-1 0\nsent s-1 3\n"
    good = figures(log, [copy("s-1", 1), copy("s-2", 2), copy("t-1", 2)], set())
    bad = figures(log, [copy("s-2", 1), copy("s-1", 2), copy("s-1", 4)], {9})

    assert (good.lost, good.unexplained, good.after_settled, good.disorder) == (0, 0, 0, 0)
    assert (bad.lost, bad.unexplained, bad.after_settled, bad.disorder) == (1, 1, 1, 1)


def test_a_death_explains_a_copy_by_the_next_sender_alone():
    """What a killed sender sent last may be taken late; a living sender repeats nothing."""

    def unexplained(first, second, died):
        sent = [Copy(at, "fake:a:1", "s-1", "", "", doubtful=False, life=life)
                for at, life in enumerate((first, second))]  # fmt: skip
        return figures("owed s-1 0\n", sent, died).unexplained

    assert unexplained(3, 4, {3}) == 0
    assert unexplained(3, 4, set()) == 1
    assert unexplained(3, 3, {3}) == 1


def test_a_dead_senders_request_may_be_taken_after_its_successors():
    """It was made before: neither what was settled nor the order tells against it, or for it."""

    def found(*arrivals):
        sent = [Copy(at, "fake:a:1", name, "", "", doubtful=False, life=life)
                for at, (name, life) in enumerate(arrivals, 1)]  # fmt: skip
        return figures("owed s-1 0\nowed s-2 0\nsent s-1 2.5\n", sent, {3})

    late = found(("s-1", 4), ("s-2", 4), ("s-1", 3))
    overtaken = found(("s-2", 4), ("s-1", 4), ("s-2", 3))
    assert (late.unexplained, late.after_settled, late.disorder) == (0, 0, 0)
    assert overtaken.disorder == 1


def test_an_answer_that_its_sender_says_came_too_late_explains_one_copy():
    def copies(count):
        return [Copy(at, "fake:a:1", "s-1", "", "", doubtful=False) for at in range(count)]

    log = "owed s-1 0\nlate s-1 0\n"
    assert figures(log, copies(2), set()).unexplained == 0
    assert figures(log, copies(3), set()).unexplained == 1
