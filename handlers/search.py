"""/search WORDS: every story that is kept, those that name the words in their headlines first."""

from bot import query as ql
from bot.compose import newest
from bot.errors import UsageError
from bot.language import tr
from bot.model import Command, Message, Story
from bot.office import ALWAYS, Office
from handlers._handler import Handler
from handlers._pages import bare, nothing, page, wanted

DEEPEST = 1_000  # stories that are ranked


async def search(command: Command, office: Office) -> Message:
    at = wanted(command.argument, "search")
    if not at.words:
        raise UsageError(
            tr('Say what to search for, for example: /search "export licence" gallium')
        )
    query = ql.parse(at.words)
    found = newest(await office.found(query, ALWAYS, DEEPEST))
    if not found:
        return nothing(at.words, *bare(ql.canonical(query)))
    ranked = sorted(found, key=lambda story: not _headlined(story, query))
    return page(tr("Stories on {name}", name=ql.canonical(query)), ranked, at, "search", office)


def _headlined(story: Story, query: ql.Query) -> bool:
    """Whether the headlines alone hold what was asked for."""
    return any(ql.matches(query, ql.subject(report.title, {})) for report in story.reports)


HANDLER = Handler(
    "search",
    "/search WORDS",
    "search all stories that are kept",
    search,
    ("/search gallium issuer:cn", '/search "deemed export" since:90d'),
    everyday=True,
)
