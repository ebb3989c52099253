"""Where a value lies: its table, and the document id that follows from its natural id."""

import base64
import hashlib
import struct
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any

from bot.model import Chat, Delivery, Item, Objection, Row, SourceState, Story, Subscription
from bot.store.document import encode
from bot.store.recover import Change

_Names = Callable[[Any], str | tuple[str, ...]]
PLACES: Mapping[type, tuple[str, _Names]] = {
    Item: ("items", attrgetter("id")),
    Story: ("stories", attrgetter("id")),
    Delivery: ("deliveries", attrgetter("id")),
    SourceState: ("sources", attrgetter("name")),
    Chat: ("chats", attrgetter("id")),
    Subscription: ("subscriptions", attrgetter("chat", "query")),
    Row: ("rows", attrgetter("name")),
    Objection: ("objections", attrgetter("story", "by")),
}
"""For each type the table that holds it, and what reads a value's natural id."""
KINDS: Mapping[str, type] = {table: kind for kind, (table, _) in PLACES.items()}
"""The tables of values, each by the type that it holds."""
RECENT = 8192  # ids and keys whose hashes are kept: a poll asks for each of its own several times
_hash = hashlib.blake2b
Place = tuple[str, int]
"""A table and a document's id in it."""


def row_of(value: object) -> Change:
    """Return a value as a change that puts it in its place. Raises StoreError."""
    table, key = place_of(value)
    return table, key, encode(value)


def place_of(value: object) -> Place:
    """Return where a value lies."""
    table, names_of = PLACES[value.__class__]
    names = names_of(value)
    return table, doc_id(names) if isinstance(names, str) else doc_id(*names)


@lru_cache(RECENT)
def doc_id(*names: str) -> int:
    """Return the document id of a natural id: 63 bits of its SHA-256."""
    hashed = hashlib.sha256("\0".join(names).encode("utf-8", "replace")).digest()
    return int.from_bytes(hashed[:8], "big") >> 1


def digest(key: str) -> int:
    """Return eight bytes of an identity key, as a number: how dropped items stay known."""
    hashed = _hash(key.encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(hashed.digest(), "little")


recent_digest = lru_cache(RECENT)(digest)


def identities(keys: Iterable[str]) -> Change:
    """Return a change that keeps identity keys known whose items are gone."""
    numbers = sorted(map(digest, keys))
    packed = struct.pack(f"<{len(numbers)}Q", *numbers)
    document = {"digests": base64.b64encode(packed).decode()}
    return "identities", doc_id(*map(str, numbers)), encode(document)
