"""/topics [WORD]: the names that can be subscribed to; with a word, what belongs under it."""

from bot.classify import topics as lexicon
from bot.compose import said
from bot.errors import UsageError
from bot.language import tr
from bot.model import Button, Command, Message, Topic
from bot.office import Office
from handlers._choices import choices
from handlers._handler import Handler

WIDEST = 24  # buttons: Slack shows 25 in a row


async def topics(command: Command, _office: Office) -> Message:
    if word := command.argument.strip():
        return _one(word)
    wide = [slug for slug, heading in lexicon.topics().items() if not heading.parents]
    return said(
        tr(
            "Topics, each with its words in eight languages; "
            "/topics NAME shows what belongs under it."
        ),
        *(_family(slug) for slug in sorted(wide)),
        tr('Any other word works as it is: /subscribe ferrochrome. Exact words: "export licence".'),
        buttons=[Button(slug, "topics", slug) for slug in sorted(wide)][:WIDEST],
    )


def _family(slug: Topic) -> str:
    under = sorted(lexicon.expand(slug) - {slug})
    return f"{slug}: {', '.join(under)}" if under else slug


def _one(word: str) -> Message:
    slug = lexicon.topic_for(word)
    if slug is None:
        near = lexicon.suggest(word)
        if near:
            text = tr('No topic "{word}". Did you mean {near}?', word=word, near=near[0])
            raise UsageError(text, f"topics {near[0]}")
        raise UsageError(tr('No topic "{word}". /topics lists all.', word=word))
    shown = lexicon.called(slug)
    return said(
        _family(slug),
        tr(
            "It is found by {words} and {more} more.",
            words=", ".join(shown),
            more=len(lexicon.topics()[slug].terms) - len(shown),
        ),
        f"/subscribe {slug}",
        buttons=choices(str(slug)),
    )


HANDLER = Handler(
    "topics",
    "/topics [WORD]",
    "the topics that have a name",
    topics,
    ("/topics", "/topics rare-earth"),
)
