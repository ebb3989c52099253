"""Text from outside comes out inert, on one line, within its bound."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clean import clean, label, safe_link

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


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://news.example/1?a=b&c=d#e", True),
        ("http://例え.example/a", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://bank.example@evil.example/", False),
        ("https:///nohost", False),
        ("https://news.example:port/", False),
        ("https://news.example/\u202egpj", False),
        ("https://news.example/" + "a" * 3000, False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_plain_web_addresses_are_linked(url, kept):
    assert bool(safe_link(url)) is kept


@given(st.text(max_size=200))
def test_a_link_cannot_end_its_own_markup(text):
    assert not set('<>"|`\n ') & set(safe_link(f"https://news.example/{text}"))


def test_a_label_does_not_pass_for_another_address():
    told = label("see https://bank.example/login now", "https://evil.example/x")

    assert told == "see [evil.example] now"
    assert label("www.evil.example says", "https://www.evil.example/") == "www.evil.example says"
