"""Which lines are questions for news; commands are none, whatever they ask for."""

import pytest

from bot.model.questions import asked_of
from handlers import HANDLERS


@pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
def test_no_example_of_a_command_is_a_question(handler):
    assert not any(map(asked_of, [handler.verb, *(text[1:] for text in handler.examples)]))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "latest in force",
        "search news about gallium",
        "subscribe 镓的最新消息",
        "订阅镓的最新消息",
        "最新消息",
        "what is gallium",
        "what is new",
        "no news on gallium",
        "news about " + "x" * 200,
    ],
)
def test_other_words_are_no_question(line):
    assert asked_of(line) == ""
