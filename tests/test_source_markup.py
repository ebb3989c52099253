"""Feeds' HTML as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.markup import TEXT_LIMIT, TITLE_LIMIT, headline, plain, without_tail

TEXTS = {
    "untouched": ("Licences due in May", "Licences due in May"),
    "blocks": ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
    "inline": ("anti<b>mony</b> <i>oxide</i>", "antimony oxide"),
    "breaks": ("One<br/>Two<BR>Three", "One\nTwo\nThree"),
    "entities": ("R&amp;D &lt; 3&nbsp;% &#8211; &eacute;", "R&D < 3 % – é"),
    "escaped-twice": ("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;", "One & two."),
    "script": ("A<script>var a = '<p>no</p>';</script>B", "A B"),
    "style-in-caps": ("<STYLE>p {}</STYLE>A", "A"),
    "open-script": ("Kept.<script>never closed", "Kept."),
    "comment": ("A<!-- <p>no</p> -->B", "A B"),
    "less-than": ("yields < 3 and > 1", "yields < 3 and > 1"),
    "windows-1252": ("the \x93list\x94", "the “list”"),
    "unseen": ("anti\u200bmony\ufeff", "antimony"),
    "blanks": ("  a \t b \n\n\n c  ", "a b\nc"),
}


@pytest.mark.parametrize(("source", "expected"), TEXTS.values(), ids=TEXTS)
def test_text_is_what_a_reader_sees(source, expected):
    assert plain(source) == expected


TITLES = {
    "markup": ("Ga <b>and</b> Ge", "Ga and Ge"),
    "escaped-twice": ("Ga &amp;amp; Ge: &amp;#8216;no&amp;#8217;", "Ga & Ge: ‘no’"),
    "no-tag": ("Yields <3 nm fall; a < b > c", "Yields <3 nm fall; a < b > c"),
    "lines": ("Two\n lines", "Two lines"),
    "direction-override": ("Ga \u202egnorw", "Ga gnorw"),
    "script": ("Ga <script>x</script>", "Ga x"),
}


@pytest.mark.parametrize(("source", "expected"), TITLES.values(), ids=TITLES)
def test_a_title_is_one_plain_line(source, expected):
    assert headline(source) == expected


@pytest.mark.parametrize(
    "tail",
    [
        "The post Smelters plead appeared first on The Paper.",
        "The post Smelters plead first appeared on The Paper",
        "Der Beitrag Hütten bitten erschien zuerst auf Das Blatt.",
        "L’article Fonderies est apparu en premier sur Le Journal.",
        "Innlegget Smelteverk dukket først opp på DEKSA.",
        "[…]",
        "Continue reading Smelters plead →",
    ],
)
def test_what_the_software_adds_at_the_end_goes(tail):
    assert without_tail(f"Smelters ask for barter.\n{tail}") == "Smelters ask for barter."


def test_the_same_words_in_the_midst_stay():
    text = "The post he held appeared first on a list in May.\nHe then left it."

    assert without_tail(text) == text


@given(st.text(max_size=300))
def test_results_are_bounded_single_spaced_and_trimmed(source):
    text, title = plain(source), headline(source)

    assert len(text) <= TEXT_LIMIT
    assert len(title) <= TITLE_LIMIT
    assert title == " ".join(title.split())
    assert text == text.strip()
    assert "  " not in text


@given(st.lists(st.sampled_from(["Ga", "Ge", "Sb", "3", "%"]), min_size=1).map(" ".join))
def test_clean_text_is_left_alone(text):
    assert plain(text) == headline(text) == text
