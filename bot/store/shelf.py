"""A table's values, decoded when they are asked for; the last ones asked for stay decoded."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from bot.errors import DamagedError
from bot.model import Story
from bot.store.engine import Engine

T = TypeVar("T")


class Shelf(Generic[T]):
    """The values of one type in one table. `keep` is how many stay decoded."""

    def __init__(self, engine: Engine, table: str, kind: type[T], *, keep: int) -> None:
        self._table, self._keep = table, keep
        self._docs = engine.docs
        self._decode = msgspec.json.Decoder(kind).decode
        self._kept: dict[int, T] = {}
        engine.watch(self._changed, (table,))

    def get(self, doc_id: int) -> T | None:
        """Return the value of a document, or None where there is none."""
        found = self._kept.get(doc_id)
        return found if found is not None else self._read(doc_id)

    def values(self, doc_ids: Iterable[int]) -> Iterator[T]:
        """Yield the values of those documents that exist."""
        return (found for doc_id in doc_ids if (found := self.get(doc_id)) is not None)

    def document(self, doc_id: int) -> bytes | None:
        """Return a document as it is kept: the same object until it changes."""
        return self._docs(self._table).get(doc_id)

    def _read(self, doc_id: int) -> T | None:
        data = self.document(doc_id)
        if data is None:
            return None
        try:
            value = self._decode(data)
        except msgspec.ValidationError as error:
            raise DamagedError(
                f"A document in {self._table} is not of this version ({error}). Run the program "
                "that wrote it, or restore a backup."
            ) from error
        self._remember(doc_id, value)
        return value

    def _remember(self, doc_id: int, value: T) -> None:
        if len(self._kept) >= self._keep > 0:
            del self._kept[next(iter(self._kept))]
        if self._keep:
            self._kept[doc_id] = value

    def _changed(
        self, _table: str, doc_id: int, _before: bytes | None, _after: bytes | None
    ) -> None:
        self._kept.pop(doc_id, None)


class Newest(Sequence[Story]):
    """Stories, newest first, read only as far as they are looked at.

    One that retention has dropped meanwhile is left out when iterating.
    """

    def __init__(self, shelf: Shelf[Story], ids: Sequence[int]) -> None:
        self._shelf, self._ids = shelf, ids

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return Newest(self._shelf, self._ids[at])
        found = self._shelf.get(self._ids[at])
        if found is None:
            raise LookupError("This story was dropped after it was listed.")
        return found

    def edition(self, at: int) -> tuple[int, object]:
        """See `Listed.edition`."""
        return self._ids[at], self._shelf.document(self._ids[at])

    def __iter__(self) -> Iterator[Story]:
        return iter(self._shelf.values(self._ids))
