"""A desk talks to the bot for an hour, a night and a day; each platform carries it alike."""

import asyncio
from collections import Counter

import pytest

from bot.model.verbs import verb_of
from handlers import HANDLERS
from tests.conversation.hours import Hours
from tests.conversation.script import turns
from tests.conversation.world import talking

PLATFORMS = ("console", "slack", "telegram")
BUTTONS = {"Why": "why", "More": "story", "Mute": "mute", "Wrong?": "wrong", "/resume": "resume"}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_conversation_goes_as_it_is_written(platform, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where the console puts files

    async def play():
        async with talking(platform, tmp_path) as conversation:
            for turn in turns():
                if platform != "console" or turn.sign not in {"group>", "guest>"}:
                    await conversation.play(turn)

    with asyncio.Runner(loop_factory=Hours) as runner:
        runner.run(play())


def test_the_script_is_long_and_leaves_no_command_out():
    asked = [turn for turn in turns() if turn.sign not in {"*", "~"}]
    typed = {verb_of(t.text.split()[0]) for t in asked if t.sign != "]"}
    pressed = {BUTTONS[t.text] for t in asked if t.sign == "]" and t.text in BUTTONS}

    assert typed | pressed >= set(HANDLERS)
    assert len(asked) >= 60
    assert all(turn.seen or turn.kept for turn in asked)


def test_the_script_presses_publishes_and_lets_time_pass():
    signs = Counter(turn.sign for turn in turns())

    assert min(signs["]"], signs["*"], signs["guest>"]) >= 4
    assert signs["~"] >= 2
