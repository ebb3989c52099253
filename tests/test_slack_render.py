"""Whatever a feed says, Slack is sent valid blocks within its limits, in which nothing can act."""

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Button, Direction, Line, LineStyle, Message, Span
from bot.platforms.slack.payloads import typed
from bot.platforms.slack.render import blocks, fallback
from tests.servers.slack import wrong_with

NASTY = (
    "<!channel>",
    "<!subteam^S1>",
    "<@U1>",
    "@everyone",
    "<http://evil.example|http://bank.example>",
    "*_~`bold`~_*",
    "\u202egnp.exe\u202c",
    "a\u200bb\u2066c",
    "\ud800lone",
    "&lt;!here&gt;",
    "```",
    "x" * 20_000,
    "<" * 5_000,
    "\n\n> quote\n",
    "   ",
    "",
)
LINKS = (
    "",
    "https://news.example/1|x>",
    "javascript:alert(1)",
    "https://u@evil.example/",
    "http://a b",
)
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=300))
spans = st.builds(Span, texts, st.sampled_from(LINKS), st.booleans())
lines = st.builds(Line, st.lists(spans, max_size=4).map(tuple), st.sampled_from(list(LineStyle)))
buttons = st.builds(Button, texts.map(lambda t: t[:200]), st.just("why"), st.just("A7F3"))
messages = st.builds(
    Message,
    lines=st.lists(lines, max_size=70).map(tuple),
    buttons=st.lists(buttons, max_size=8).map(tuple),
    direction=st.sampled_from(list(Direction)),
    about=st.lists(texts, max_size=2).map(tuple),
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff]")


def leaves(block: Any) -> list[dict[str, Any]]:
    if isinstance(block, list):
        return [leaf for each in block for leaf in leaves(each)]
    return (
        [block, *(x for v in block.values() if isinstance(v, dict | list) for x in leaves(v))]
        if isinstance(block, dict)
        else []
    )


@settings(max_examples=120)
@given(messages)
def test_every_message_is_valid_and_within_the_limits(message):
    sent = {"text": fallback(message), "blocks": blocks(message)}
    assert wrong_with(sent) == ""
    assert json.dumps(sent).encode()  # no lone surrogate is left


@settings(max_examples=120)
@given(messages)
def test_nothing_from_outside_can_act(message):
    """Only plain kinds of text are sent, so no markup is read; links are http(s), and safe."""
    made = leaves(blocks(message))
    kinds = {leaf["type"] for leaf in made if "type" in leaf}
    assert kinds <= {
        "rich_text",
        "rich_text_section",
        "rich_text_quote",
        "text",
        "link",
        "emoji",
        "context",
        "plain_text",
        "actions",
        "button",
    }
    for leaf in made:
        if leaf.get("type") == "link":
            assert re.fullmatch(r"https?://[^\s<>|@]+", leaf["url"])
        assert not _INVISIBLE.search(str(leaf.get("text", "")))


@settings(max_examples=120)
@given(messages)
def test_the_text_beside_the_blocks_pings_nobody(message):
    text = fallback(message)
    assert text
    assert "<" not in text
    assert ">" not in text
    assert re.sub(r"&(?:amp|lt|gt);", "", text).count("&") == 0  # no escape is cut in two


def test_a_label_cannot_pass_for_another_address():
    line = Line((Span("https://bank.example/login", "https://evil.example/x"),), LineStyle.TITLE)
    (block,) = blocks(Message(lines=(line,)))
    assert block["elements"][0]["elements"][0]["text"] == "[evil.example]"


def test_direction_and_topics_stand_over_an_alert_in_a_line_of_context():
    head = Line((Span("China bans exports"),), LineStyle.HEAD)
    made = blocks(Message(lines=(head,), about=("RESTRICTS", "gallium\u202e, germanium")))
    assert [block["type"] for block in made] == ["context", "rich_text"]
    assert made[0]["elements"][0]["text"] == "RESTRICTS · gallium, germanium"


def test_what_does_not_fit_is_said_to_be_left_out():
    line = Line((Span("word " * 200),), LineStyle.BODY)
    made = blocks(Message(lines=(line,) * 40))
    assert made[-1]["elements"][0]["text"] == "…"


def test_what_a_person_typed_is_read_without_slacks_markup():
    text = "<@UBOT> latest <https://a.example/x|a.example> &lt;b&gt; “rare earth” <#C1|metals>"
    assert typed(text) == 'latest a.example <b> "rare earth"'
