"""Where a sentence ends, in any script, with nothing of the source's letters changed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.sentences import sentences_of


@pytest.mark.parametrize(
    "whole",
    [
        "The U.S. Commerce Department acts.|It did.",
        "Rules start on Tues. Oct. 7, a notice said.|More follows.",
        "It lists Example Inc. and Sample Co. Ltd. of Hong Kong.|The list grows.",
        "It ends on December 1.|“So be it,” a trader said.",
        "He said “no.”|She left.",
        "Prices rose 0.1 percent to $5.|Then they fell.",
        "Notice No. 61 is out!|Is it?|Yes.",
        "Am 1. Dezember gilt die Regel, z.B. für Gallium.|Mehr folgt.",
        "M. Dupont l'a dit.|C'est fini.",
        "Запрет введён на 3 млн. т сахара.|Он действует.",
        "商务部发布公告。|自即日起施行！|欢迎。",
        "“这是惯例。”发言人说。|下一句。",
        "政府は「許可する。」と述べた。|以上。",
        "수출을 허가했다.|업계는 반긴다.",
        "第一段没有句号|Second paragraph.",
    ],
)
def test_sentences(whole):
    parts = tuple(whole.split("|"))
    gap = "\n\n" if "没有句号" in whole else "" if re.search("[。！]", whole) else " "
    assert sentences_of(gap.join(parts)) == parts


def test_white_space_is_made_plain_and_hidden_signs_go():
    assert sentences_of("  One  line\u200b.  Two\t.") == ("One line.", "Two .")
    assert sentences_of(" \n ") == ()


def test_a_line_that_was_broken_to_fit_goes_on():
    """A short line is a heading or a signature by itself."""
    long = "The ministry lists thirty firms of the sector"
    assert sentences_of(f"News Desk\n{long}\nand two banks.") == (
        "News Desk",
        f"{long} and two banks.",
    )


@given(st.text(max_size=300))
def test_no_letter_is_lost_or_changed(text):
    """Splitting drops white space and what nobody sees, and nothing else."""
    seen = re.sub("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\\s]", "", text)
    assert re.sub(r"\s", "", "".join(sentences_of(text))) == seen


@given(st.lists(st.sampled_from(["The ministry acts.", "It lists 30 firms.", "Yes!"]), max_size=8))
def test_plain_sentences_come_back_as_they_are(sentences):
    assert sentences_of(" ".join(sentences)) == tuple(sentences)
