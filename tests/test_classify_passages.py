"""Where one sentence ends and the next begins, in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classify.passages import passages_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One ends. Two begins.", 2),
        ("The U.S. Commerce Department acts. It did.", 2),
        ("Notice No. 61 is out. It applies.", 2),
        ("商务部公告。自即日起施行!欢迎。", 3),
        ("政府は「許可する。」と述べた。以上。", 2),
        ("수출을 허가했다. 업계는 반긴다.", 2),
        ("0.1 percent counts", 1),
        ("Запрет введён. Он действует.", 2),
        ("", 0),
    ],
)
def test_sentences(text, sentences):
    assert len(passages_of("t", text)) == 1 + sentences


def test_places_count_from_the_title():
    assert [p.place for p in passages_of("Title", "One. Two.")] == [0, 1, 2]


@given(st.text(max_size=300))
def test_no_sign_but_space_is_lost(text):
    """Splitting drops white space only."""
    joined = "".join(p.text for p in passages_of("", text))
    (whole,) = passages_of(text, "")
    assert joined.replace(" ", "") == whole.text.replace(" ", "")
