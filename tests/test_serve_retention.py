"""The daily tidying: what it drops goes by the settings, and a full disk only puts it off."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.errors import FullError
from bot.serve import retain
from bot.settings import load
from tests.builders import NOON


@dataclass
class _Tidied:
    """A store and what is remembered of stories, as far as tidying asks."""

    full: bool = False
    asked: tuple[Any, ...] = ()

    @property
    def store(self) -> "_Tidied":
        return self

    stories = store

    def clock(self) -> Any:
        return NOON

    def forget(self, before: Any) -> None:
        self.forgotten = before

    async def drop(self, *before: Any) -> Any:
        self.asked = before
        if self.full:
            raise FullError("no space is left")
        return type("Dropped", (), {"items": 1, "stories": 2})


async def test_old_rows_go_by_the_days_that_are_set():
    tidied = _Tidied()

    await retain(tidied, load(keep_items_days=3, keep_stories_days=40))  # type: ignore[arg-type]  # all that is asked

    assert tidied.asked == (NOON - timedelta(days=3), NOON - timedelta(days=40))


async def test_a_full_disk_puts_tidying_off_and_is_no_failure_of_the_program(caplog):
    tidied = _Tidied(full=True)

    await retain(tidied, load())  # type: ignore[arg-type]  # as above

    (record,) = (r for r in caplog.records if r.name == "exportwire.serve")
    assert (record.levelname, record.exc_info) == ("WARNING", None)
