"""TinyDB's tables over encoded documents: an insert costs the same at 100,000 as at 1,000.

TinyDB hands its storage the whole database for each change, so no storage can be fast; the table
is where it can be. Documents are held as JSON bytes and decoded when they are looked at. A change
is made on a `Draft`, which remembers what it touched; the engine writes that alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, Protocol

from tinydb.table import Document, Table

from bot.store.document import decode, encode

Docs = dict[int, bytes]


class Shelves(Protocol):
    """What a table asks of its storage."""

    def docs(self, name: str) -> Docs:
        """Return a table's encoded documents, as of now; not to be changed."""

    def change(self, name: str, changes: Mapping[int, bytes | None]) -> None:
        """Make a table's changes durable, then visible; None: deleted."""


class Draft(MutableMapping[int, Any]):
    """A table while it is being changed: decoded where touched, as stored elsewhere."""

    def __init__(self, docs: Docs) -> None:
        self._docs = docs
        self._touched: dict[int, Any] = {}

    def __getitem__(self, doc_id: int) -> Any:
        if doc_id not in self._touched:
            self._touched[doc_id] = decode(self._docs[doc_id])
        found = self._touched[doc_id]
        if found is None:
            raise KeyError(doc_id)
        return found

    def __contains__(self, doc_id: object) -> bool:
        if doc_id in self._touched:
            return self._touched[doc_id] is not None
        return doc_id in self._docs

    def __setitem__(self, doc_id: int, document: Any) -> None:
        self._touched[doc_id] = document

    def __delitem__(self, doc_id: int) -> None:
        if doc_id not in self:
            raise KeyError(doc_id)
        self._touched[doc_id] = None

    def __iter__(self) -> Iterator[int]:
        yield from (key for key in self._docs if self._touched.get(key, self) is not None)
        yield from (
            key for key, doc in self._touched.items() if doc is not None and key not in self._docs
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Delete every document, decoding none."""
        self._touched = dict.fromkeys(self._docs)

    def changes(self) -> dict[int, bytes | None]:
        """Return what differs from the stored documents; None: deleted."""
        made = {key: encode(doc) if doc is not None else None for key, doc in self._touched.items()}
        return {key: data for key, data in made.items() if data != self._docs.get(key)}


class JournalTable(Table):
    """A TinyDB table whose changes go through the engine's journal."""

    default_query_cache_capacity = 0  # a cached result would be a live, shared document

    def __init__(self, storage: Any, name: str, **options: Any) -> None:
        self._shelves: Shelves = storage
        super().__init__(storage, name, **(options | {"cache_size": 0}))

    @property
    def docs(self) -> Docs:
        """Return the encoded documents, as of now; not to be changed."""
        return self._shelves.docs(self._name)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(key): decode(data) for key, data in self.docs.items()}

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        draft = Draft(self.docs)
        updater(draft)
        self._shelves.change(self._name, draft.changes())

    def _get_next_id(self) -> int:
        known: int | None = self._next_id  # TinyDB forgets it where it may be wrong
        free = max(self.docs, default=0) + 1 if known is None else known
        self._next_id = free + 1  # type: ignore[assignment]  # TinyDB does not declare it
        return free

    def get(
        self,
        cond: Any = None,
        doc_id: int | None = None,
        doc_ids: Iterable[int] | None = None,
    ) -> Any:
        """Return one document, or several by their ids; only what is asked for is decoded."""
        if doc_id is not None:
            return next(iter(self._found([doc_id])), None)
        if doc_ids is not None:
            wanted = set(doc_ids)
            return self._found(key for key in self.docs if key in wanted)
        if cond is not None:
            return next((document for document in self if cond(document)), None)
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    def _found(self, keys: Iterable[int]) -> list[Document]:
        docs = self.docs
        return [Document(decode(docs[key]), key) for key in keys if key in docs]

    def __iter__(self) -> Iterator[Document]:
        for key, data in list(self.docs.items()):
            yield Document(decode(data), key)

    def __len__(self) -> int:
        return len(self.docs)
