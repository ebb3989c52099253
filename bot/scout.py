"""Sources that people add: found at an address, shown as they would be, kept when asked for."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.classify import classify
from bot.errors import SourceError, UsageError
from bot.language import tr
from bot.model import Changes, ChatId, Row
from bot.office import Offer
from bot.poll import Poller
from bot.ports import Store
from bot.roster import Roster

Find = Callable[[str], Awaitable[Sequence[Row]]]
"""Returns what could be polled at an address, the best first. Raises SourceError."""
SHOWN = 10  # items of an offer
MOST_OFFERS = 50
MOST_KEPT = 500
_SCHEMES = ("http://", "https://")


class Scout:
    """See `bot.office.Scouting`. What it offers is forgotten at the end; what it keeps is not."""

    def __init__(
        self, store: Store, roster: Roster, poller: Poller, find: Find, threshold: float
    ) -> None:
        self._store, self._roster, self._poller = store, roster, poller
        self._find, self._threshold = find, threshold
        self._offers: dict[tuple[ChatId, str], Row] = {}

    async def look(self, chat: ChatId, url: str) -> Offer:
        """Return what an address offers: the first of its feeds, or its list, that can be read."""
        url = url if url.startswith(_SCHEMES) else f"https://{url}"
        self._refuse_known(url)
        found = await self._find(url)
        failure: SourceError | None = None
        for at, row in enumerate(found):
            try:
                sheet = await self._poller.reader.read(row, {})
            except SourceError as error:
                failure = failure or error
                continue
            assert sheet is not None  # noqa: S101  # for mypy: nothing is known of it
            mine = replace(row, name=self._free(row.name), full_text=True)
            self._remember(chat, mine)
            shown = sheet.entries[:SHOWN]
            news = tuple(
                classify(e.title, e.text, threshold=self._threshold).relevant for e in shown
            )
            others = tuple(other.url for other in found[at + 1 :])
            return Offer(mine, tuple(zip(shown, news, strict=True)), others)
        raise failure or UsageError(
            tr("{url} shows nothing that could be read as a source.", url=url)
        )

    def _refuse_known(self, url: str) -> None:
        for row in self._roster:
            if row.url == url:
                raise UsageError(
                    tr("{name} reads that address already; see /sources {name}.", name=row.name),
                    f"sources {row.name}",
                )

    def _free(self, name: str) -> str:
        taken, number, free = {row.name for row in self._roster}, 2, name
        while free in taken:
            free, number = f"{name}-{number}", number + 1
        return free

    def _remember(self, chat: ChatId, row: Row) -> None:
        self._offers.pop((chat, row.name), None)
        self._offers[chat, row.name] = row
        if len(self._offers) > MOST_OFFERS:
            del self._offers[next(iter(self._offers))]

    async def keep(self, chat: ChatId, name: str) -> Row:
        """Keep an offer ("": the last one), and poll it for the first time."""
        mine = [row for (owner, _), row in self._offers.items() if owner == chat]
        row = next((row for row in reversed(mine) if name in {"", row.name}), None)
        if row is None:
            raise UsageError(tr("There is nothing to keep; /sources add URL looks at an address."))
        if len(self._store.rows()) >= MOST_KEPT:
            raise UsageError(
                tr("{most} sources were added; /sources remove one of them first.", most=MOST_KEPT)
            )
        self._refuse_known(row.url)
        del self._offers[chat, row.name]
        row = replace(row, name=self._free(row.name))
        await self._store.commit(Changes(rows=(row,)))
        self._roster.put(row)
        await self._poller.poll(row, anytime=True)
        return row

    async def remove(self, name: str) -> Row:
        """Poll a source that was added no more; what it brought stays."""
        row = next((row for row in self._store.rows() if row.name == name), None)
        if row is None:
            raise UsageError(
                tr(
                    'No source called "{name}" was added here. Those of the catalogue are switched '
                    "off in a file of your own: copy the row there with `enabled = false` and "
                    "name the file in SOURCES_EXTRA.",
                    name=name,
                )
            )
        await self._store.commit(Changes(unlisted=(row,)))
        self._roster.drop(row.name)
        return row
