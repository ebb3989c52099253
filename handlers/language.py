"""/language NAME: the language in which the bot speaks to this chat."""

from dataclasses import replace

from bot.compose import said
from bot.errors import UsageError
from bot.language import LANGUAGES, known, speaking, tr
from bot.model import Button, Changes, Command, Message
from bot.office import Office
from handlers._handler import Handler

NAMES = {"english": "en", "chinese": "zh", "japanese": "ja", "漢語": "zh", "汉语": "zh"}


async def language(command: Command, office: Office) -> Message:
    chat, typed = command.chat, command.argument.strip()
    if not typed:
        return said(
            tr("I speak {language} here.", language=LANGUAGES[known(chat.language) or "en"]),
            buttons=[Button(name, "language", name) for name in LANGUAGES.values()],
        )
    chosen = _code(typed)
    if chosen is None:
        names = (f"language {name}" for name in LANGUAGES.values())
        raise UsageError(tr('I do not speak "{name}".', name=typed) + " " + _choices(), *names)
    await office.commit(Changes(chats=(replace(chat, language=chosen),)))
    with speaking(chosen):
        return said(tr("From now on I speak {language} here.", language=LANGUAGES[chosen]))


def _code(typed: str) -> str | None:
    own = {name.casefold(): code for code, name in LANGUAGES.items()}
    return (NAMES | own).get(typed.casefold()) or known(typed)


def _choices() -> str:
    return "   ".join(f"/language {name}" for name in LANGUAGES.values())


HANDLER = Handler(
    "language",
    "/language NAME",
    "the language in which I speak here",
    language,
    ("/language 中文", "/language en"),
    changes=True,
)
