"""Answers that take long are announced; those that do not are not."""

import asyncio

import pytest

from bot.compose import said
from bot.promptly import SILENCE, promptly
from tests import virtual
from tests.builders import CHAT


@pytest.mark.parametrize(("seconds", "announced"), [(SILENCE / 2, []), (20, ["Working on it ..."])])
def test_only_an_answer_that_takes_long_is_announced_and_only_once(seconds, announced):
    told = []

    async def answer():
        await asyncio.sleep(seconds)
        return said("the answer")

    async def say(message):
        told.append(message.text)

    assert virtual.run(promptly(answer(), CHAT, say)).text == "the answer"
    assert told == announced


def test_a_failure_is_the_callers():
    async def answer():
        raise ValueError("broken")

    async def say(message):
        raise AssertionError(message.text)

    with pytest.raises(ValueError, match="broken"):
        virtual.run(promptly(answer(), CHAT, say))
