"""What the bot would make of a page: read as an item, judged, placed, and nothing kept."""

from bot.classify import explain, label_of
from bot.compose import headline, said
from bot.errors import SourceError, UsageError
from bot.language import tr
from bot.model import Change, Command, Item, Message, Placement
from bot.office import Office, Trial
from handlers._reach import reach


def address(words: str) -> str:
    """Return the address that `words` are, without the brackets that Slack puts round it, or ""."""
    plain = words.strip("<>").partition("|")[0]
    return plain if plain.startswith(("http://", "https://")) and " " not in plain else ""


async def trial(url: str, command: Command, office: Office) -> Message:
    """Return what would become of the page at `url`. Raises UsageError where it cannot be read."""
    if office.trial is None:
        raise UsageError(tr("Pages cannot be read here."))
    try:
        item = await office.trial.page(url)
    except SourceError as error:
        raise UsageError(tr("{url} cannot be read: {error}", url=url, error=error)) from error
    return _judged(item, office.trial, command, office)


def _judged(item: Item, how: Trial, command: Command, office: Office) -> Message:
    label = label_of(item, how.threshold)
    why = explain(label)
    if not label.relevant:
        return said(item.title, tr("It would be sent to nobody."), *why)
    placed = how.place(item, label)
    reached = reach(placed.story, (item,), command, office)
    return said(headline(placed.story, command.chat), item.title, _told(placed), reached, *why)


def _told(placed: Placement) -> str:
    if placed.change is Change.NEW:
        return tr("It would be a new story.")
    return tr("It is the event of {id}: {reason}.", id=placed.story.id, reason=placed.reason)
