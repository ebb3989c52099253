"""The page of one item, read like a source, so that it is parsed as safely as one."""

from collections.abc import Sequence
from datetime import datetime

from bot.article import read
from bot.decode import text_of
from bot.model import Entry, Page, Parsed, Request, Row
from sources import dates, links
from sources.answer import is_challenge, unexpected

_WANTED = "an article with a text"
_SHORT = 300  # characters; an article that speaks of a challenge has more to it


class FullText:
    """No kind for a catalogue: its row is an item's source, with the item's address as `url`."""

    def requests(self, row: Row, now: datetime) -> Sequence[Request]:
        """Ask for the item's page."""
        del now
        return (Request(url=row.url),)

    def parse(self, page: Page, row: Row) -> Parsed:
        """Return one entry: the title and the body of the page, and the date that it states.

        A page that only leads to another is followed by `more`, within the row's hosts. Raises
        ShapeError where there is no body.
        """
        html = text_of(page, row)
        article = read(html)
        following = links.absolute(page.url, article.forward) if article.forward else ""
        if following and following != page.url and links.allowed(following, row):
            return Parsed(entries=(), more=Request(url=following))
        if len(article.text) < _SHORT and (not article.text or is_challenge(html)):
            raise unexpected(html, _WANTED)
        moment = dates.moment_of(article.date, row.zone) if article.date else None
        entry = Entry(
            key="",
            url=page.url,
            title=article.title,
            text=article.text,
            published=moment.when if moment else None,
            day_only=bool(moment and moment.day_only),
        )
        return Parsed(entries=(entry,))


FULL_TEXT = FullText()
