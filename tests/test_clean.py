"""Text from outside comes out inert, on one line, within its bound."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.clean import clean

BAD = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(st.characters(), max_size=300), st.integers(2, 80))
def test_never_longer_never_active(text, longest):
    told = clean(text, longest)

    assert len(told) <= longest
    assert not {unicodedata.category(c) for c in told} & (BAD - {"Cf"})
    assert not set("\u202e\u200b\u2066\ufeff\x1b") & set(told)
    told.encode()  # no lone surrogate


def test_keeps_what_it_may_and_marks_a_cut():
    assert clean(" a \n b ", 10) == "a b"
    assert clean("稀土出口许可证", 4) == "稀土出…"
    assert clean("x" * 10_000_000, 20).endswith("…")
