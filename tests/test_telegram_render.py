"""The HTML that Telegram gets is always valid, never too long, and nothing in it can act."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.clean import safe_link
from bot.model import Button, Line, LineStyle, Message, Span
from bot.platforms.telegram.render import LIMIT, keyboard, plain, render
from tests.servers.telegram_markup import read, units

NASTY = st.sampled_from(
    [
        "<b>", "</a>", "<a href='tg://user?id=1'>x</a>", "&", "&lt;", "&nbsp;", "<!channel>",
        "<@U1>", "@everyone", "@ann_lee", "/unsubscribe all", "<http://a|b>", "\u202e", "\u200b",
        "\ud800", "\x00", "https://bank.example/", "]]>", "<!--", "<?x", '"', "'", "\n",
        "a" * 20_000, "😀" * 1_500, "&" * 2_000,
    ]
)  # fmt: skip
ANY = st.characters(codec=None)
TEXTS = st.lists(NASTY | st.text(ANY, max_size=40), max_size=4).map("".join)
LINKS = st.sampled_from(
    ["", "https://news.example/1?a=1&b=2", "javascript:alert(1)", "tg://user?id=1", 'https://e.example/">x',
     "https://user@e.example/", "https://e.example/" + "é" * 400]
)  # fmt: skip
SPANS = st.builds(Span, TEXTS, LINKS, st.booleans())
LINES = st.builds(Line, st.lists(SPANS, max_size=4).map(tuple), st.sampled_from(list(LineStyle)))
MESSAGES = st.builds(Message, lines=st.lists(LINES, max_size=12).map(tuple))


def message(text: str, link: str = "", style: LineStyle = LineStyle.BODY) -> Message:
    return Message(lines=(Line((Span(text, link),), style),))


@given(MESSAGES)
def test_is_always_valid_html_within_the_limit(said: Message) -> None:
    """Law: whatever a feed holds, a strict reader of Telegram's HTML takes it."""
    text = render(said)
    read(text)
    assert units(text) <= LIMIT


@given(MESSAGES)
def test_links_only_where_we_meant_to(said: Message) -> None:
    """Law: no text makes a link; every link is one of ours, made safe."""
    _, links = read(render(said))
    meant = {safe_link(span.link) for line in said.lines for span in line.spans} - {""}
    assert set(links) <= meant


def test_a_command_in_a_headline_cannot_be_tapped_in_a_list_either() -> None:
    """Telegram makes a command of what stands without a link, as where the address is refused."""
    for link in ("javascript:1", "https://news.example/1"):
        told = message("curbs: /forget yes", link)
        assert "/forget" not in render(told)
        assert "/forget" not in plain(told)
    assert "/help" in render(message("/help lists them"))


@given(MESSAGES)
def test_pings_nobody(said: Message) -> None:
    """Law: no mention, no bidi override, no lone surrogate is left, with or without markup."""
    for text in (read(render(said))[0], plain(said)):
        assert not re.search(r"@\w", text)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\ud800-\udfff\x00]", text)


@given(MESSAGES)
def test_plain_text_is_within_the_limit(said: Message) -> None:
    """Law: the fallback fits as well."""
    assert units(plain(said)) <= LIMIT


def test_outside_text_offers_no_command() -> None:
    """A headline cannot offer "/unsubscribe" as something to press; our own hints can."""
    assert "/unsubscribe" not in render(message("/unsubscribe all", style=LineStyle.TITLE))
    assert "/latest gallium" in render(message("/latest gallium"))


def test_a_label_cannot_pass_for_another_address() -> None:
    """The words of a link that name another site lose their looks of an address."""
    words, links = read(render(message("https://bank.example/x", "https://news.example/1")))
    assert (words, links) == ("[news.example]", ["https://news.example/1"])


def test_a_long_line_is_cut_before_it_is_dropped() -> None:
    """A title of ampersands, five units each when escaped, is shortened and stays."""
    text = render(message("&" * 3_000, style=LineStyle.TITLE))
    assert text.startswith("&amp;&amp;")
    assert units(text) <= LIMIT


def test_says_that_lines_were_left_out() -> None:
    """Whole lines are dropped from the end, and an ellipsis says so."""
    said = Message(lines=tuple(Line((Span("x" * 40),)) for _ in range(200)))
    assert render(said).endswith("x\n…")


def test_styles() -> None:
    """Each style has its own dress, and blanks between spans stay."""
    said = Message(
        lines=(
            Line((Span("EASED", strong=True), Span("  China")), LineStyle.HEAD),
            Line((Span("Title", "https://n.example/"), Span(" (zh)")), LineStyle.TITLE),
            Line((Span("words"),), LineStyle.QUOTE),
            Line((Span("A7F3"),), LineStyle.SMALL),
            Line((Span("a", strong=True), Span(" & b"))),
        )
    )
    assert render(said).splitlines() == [
        "<b>EASED China</b>",
        '<a href="https://n.example/">Title</a> (zh)',
        "<blockquote>words</blockquote>",
        "<i>A7F3</i>",
        "<b>a</b> &amp; b",
    ]


def test_buttons_keep_to_64_bytes() -> None:
    """A button's data is its command; one that would be too long, or has no label, is left out."""
    keys = keyboard(
        [
            Button("More", "story", "A7F3"),
            Button("Long", "latest", "ж" * 40),
            Button("", "why"),
            Button("Help", "help"),
        ]
    )
    assert keys is not None
    assert [(k.text, k.callback_data) for k in keys.inline_keyboard[0]] == [
        ("More", "story A7F3"),
        ("Help", "help"),
    ]
    assert keyboard([]) is None
