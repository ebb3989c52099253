"""The sources that are polled: the catalogue's, and behind them those that people added. Live."""

from collections.abc import Callable, Iterable, Sequence
from typing import overload

from bot.model import Row

Hear = Callable[[Row, bool], None]
"""Hears of a row that is polled from now on (True), or no more (False)."""


class Roster(Sequence[Row]):
    """Rows, each name once, in the order in which they came."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[str, Row] = {}
        for row in rows:
            self._rows.setdefault(row.name, row)
        self._hearers: list[Hear] = []

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        return tuple(self._rows.values())[at]

    def __len__(self) -> int:
        return len(self._rows)

    def follow(self, hear: Hear) -> None:
        """Tell `hear` of each change from now on."""
        self._hearers.append(hear)

    def put(self, row: Row) -> None:
        """Poll a row from now on."""
        self._rows[row.name] = row
        for hear in self._hearers:
            hear(row, True)  # noqa: FBT003  # whether it is polled

    def drop(self, name: str) -> None:
        """Poll a row no more."""
        row = self._rows.pop(name)
        for hear in self._hearers:
            hear(row, False)  # noqa: FBT003  # whether it is polled
