"""TinyDB with our tables on our engine; its public API is TinyDB's own, plus transactions."""

import contextlib
from pathlib import Path

from tinydb import TinyDB

from bot.store.engine import Engine
from bot.store.table import JournalTable


class Database(TinyDB):
    """A TinyDB in a folder, or in memory alone.

    A table that has lost its last document is listed until the database is closed.
    """

    table_class = JournalTable  # type: ignore[assignment]  # TinyDB declares its own class too narrowly
    default_storage_class = Engine  # type: ignore[assignment]  # likewise

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)

    @property
    def engine(self) -> Engine:
        """Return the storage, as what it is."""
        engine: Engine = self.storage  # type: ignore[assignment]  # default_storage_class is ours
        return engine

    def tables(self) -> set[str]:
        """Return the names of the tables, decoding no document."""
        return self.engine.names()

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """Make all changes of the block, to any tables, one commit; none where it raises."""
        return self.engine.transaction()
