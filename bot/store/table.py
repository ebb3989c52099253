"""TinyDB's tables over encoded documents: an insert costs the same at 100,000 as at 1,000.

TinyDB hands its storage the whole database for each change, so no storage can be fast; the table
is where it can be. Documents are held as JSON bytes and decoded when they are looked at. A change
is made on a `Draft`, which remembers what it touched; the database writes that alone.
"""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

import msgspec
from tinydb.table import Document, Table

from bot.errors import StoreError

LONGEST = 256 * 1024  # bytes of a document
Docs = dict[int, bytes]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def encode(document: Mapping[str, Any]) -> bytes:
    """Return a document as JSON. Raises StoreError for what JSON or the store cannot hold."""
    try:
        data = _encode(dict(document))
    except UnicodeEncodeError:
        data = _encode(_mended(document))
    except (TypeError, ValueError, RecursionError) as error:
        raise StoreError(f"A document cannot be stored: {error}.") from error
    if len(data) > LONGEST:
        raise StoreError(f"A document of {len(data)} bytes cannot be stored; {LONGEST} may be.")
    return data


def _mended(value: Any) -> Any:
    """Replace lone surrogates, which no chat service would take either."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case Mapping():
            return {_mended(name): _mended(each) for name, each in value.items()}
        case list() | tuple():
            return [_mended(each) for each in value]
        case _:
            return value


def decode(data: bytes) -> dict[str, Any]:
    """Return a document anew; nobody can change the store through it."""
    return _decode(data)  # type: ignore[no-any-return]  # documents are objects: encode saw to it


class Draft(MutableMapping[int, Mapping[str, Any]]):
    """A table while it is being changed: decoded where touched, as stored elsewhere."""

    def __init__(self, docs: Docs) -> None:
        self._docs = docs
        self._touched: dict[int, Mapping[str, Any] | None] = {}

    def __getitem__(self, doc_id: int) -> Mapping[str, Any]:
        if doc_id not in self._touched:
            self._touched[doc_id] = decode(self._docs[doc_id])
        found = self._touched[doc_id]
        if found is None:
            raise KeyError(doc_id)
        return found

    def __setitem__(self, doc_id: int, document: Mapping[str, Any]) -> None:
        self._touched[doc_id] = document

    def __delitem__(self, doc_id: int) -> None:
        self[doc_id]
        self._touched[doc_id] = None

    def __iter__(self) -> Iterator[int]:
        yield from (key for key in self._docs if self._touched.get(key, self) is not None)
        yield from (
            key for key, doc in self._touched.items() if doc is not None and key not in self._docs
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Touch every document, for truncate."""
        self._touched = dict.fromkeys(self._docs)

    def changes(self) -> dict[int, bytes | None]:
        """Return what differs from the stored documents; None: deleted."""
        made = {key: encode(doc) if doc is not None else None for key, doc in self._touched.items()}
        return {key: data for key, data in made.items() if data != self._docs.get(key)}


class JournalTable(Table):
    """A TinyDB table whose changes go through the database's journal."""

    def __init__(self, storage: Any, name: str, **kwargs: Any) -> None:
        super().__init__(storage, name, **kwargs)
        self._taken: int | None = None  # the highest id given out, once one was

    @property
    def docs(self) -> Docs:
        """Return the encoded documents, as of now; not to be changed."""
        return self._storage.docs(self._name)  # type: ignore[attr-defined,no-any-return]  # always our own storage

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(key): decode(data) for key, data in self.docs.items()}

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        draft = Draft(self.docs)
        updater(draft)
        self._storage.change(self._name, draft.changes())  # type: ignore[attr-defined]  # as above
        self.clear_cache()

    def _get_next_id(self) -> int:
        taken = self._taken if self._taken is not None else max(self.docs, default=0)
        self._taken = taken + 1
        return self._taken

    def get(self, cond: Any = None, doc_id: int | None = None, doc_ids: Any = None) -> Any:
        """Return one document; by `doc_id` without looking at any other."""
        if doc_id is None:
            return super().get(cond, doc_id, doc_ids)
        data = self.docs.get(doc_id)
        return Document(decode(data), doc_id) if data is not None else None

    def __len__(self) -> int:
        return len(self.docs)
