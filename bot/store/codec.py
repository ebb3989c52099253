"""Where a value lies: its table, and the document id that follows from its natural id."""

import base64
import hashlib
import struct
from collections.abc import Iterable
from functools import singledispatch

from bot.model import Chat, Delivery, Item, Objection, Row, SourceState, Story, Subscription
from bot.store.document import encode
from bot.store.recover import Change

KINDS: dict[str, type] = {
    "items": Item,
    "stories": Story,
    "deliveries": Delivery,
    "sources": SourceState,
    "chats": Chat,
    "subscriptions": Subscription,
    "rows": Row,
    "objections": Objection,
}
"""The tables of values, each by the type that it holds."""
_hash = hashlib.blake2b
Place = tuple[str, int]
"""A table and a document's id in it."""


def row_of(value: object) -> Change:
    """Return a value as a change that puts it in its place. Raises StoreError."""
    table, key = place_of(value)
    return table, key, encode(value)


@singledispatch
def place_of(value: object) -> Place:
    """Return where a value lies."""
    raise TypeError(f"The store holds no {type(value).__name__}.")


@place_of.register
def _(value: Item) -> Place:
    return "items", doc_id(value.id)


@place_of.register
def _(value: Story) -> Place:
    return "stories", doc_id(value.id)


@place_of.register
def _(value: Delivery) -> Place:
    return "deliveries", doc_id(value.id)


@place_of.register
def _(value: SourceState) -> Place:
    return "sources", doc_id(value.name)


@place_of.register
def _(value: Chat) -> Place:
    return "chats", doc_id(value.id)


@place_of.register
def _(value: Subscription) -> Place:
    return "subscriptions", doc_id(value.chat, value.query)


@place_of.register
def _(value: Objection) -> Place:
    return "objections", doc_id(value.story, value.by)


@place_of.register
def _(value: Row) -> Place:
    return "rows", doc_id(value.name)


def doc_id(*names: str) -> int:
    """Return the document id of a natural id: 63 bits of its SHA-256."""
    hashed = hashlib.sha256("\0".join(names).encode("utf-8", "replace")).digest()
    return int.from_bytes(hashed[:8], "big") >> 1


def digest(key: str) -> int:
    """Return eight bytes of an identity key, as a number: how dropped items stay known."""
    hashed = _hash(key.encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(hashed.digest(), "little")


def identities(keys: Iterable[str]) -> Change:
    """Return a change that keeps identity keys known whose items are gone."""
    numbers = sorted(map(digest, keys))
    packed = struct.pack(f"<{len(numbers)}Q", *numbers)
    document = {"digests": base64.b64encode(packed).decode()}
    return "identities", doc_id(*map(str, numbers)), encode(document)
