"""Values as documents and back. A value's document id follows from its natural id."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from bot.errors import StoreError
from bot.model import Subscription
from bot.store.table import encode as encode_mapping

Encoder = Callable[[Any], bytes]
_encode = msgspec.json.Encoder().encode


def doc_id(*names: str) -> int:
    """Return the document id of a natural id: 56 bits of its SHA-256."""
    name = "\0".join(names)
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:7], "big")


def digest(key: str) -> int:
    """Return eight bytes of an identity key, as a number: how dropped items stay known."""
    return int.from_bytes(
        hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest(), "big"
    )


def encoded(value: object) -> bytes:
    """Return a value as a JSON document; lone surrogates are replaced. Raises StoreError."""
    try:
        data = _encode(value)
    except UnicodeEncodeError:
        data = encode_mapping(msgspec.to_builtins(value))
    except (TypeError, ValueError) as error:
        raise StoreError(f"A {type(value).__name__} cannot be stored: {error}.") from error
    return data


def wish_id(wish: Subscription) -> int:
    """Return the document id of a subscription: a chat holds each query once."""
    return doc_id(wish.chat, wish.query)
