"""What a person would want to keep, as JSON lines: chats, subscriptions, stories, own sources.

The first line names the format; each other line holds one value under its name.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from bot.errors import StoreError, UsageError
from bot.model import Changes, Chat, Row, Story, Subscription
from bot.store.document import encode
from bot.store.sound import check
from bot.store.tiny import TinyStore

FORMAT = 1
BATCH = 500  # values in one commit
_START = datetime(1, 1, 1, tzinfo=UTC)
_LINE = '{"%s":%s}'


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    exportwire: int = FORMAT
    chat: Chat | None = None
    subscription: Subscription | None = None
    story: Story | None = None
    source: Row | None = None


_read = msgspec.json.Decoder(_Line).decode


def export_jsonl(store: TinyStore) -> Iterator[str]:
    """Yield the lines, without line ends."""
    yield _LINE % ("exportwire", FORMAT)
    yield from (_LINE % ("chat", encode(chat).decode()) for chat in store.chats())
    yield from (_LINE % ("subscription", encode(w).decode()) for w in store.subscriptions())
    yield from (_LINE % ("story", encode(story).decode()) for story in store.stories(_START))
    yield from (_LINE % ("source", encode(row).decode()) for row in store.rows())


def import_jsonl(lines: Iterable[str]) -> Sequence[Changes]:
    """Return what the lines hold, as commits of a bearable size. Raises UsageError."""
    read = [_checked(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return [_changes(read[at : at + BATCH]) for at in range(0, len(read), BATCH)]


def _checked(number: int, line: str) -> _Line:
    try:
        found = _read(line)
        for value in filter(None, (found.chat, found.subscription, found.story, found.source)):
            check(value)
            encode(value)  # none may be too long for the store once others are in it
    except (msgspec.DecodeError, UnicodeEncodeError, UsageError, StoreError) as error:
        raise UsageError(
            f"Line {number} is not of an Exportwire export ({error}). Nothing was imported; "
            "write the file with `exportwire export --format jsonl`."
        ) from error
    if found.exportwire > FORMAT:
        raise UsageError("This export was written by a newer version. Nothing was imported.")
    return found


def _changes(lines: Sequence[_Line]) -> Changes:
    return Changes(
        chats=tuple(line.chat for line in lines if line.chat),
        subscriptions=tuple(line.subscription for line in lines if line.subscription),
        stories=tuple(line.story for line in lines if line.story),
        rows=tuple(line.source for line in lines if line.source),
    )
