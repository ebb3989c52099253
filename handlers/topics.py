"""/topics: the names that can be subscribed to."""

from bot.classify import topics as lexicon
from bot.compose import said
from bot.model import Command, Message
from bot.office import Office
from handlers._handler import Handler


async def topics(_command: Command, _office: Office) -> Message:
    names = ", ".join(sorted(lexicon.topics()))
    return said(
        "Topics, each with its words in eight languages:",
        names,
        'Any other word works as it is: /subscribe ferrochrome. Exact words: "export licence".',
    )


HANDLER = Handler("topics", "/topics", "the topics that have a name", topics)
