"""Two weeks around changes of the clocks, with kills: each story is told to each chat once."""

import pytest

from tests import virtual
from tests.fortnight import AUTUMN, SPRING, lived, verdict


@pytest.mark.parametrize(("begins", "seed"), [(AUTUMN, 1), (SPRING, 1)], ids=["autumn", "spring"])
def test_each_story_comes_once_and_when_the_chat_wants_it(begins, seed):
    found = verdict(virtual.run(lived(begins, seed)))

    assert found.kills > 5
    assert found.stories > 40
    assert found.alone > 20
    assert found.in_digests > 20
    assert not found.unfinished
    assert not found.not_once
    assert not found.disturbed
    assert not found.early
    assert not found.late
