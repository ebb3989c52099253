"""What may become a document, and that every value comes back as it was."""

import math
from datetime import UTC, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.model import Delivery, Item, Label, SourceState
from bot.store.document import LONGEST, decode, encode
from tests.builders import CHAT, NOON, item, label, story, wish

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WHEN = st.datetimes(timezones=st.just(UTC))


def again(value):
    return msgspec.json.Decoder(type(value)).decode(encode(value))


@pytest.mark.parametrize("value", [item(), story(), CHAT, wish(), SourceState(name="s")])
def test_a_value_comes_back_as_it_was(value):
    assert again(value) == value


@settings(deadline=None)
@given(
    st.builds(Item, id=TEXT, published=st.none() | WHEN, seen=WHEN, keys=st.lists(TEXT).map(tuple))
)
def test_any_item_comes_back(value):
    assert again(value) == value


@settings(deadline=None)
@given(
    st.builds(
        Label,
        score=st.floats(0, 1),
        tokens=st.frozensets(TEXT),
        effective=st.lists(st.dates()).map(tuple),
    )
)
def test_any_label_comes_back(value):
    assert again(value) == value


@settings(deadline=None)
@given(st.builds(Delivery, created=WHEN, not_before=WHEN, first_try=st.none() | WHEN))
def test_any_delivery_comes_back(value):
    assert again(value) == value


def test_defaults_take_no_room():
    assert set(decode(encode(item(lang="")))).isdisjoint({"text", "lang", "documents", "quote"})


def test_equal_values_make_equal_documents():
    words = [f"w{number}" for number in range(50)]

    assert encode(label(tokens=frozenset(words))) == encode(label(tokens=frozenset(words[::-1])))


def test_another_zone_and_a_span_come_back_equal():
    local = NOON.astimezone(timezone(timedelta(hours=9)))

    assert again(item(seen=local)).seen == NOON


@pytest.mark.parametrize(
    "document",
    [
        {"n": math.nan},
        {"deep": [{"n": math.inf}]},
        {1: "a key that is no string"},
        {"deep": {None: 1}},
        {"kind": object()},
        {"bytes": b"x"},
        {"text": "x" * LONGEST},
    ],
    ids=["nan", "infinity", "key", "deep-key", "object", "bytes", "size"],
)
def test_refuses(document):
    with pytest.raises(StoreError, match="cannot be stored"):
        encode(document)


def test_refuses_what_is_nested_without_end():
    document: dict[str, object] = {}
    document["again"] = document

    with pytest.raises(StoreError):
        encode(document)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\ud83d alone", "\ufffd alone"),
        ("a pair \ud83d\ude00", "a pair \U0001f600"),
        ("\ude00", "\ufffd"),
    ],
    ids=["high", "pair", "low"],
)
def test_lone_surrogates_are_replaced(text, kept):
    assert decode(encode({"title": text})) == {"title": kept}
    assert again(item(title=text, keys=(text,))).title == kept
    assert again(item(title=text, keys=(text,))).keys == (kept,)


def test_a_document_is_decoded_anew_each_time():
    data = encode({"list": [1]})
    decode(data)["list"].append(2)

    assert decode(data) == {"list": [1]}
